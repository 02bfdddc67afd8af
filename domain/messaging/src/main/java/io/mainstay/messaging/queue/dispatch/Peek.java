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
    private final LedQueue queue;
    private final Outlet outlet;
    private final Consumer<List<Delivery>> done;

    /// A message as its queue knows it.
    record Upcoming(long sequence, boolean redelivered, int returns, Entry entry) {}

    private record Wanted(Upcoming message, long[] pieces) {}

    /// @param done told on the event loop of `outlet`
    Peek(Dispatcher dispatcher, LedQueue queue, Outlet outlet, Consumer<List<Delivery>> done) {
        this.dispatcher = dispatcher;
        this.queue = queue;
        this.outlet = outlet;
        this.done = done;
    }

    /// Apply thread.
    void begin(int max, long maxBytes) {
        List<Wanted> wanted =
                queue.peek(max, maxBytes).stream()
                        .map(one -> new Wanted(one, dispatcher.piecesOf(one.entry)))
                        .toList();
        if (wanted.isEmpty()) {
            outlet.add(() -> done.accept(List.of()));
        } else {
            dispatcher.read(() -> read(wanted));
        }
    }

    /// Reader thread.
    private void read(List<Wanted> wanted) {
        List<Delivery> found = new ArrayList<>();
        for (Wanted one : wanted) {
            try {
                Upcoming at = one.message;
                StoredMessage message = new StoredMessage(dispatcher.load(at.entry, one.pieces));
                found.add(new Delivery(at.sequence, at.redelivered, at.returns, message));
            } catch (IOException | RuntimeException e) {
                LOG.info(
                        "queue '{}' in vhost '{}': message {} cannot be shown: it is gone, or cannot be read: {}",
                        queue.view.name(),
                        queue.view.vhost(),
                        one.message.sequence,
                        e.toString());
            }
        }
        outlet.tell(() -> done.accept(found));
    }
}
