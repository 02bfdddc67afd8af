package io.mainstay.messaging.queue.dispatch;

import io.mainstay.messaging.queue.state.Entry;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;

/// The bytes of a queue's next messages: from memory if they were published lately; otherwise a reader fetches the next ones from the disk, and the
/// queue goes on when they are here. Apply thread only.
final class Bodies {

    private static final Logger LOG = LoggerFactory.getLogger(Bodies.class);
    private static final int AHEAD_MESSAGES = 1_024;
    private static final long AHEAD_BYTES = 1 << 20;

    /// Of them, when memory is short, and when it is scarce.
    private static final int PART_WHEN_SHORT = 8;

    private static final int PART_WHEN_SCARCE = 128;

    /// What a message takes beside its bytes.
    private static final int OVERHEAD_BYTES = 128;

    private final Dispatcher dispatcher;
    private final LeaderQueue queue;

    /// By sequence; kept until the message is delivered or gone, since nobody may have room for it now.
    private final Map<Long, ByteBuffer> fetched = new HashMap<>();

    private boolean fetching;
    private boolean ended;

    /// Messages that cannot be read and have not been put aside: only the queue's next one can be.
    private final Set<Long> unreadable = new HashSet<>();

    private record Wanted(long sequence, Entry entry, long[] pieces) {}

    Bodies(Dispatcher dispatcher, LeaderQueue queue) {
        this.dispatcher = dispatcher;
        this.queue = queue;
    }

    /// The bytes, or `null`: then the queue is called again when they are here, or when somebody has room who has none now.
    ///
    /// @param room whether somebody would take them: for nobody nothing is read
    @Nullable ByteBuffer of(long sequence, Entry entry, BooleanSupplier room) {
        ByteBuffer here = fetched.get(sequence);
        if (here != null) {
            return here;
        }
        ByteBuffer hot = dispatcher.cached(entry);
        if (hot == null && !fetching && room.getAsBoolean()) {
            fetch();
        }
        return hot;
    }

    /// The message is delivered, or gone.
    void forget(long sequence) {
        ByteBuffer gone = fetched.isEmpty() ? null : fetched.remove(sequence);
        if (gone != null) {
            dispatcher.memory().add(-bytes(gone));
        }
    }

    /// Nothing of the queue is ready any more.
    void forgetAll() {
        fetched.values().forEach(gone -> dispatcher.memory().add(-bytes(gone)));
        fetched.clear();
    }

    /// The queue is gone, or not led here any more: what is still being read is not kept.
    void end() {
        ended = true;
        forgetAll();
    }

    private static long bytes(ByteBuffer message) {
        return message.capacity() + OVERHEAD_BYTES;
    }

    private void fetch() {
        fetching = true;
        int part =
                switch (dispatcher.memory().level()) {
                    case PLENTY -> 1;
                    case SHORT -> PART_WHEN_SHORT;
                    case SCARCE -> PART_WHEN_SCARCE;
                };
        List<Long> upcoming = queue.upcoming(AHEAD_MESSAGES / part, AHEAD_BYTES / part);
        Set<Long> next = new HashSet<>(upcoming);
        for (long kept : List.copyOf(fetched.keySet())) {
            if (!next.contains(kept)) {
                forget(kept);
            }
        }
        List<Wanted> wanted =
                upcoming.stream()
                        .filter(sequence -> !fetched.containsKey(sequence))
                        .filter(sequence -> !unreadable.contains(sequence))
                        .map(this::wanted)
                        .toList();
        dispatcher.read(() -> read(wanted));
    }

    private Wanted wanted(long sequence) {
        Entry entry = queue.entry(sequence);
        return new Wanted(sequence, entry, dispatcher.piecesOf(entry));
    }

    /// Reader thread.
    private void read(List<Wanted> wanted) {
        Map<Long, ByteBuffer> found = new HashMap<>();
        for (Wanted one : wanted) {
            try {
                ByteBuffer message = dispatcher.load(one.entry, one.pieces);
                // What waits must not hold the whole batch in which it was written.
                found.put(
                        one.sequence,
                        ByteBuffer.allocate(message.remaining()).put(message.duplicate()).flip());
            } catch (IOException | RuntimeException e) {
                dispatcher.submit(() -> unreadable(one.sequence, e), queue);
            }
        }
        dispatcher.submit(
                () -> {
                    fetching = false;
                    if (!ended) {
                        found.forEach(this::keep);
                    }
                },
                queue);
    }

    private void keep(long sequence, ByteBuffer message) {
        ByteBuffer before = fetched.put(sequence, message);
        dispatcher.memory().add(bytes(message) - (before == null ? 0 : bytes(before)));
    }

    private void unreadable(long sequence, Exception why) {
        if (!queue.holds(sequence)) {
            // It was settled while it was read, and what is not needed is let go.
            return;
        }
        LOG.error(
                "queue '{}' in vhost '{}': message {} cannot be read and is put aside: it stays in the queue until that is purged or"
                        + " deleted. Run 'mainstay journal verify': {}",
                queue.view.name(),
                queue.view.vhost(),
                sequence,
                why.toString());
        unreadable.add(sequence);
    }

    /// Whether the message cannot be read; it is not asked about again.
    boolean takeUnreadable(long sequence) {
        return !unreadable.isEmpty() && unreadable.remove(sequence);
    }
}
