package io.mainstay.messaging.queue.dispatch;

import io.mainstay.messaging.message.StoredMessage;
import io.mainstay.messaging.queue.state.Entry;
import io.mainstay.messaging.queue.state.EntryBlock;
import io.mainstay.messaging.queue.state.Lane;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/// The next messages of one reader of a stream: from memory if they came lately; otherwise a reader thread finds their entries and bytes on the disk, some
/// at a time, and the stream goes on when they are here. Apply thread only, but for what is said to run on a reader thread.
final class ReadAhead {

    private static final Logger LOG = LoggerFactory.getLogger(ReadAhead.class);

    /// Who reads one message and goes has not made us read many.
    private static final int FIRST_MESSAGES = 32;

    private static final int MOST_MESSAGES = 1_024;

    /// A message that cannot be read so many times is passed over.
    private static final int TRIES = 3;

    private static final long[] NO_PIECES = new long[0];

    private final Dispatcher dispatcher;
    private final StreamQueue queue;
    private final StreamReader reader;

    /// In order; the first one has the offset `from`.
    private final ArrayDeque<StoredMessage> fetched = new ArrayDeque<>();

    private long from;
    private boolean fetching;
    private @Nullable EntryBlock block;
    private int messages = FIRST_MESSAGES;
    private int failures;

    /// What a read brought.
    ///
    /// @param large the entry behind what was found, if only the apply thread knows where its body is
    /// @param failure why it ends there
    private record Found(
            List<StoredMessage> messages, @Nullable Entry large, @Nullable Exception failure) {}

    ReadAhead(Dispatcher dispatcher, StreamQueue queue, StreamReader reader) {
        this.dispatcher = dispatcher;
        this.queue = queue;
        this.reader = reader;
    }

    /// The message, or `null`: then the stream is called again when it is here. Offsets grow from call to call.
    @Nullable StoredMessage peek(Lane lane, long offset) {
        while (!fetched.isEmpty() && from < offset) {
            take(from);
        }
        if (!fetched.isEmpty()) {
            return fetched.peek();
        }
        if (fetching) {
            return null;
        }
        if (lane.isNear(offset)) {
            ByteBuffer hot = dispatcher.cached(lane.entry(offset));
            if (hot != null) {
                return new StoredMessage(hot);
            }
        }
        fetch(lane, offset);
        return null;
    }

    /// The message that [#peek] gave is on its way.
    void take(long offset) {
        if (!fetched.isEmpty() && from == offset) {
            fetched.remove();
            from++;
        }
    }

    private void fetch(Lane lane, long offset) {
        EntryBlock known = block;
        EntryBlock entries = known == null || offset >= known.end() ? lane.blockOf(offset) : known;
        block = entries;
        int most = messages;
        long mostBytes = queue.aheadBytes();
        fetching = true;
        queue.read(() -> read(entries, offset, most, mostBytes));
    }

    /// Reader thread.
    private void read(EntryBlock entries, long offset, int most, long mostBytes) {
        List<StoredMessage> found = new ArrayList<>();
        Entry large = null;
        Exception failure = null;
        try {
            long bytes = 0;
            for (Entry entry : entries.read(offset, most)) {
                if (entry.isLarge()) {
                    large = entry;
                    break;
                }
                found.add(copy(dispatcher.load(entry, NO_PIECES)));
                bytes += entry.bytes();
                if (bytes >= mostBytes) {
                    break;
                }
            }
        } catch (IOException | RuntimeException e) {
            failure = e;
        }
        Found brought = new Found(found, large, failure);
        dispatcher.submit(() -> fetched(offset, brought), queue);
    }

    /// What waits for the reader must not hold the whole batch in which it was written.
    private static StoredMessage copy(ByteBuffer message) {
        return new StoredMessage(ByteBuffer.allocate(message.remaining()).put(message).flip());
    }

    private void fetched(long offset, Found found) {
        fetching = false;
        queue.readDone();
        queue.serve(reader);
        Lane lane = queue.lane();
        if (lane == null || lane.floor() > offset) {
            // Gone meanwhile, and the files perhaps with it.
            block = null;
        } else if (!found.messages.isEmpty()) {
            fetched.addAll(found.messages);
            from = offset;
            failures = 0;
            messages = Math.min(MOST_MESSAGES, messages * 2);
        } else if (found.large != null) {
            fetchLarge(offset, found.large);
        } else if (found.failure != null) {
            failed(offset, found.failure);
        }
    }

    private void fetchLarge(long offset, Entry entry) {
        long[] pieces = dispatcher.piecesOf(entry);
        fetching = true;
        queue.read(
                () -> {
                    Found found;
                    try {
                        StoredMessage message = new StoredMessage(dispatcher.load(entry, pieces));
                        found = new Found(List.of(message), null, null);
                    } catch (IOException | RuntimeException e) {
                        found = new Found(List.of(), null, e);
                    }
                    Found brought = found;
                    dispatcher.submit(() -> fetched(offset, brought), queue);
                });
    }

    private void failed(long offset, Exception why) {
        // What was known of its place may be old.
        block = null;
        failures++;
        if (failures < TRIES) {
            fetching = true;
            dispatcher.later(
                    () -> {
                        fetching = false;
                        queue.serve(reader);
                    },
                    queue);
            return;
        }
        failures = 0;
        LOG.error(
                "queue '{}' in vhost '{}': the message at offset {} cannot be read, and consumer '{}' goes on behind it. Run 'mainstay journal verify': {}",
                queue.view.name(),
                queue.view.vhost(),
                offset,
                reader.consumer.spec.tag(),
                why.toString());
        reader.passOver(offset);
    }
}
