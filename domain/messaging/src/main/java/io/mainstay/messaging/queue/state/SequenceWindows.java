package io.mainstay.messaging.queue.state;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;

/// What came of publishers that number their messages, for each queue of a group. Part of the state: what a queue has stored and what is known of its
/// publishers is of the same moment.
///
/// A publisher is forgotten when it was not heard of at a queue for [#IDLE_MS], by the time of the log, and the one that was not heard of for longest if
/// there are too many. What it sends again then is stored again.
final class SequenceWindows {

    /// Publishers of one queue.
    static final int MAX_OF_QUEUE = 1_024;

    /// Publishers of all queues together: up to 800 bytes of heap for each.
    static final int MAX = 16_384;

    static final long IDLE_MS = 7L * 24 * 60 * 60 * 1_000;

    /// The longest unused first.
    private final LinkedHashSet<SequenceWindow> all = new LinkedHashSet<>();

    /// By queue and publisher, the longest unused first.
    private final Map<Long, LinkedHashMap<String, SequenceWindow>> byQueue = new HashMap<>();

    /// Whether the queue has the message.
    boolean has(long queue, String publisher, long sequence) {
        SequenceWindow window = window(queue, publisher);
        return window != null && window.has(sequence);
    }

    /// The queue has the message from now on.
    void add(long queue, String publisher, long sequence, long timeMs) {
        SequenceWindow window = window(queue, publisher);
        if (window == null) {
            makeRoom(queue, timeMs);
            window = new SequenceWindow(queue, publisher);
            insert(window);
        } else {
            all.addLast(window);
            of(queue).putLast(publisher, window);
        }
        window.usedMs = timeMs;
        window.add(sequence);
    }

    private @Nullable SequenceWindow window(long queue, String publisher) {
        LinkedHashMap<String, SequenceWindow> its = byQueue.get(queue);
        return its == null ? null : its.get(publisher);
    }

    private LinkedHashMap<String, SequenceWindow> of(long queue) {
        return byQueue.computeIfAbsent(queue, id -> new LinkedHashMap<>());
    }

    private void insert(SequenceWindow window) {
        all.add(window);
        of(window.queue).put(window.publisher, window);
    }

    private void makeRoom(long queue, long timeMs) {
        while (!all.isEmpty() && (all.size() >= MAX || timeMs - all.getFirst().usedMs >= IDLE_MS)) {
            remove(all.getFirst());
        }
        LinkedHashMap<String, SequenceWindow> its = byQueue.get(queue);
        if (its != null && its.size() >= MAX_OF_QUEUE) {
            remove(its.firstEntry().getValue());
        }
    }

    private void remove(SequenceWindow window) {
        all.remove(window);
        LinkedHashMap<String, SequenceWindow> its = of(window.queue);
        its.remove(window.publisher);
        if (its.isEmpty()) {
            byQueue.remove(window.queue);
        }
    }

    /// The queue is gone.
    void forget(long queue) {
        LinkedHashMap<String, SequenceWindow> its = byQueue.remove(queue);
        if (its != null) {
            its.values().forEach(all::remove);
        }
    }

    void clear() {
        all.clear();
        byQueue.clear();
    }

    int size() {
        return all.size();
    }

    /// ```
    /// count | for each publisher of a queue, the longest unused first: queue, bytes of the name, name (filled up to longs), usedMs, highest, bits
    /// ```
    void write(QueueSnapshot.Writer out) {
        out.put(all.size());
        for (SequenceWindow window : all) {
            out.put(window.queue);
            byte[] name = window.publisher.getBytes(StandardCharsets.UTF_8);
            out.put(name.length);
            ByteBuffer padded = ByteBuffer.allocate((name.length + 7) / 8 * 8).put(name).rewind();
            while (padded.hasRemaining()) {
                out.put(padded.getLong());
            }
            window.write(out);
        }
    }

    void read(ByteBuffer in) {
        for (long left = in.getLong(); left > 0; left--) {
            long queue = in.getLong();
            int length = (int) in.getLong();
            byte[] name = new byte[(length + 7) / 8 * 8];
            in.get(name);
            SequenceWindow window =
                    new SequenceWindow(queue, new String(name, 0, length, StandardCharsets.UTF_8));
            window.read(in);
            insert(window);
        }
    }
}
