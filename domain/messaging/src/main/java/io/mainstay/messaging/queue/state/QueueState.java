package io.mainstay.messaging.queue.state;

import io.mainstay.messaging.queue.command.Sequences;

import org.jspecify.annotations.Nullable;

import java.util.TreeMap;

/// What one queue holds. Written by [QueueMachine]; the dispatcher reads it on the same thread.
public final class QueueState {

    final long id;
    private final BlockStore store;
    private final QueueMemory memory;
    private final LargeBodies large;
    long rejectLength;
    long rejectBytes;
    final TreeMap<Integer, Lane> lanes = new TreeMap<>();
    long messages;
    long bytes;

    /// Counted since this process began or restored a snapshot; no part of the state.
    long duplicates;

    QueueState(
            long id,
            long rejectLength,
            long rejectBytes,
            BlockStore store,
            QueueMemory memory,
            LargeBodies large) {
        this.store = store;
        this.memory = memory;
        this.large = large;
        this.id = id;
        this.rejectLength = rejectLength;
        this.rejectBytes = rejectBytes;
    }

    public long id() {
        return id;
    }

    /// Messages that are not settled.
    public long messages() {
        return messages;
    }

    /// Body bytes of messages that are not settled.
    public long bytes() {
        return bytes;
    }

    /// Messages that it had already and did not take again, see [io.mainstay.messaging.queue.command.QueueCommand.Once]; only the difference between two
    /// looks means something.
    public long duplicates() {
        return duplicates;
    }

    /// See [io.mainstay.messaging.queue.command.QueueCommand.Open].
    public long rejectLength() {
        return rejectLength;
    }

    /// As above.
    public long rejectBytes() {
        return rejectBytes;
    }

    /// The lane, if a message ever came to it.
    public @Nullable Lane lane(int number) {
        return lanes.get(number);
    }

    /// Lanes by number, the most urgent last.
    public Iterable<Integer> laneNumbers() {
        return lanes.keySet();
    }

    public Lane laneOf(long sequence) {
        return laneNumbered(Sequences.lane(sequence));
    }

    private Lane laneNumbered(int lane) {
        return lanes.computeIfAbsent(lane, number -> new Lane(store, memory, large));
    }

    boolean refuses(int bodyBytes) {
        return rejectLength >= 0 && messages >= rejectLength
                || rejectBytes >= 0 && bytes + bodyBytes > rejectBytes;
    }

    void add(int lane, Entry entry) {
        laneNumbered(lane).add(entry);
        messages++;
        bytes += entry.bodyBytes();
    }

    void settle(long first, long last) {
        Lane lane = laneOf(first);
        counted(lane, () -> lane.settle(Sequences.number(first), Sequences.number(last)));
    }

    void truncate(long upTo) {
        Lane lane = laneOf(upTo);
        counted(lane, () -> lane.truncate(Sequences.number(upTo)));
    }

    private void counted(Lane lane, Runnable change) {
        long messagesBefore = lane.live;
        long bytesBefore = lane.bytes;
        change.run();
        messages -= messagesBefore - lane.live;
        bytes -= bytesBefore - lane.bytes;
    }
}
