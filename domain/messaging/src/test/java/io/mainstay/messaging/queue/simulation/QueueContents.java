package io.mainstay.messaging.queue.simulation;

import static io.mainstay.kernel.group.SimHost.require;

import io.mainstay.messaging.queue.command.QueueCommand;
import io.mainstay.messaging.queue.command.QueueCommand.Chunk;
import io.mainstay.messaging.queue.command.QueueCommand.Held;
import io.mainstay.messaging.queue.command.QueueCommand.Once;
import io.mainstay.messaging.queue.command.QueueCommand.Publish;
import io.mainstay.messaging.queue.command.QueueCommand.PublishChunked;
import io.mainstay.messaging.queue.state.Entry;
import io.mainstay.messaging.queue.state.Lane;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/// Which messages the members' machines have put where, and what they let go of streams.
///
/// - A number in a queue is the same message on every member.
/// - What its publisher numbers, and what is sent once, is in a queue once.
/// - A stream loses its oldest messages alone, and only what its bounds do not keep.
final class QueueContents {

    private final SimTopology topology;
    private final MessageBook book;
    private final boolean alone;

    /// What a message is, by group and address of its command.
    private final Map<Place, Long> ids = new HashMap<>();

    private final Map<Upload, Long> uploads = new HashMap<>();
    private final Map<Long, TreeMap<Long, Long>> byQueue = new HashMap<>();

    /// Queue and message.
    private final Set<Place> holds = new HashSet<>();

    /// By stream: what any member has let go.
    private final Map<Long, Long> floors = new HashMap<>();

    private record Place(long of, long number) {}

    private record Upload(int group, long part, long upload) {}

    /// @param alone one voter, whose machines may have been further than its disk when the power was cut
    QueueContents(SimTopology topology, MessageBook book, boolean alone) {
        this.topology = topology;
        this.book = book;
        this.alone = alone;
    }

    /// A member reads a command from the log.
    void decoded(int group, QueueCommand command, ByteBuffer bytes) {
        switch (command) {
            case Held held -> decoded(group, held.command(), bytes);
            case Once once -> decoded(group, once.publish(), bytes);
            case Publish publish ->
                    ids.put(
                            new Place(group, publish.address()),
                            bytes.getLong(bytes.limit() - publish.bodyBytes()));
            case Chunk(long part, long upload, long _, int length) ->
                    uploads.putIfAbsent(
                            new Upload(group, part, upload), bytes.getLong(bytes.limit() - length));
            case PublishChunked publish -> {
                Long id = uploads.get(new Upload(group, publish.part(), publish.upload()));
                if (id != null) {
                    ids.put(new Place(group, publish.address()), id);
                }
            }
            default -> {}
        }
    }

    /// A member has put a message there.
    void stored(int group, long queue, long sequence, Entry entry) {
        Long id = ids.get(new Place(group, entry.address()));
        require(
                id != null,
                "queue %d, number %d: nobody sent what is at %d",
                queue,
                sequence,
                entry.address());
        Objects.requireNonNull(id);
        TreeMap<Long, Long> its = byQueue.computeIfAbsent(queue, q -> new TreeMap<>());
        if (alone) {
            // What was not synced may be gone, and what follows has its numbers.
            var lost = its.subMap(sequence, true, sequence | (1L << 56) - 1, true);
            lost.values().forEach(other -> holds.remove(new Place(queue, other)));
            lost.clear();
        }
        Long before = its.put(sequence, id);
        require(
                before == null || before.equals(id),
                "queue %d, number %d is message %d and was %s",
                queue,
                sequence,
                id,
                before);
        boolean first = holds.add(new Place(queue, id)) || before != null;
        require(
                first || book.mayComeTwice(id, queue),
                "queue %d has message %d twice, as number %d, too",
                queue,
                id,
                sequence);
    }

    boolean holds(long queue, long id) {
        return holds.contains(new Place(queue, id));
    }

    /// `null` if no member knows of such a number.
    @Nullable Long at(long queue, long sequence) {
        return byQueue.getOrDefault(queue, new TreeMap<>()).get(sequence);
    }

    /// A member is about to let the messages of a stream below `upTo` go.
    ///
    /// @param nowMs by the member's clock
    void truncated(long queue, Lane lane, long upTo, long nowMs) {
        long last = Math.min(upTo, lane.tail()) - 1;
        if (last < lane.floor()) {
            return;
        }
        boolean kept;
        if (topology.kindOf(queue) == SimTopology.Kind.STREAM) {
            long bytes = 0;
            for (long n = last; n < lane.tail(); n++) {
                bytes += lane.bodyBytes(n);
            }
            kept = bytes <= SimTopology.STREAM_BYTES || last == lane.tail() - 1;
        } else {
            kept =
                    lane.entry(last).timeMs() + SimTopology.STREAM_AGE_MS
                            > nowMs + SimTopology.CLOCKS_MS;
        }
        require(
                !kept,
                "queue %d: offset %d goes and is within the bounds of the stream, which ends at %d",
                queue,
                last,
                lane.tail());
        book.counts.truncated += last + 1 - lane.floor();
        floors.merge(queue, last + 1, Math::max);
    }

    /// Below that offset some member has let go everything.
    long floor(long stream) {
        return floors.getOrDefault(stream, 0L);
    }
}
