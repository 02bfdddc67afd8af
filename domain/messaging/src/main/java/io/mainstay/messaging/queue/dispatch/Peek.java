package io.mainstay.messaging.queue.dispatch;

import io.mainstay.messaging.api.Delivery;
import io.mainstay.messaging.message.StoredMessage;
import io.mainstay.messaging.queue.state.Entry;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// A look at a queue's next messages, once. What they are is noted on the apply thread; a reader fetches their bytes, as they may lie on the disk, while the
/// queue goes on. A message that is consumed meanwhile is shown if its bytes are still there.
final class Peek {

    private static final Logger LOG = LoggerFactory.getLogger(Peek.class);

    private final Dispatcher dispatcher;
    private final LeaderQueue queue;
    private final Outlet outlet;
    private final Consumer<List<Delivery>> done;

    private record Wanted(
            long sequence, boolean redelivered, int returns, Entry entry, long[] pieces) {}

    /// @param done told through `outlet`
    Peek(Dispatcher dispatcher, LeaderQueue queue, Outlet outlet, Consumer<List<Delivery>> done) {
        this.dispatcher = dispatcher;
        this.queue = queue;
        this.outlet = outlet;
        this.done = done;
    }

    /// Apply thread.
    void begin(int max, long maxBytes) {
        List<Wanted> wanted = queue.upcoming(max, maxBytes).stream().map(this::wanted).toList();
        if (wanted.isEmpty()) {
            outlet.add(() -> done.accept(List.of()));
        } else {
            dispatcher.read(() -> read(wanted));
        }
    }

    private Wanted wanted(long sequence) {
        Entry entry = queue.entry(sequence);
        return new Wanted(
                sequence,
                queue.redelivered(sequence),
                queue.returns(sequence),
                entry,
                dispatcher.piecesOf(entry));
    }

    /// Reader thread.
    private void read(List<Wanted> wanted) {
        List<Delivery> found = new ArrayList<>();
        for (Wanted one : wanted) {
            try {
                StoredMessage message = new StoredMessage(dispatcher.load(one.entry, one.pieces));
                found.add(new Delivery(one.sequence, one.redelivered, one.returns, message));
            } catch (IOException | RuntimeException e) {
                LOG.info(
                        "queue '{}' in vhost '{}': message {} cannot be shown: it is gone, or cannot be read: {}",
                        queue.view.name(),
                        queue.view.vhost(),
                        one.sequence,
                        e.toString());
            }
        }
        dispatcher.submit(
                () -> {
                    outlet.add(() -> done.accept(found));
                    dispatcher.hasEvents(outlet);
                });
    }
}
