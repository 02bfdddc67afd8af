package io.mainstay.messaging.queue.state;

import io.mainstay.common.Check;
import io.mainstay.kernel.group.StateMachine.SnapshotSink;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongFunction;
import java.util.zip.CRC32C;

/// The bytes of all queues of a group, in order of id.
///
/// ```
/// count | for each queue: id, rejectLength, rejectBytes, lanes
///         for each lane:  number, floor, tail, reserved, live, bytes, stored, ranges (first, last), returns (number, count), blocks
///         for each block from the floor's on: handle, its first number and the one behind its last, timeMs of its last entry, body bytes, stored bytes,
///                         large bodies, lowest address, highest address, whether an address in it is lower than one before it;
///                         or 0 for blocks in the heap, the number behind the last of them, and their entries from the floor on (address, bytes and bodyBytes, timeMs, expiresMs)
/// ```
/// and at the end the [LargeBodies], the [DelayedSnapshot], the [SequenceWindows] and the [HeldCommands]. In version 3 all blocks but the last had 1,024
/// entries, and their numbers were not written. All numbers are longs; a list has its length in front. Entries of settled messages above the floor are written, too: an index has no holes. A block
/// that is in the [BlockStore] is only named.
final class QueueSnapshot {

    static final int VERSION = 4;
    private static final int BUFFER_BYTES = 64 << 10;

    /// Entries of a block in version 3.
    private static final int BLOCK_BEFORE = 1024;

    private QueueSnapshot() {}

    /// @param named whether blocks in the store are named, instead of written with what they hold
    static void write(
            TreeMap<Long, QueueState> queues,
            LargeBodies large,
            TreeMap<Long, DelayedState> delays,
            SequenceWindows windows,
            HeldCommands held,
            SnapshotSink sink,
            boolean named) {
        Writer out = new Writer(sink);
        out.put(queues.size());
        for (QueueState queue : queues.values()) {
            out.put(queue.id);
            out.put(queue.rejectLength);
            out.put(queue.rejectBytes);
            out.put(queue.lanes.size());
            queue.lanes.forEach((number, lane) -> lane(number, lane, out, named));
        }
        out.flush();
        large.write(sink);
        DelayedSnapshot.write(delays, out, named);
        windows.write(out);
        held.write(out);
        out.flush();
    }

    private static void lane(int number, Lane lane, Writer out, boolean named) {
        out.put(number);
        out.put(lane.floor);
        out.put(lane.tail);
        out.put(lane.reserved);
        out.put(lane.live);
        out.put(lane.bytes);
        out.put(lane.stored);
        out.put(lane.settled.size());
        lane.settled.forEach(
                (first, last) -> {
                    out.put(first);
                    out.put(last);
                });
        out.put(lane.returns.size());
        lane.returns.forEach(
                (message, count) -> {
                    out.put(message);
                    out.put(count);
                });
        for (long n = lane.floor; n < lane.tail; ) {
            long handle = named ? lane.index.handleOf(n) : 0;
            long end = lane.index.blockEnd(n);
            // Blocks in the heap are one: where they begin differs by member.
            while (handle == 0 && end < lane.tail && !(named && lane.index.handleOf(end) != 0)) {
                end = lane.index.blockEnd(end);
            }
            if (named) {
                out.put(handle);
            }
            if (handle == 0) {
                if (named) {
                    out.put(end);
                }
                for (long i = n; i < end; i++) {
                    entry(lane.index.get(i), out);
                }
            } else {
                out.put(lane.index.blockStart(n));
                out.put(end);
                EntryIndex.Summary summary = lane.index.summaryOf(n);
                out.put(summary.lastMs);
                out.put(summary.bytes);
                out.put(summary.stored);
                out.put(summary.large);
                out.put(summary.lowest);
                out.put(summary.highest);
                out.put(summary.unordered ? 1 : 0);
            }
            n = end;
        }
    }

    private static void entry(Entry entry, Writer out) {
        out.put(entry.address());
        out.put((long) entry.bytes() << 32 | entry.bodyBytes());
        out.put(entry.timeMs());
        out.put(entry.expiresMs());
    }

    static void read(
            int version,
            ByteBuffer in,
            TreeMap<Long, QueueState> queues,
            LargeBodies large,
            TreeMap<Long, DelayedState> delays,
            SequenceWindows windows,
            HeldCommands held,
            DelayedState.Shape delayedShape,
            LongFunction<BlockStore> stores,
            QueueMemory memory) {
        if (!in.hasRemaining()) {
            return;
        }
        Check.that(
                version == VERSION || version == VERSION - 1,
                "a snapshot of queues of version %d, this node reads %d",
                version,
                VERSION);
        for (long left = in.getLong(); left > 0; left--) {
            long id = in.getLong();
            BlockStore store = stores.apply(id);
            QueueState queue = new QueueState(id, in.getLong(), in.getLong(), store, memory, large);
            for (long lanes = in.getLong(); lanes > 0; lanes--) {
                int number = (int) in.getLong();
                Lane lane = lane(version, in, new Lane(store, memory, large));
                queue.lanes.put(number, lane);
                queue.messages += lane.live;
                queue.bytes += lane.bytes;
            }
            queues.put(queue.id, queue);
        }
        large.read(in);
        DelayedSnapshot.read(in, delays, delayedShape, stores, large);
        windows.read(in);
        held.read(in);
    }

    private static Lane lane(int version, ByteBuffer in, Lane lane) {
        lane.floor = in.getLong();
        lane.tail = in.getLong();
        lane.reserved = in.getLong();
        lane.live = in.getLong();
        lane.bytes = in.getLong();
        lane.stored = in.getLong();
        for (long left = in.getLong(); left > 0; left--) {
            lane.settled.put(in.getLong(), in.getLong());
        }
        for (long left = in.getLong(); left > 0; left--) {
            lane.returns.put(in.getLong(), (int) in.getLong());
        }
        for (long n = lane.floor; n < lane.tail; ) {
            long handle = in.getLong();
            long first = n / BLOCK_BEFORE * BLOCK_BEFORE;
            long end = Math.min(lane.tail, first + BLOCK_BEFORE);
            if (version == VERSION) {
                first = handle == 0 ? n : in.getLong();
                end = in.getLong();
            }
            if (handle != 0) {
                EntryIndex.Summary summary = lane.index.addStored(first, end, handle);
                summary.lastMs = in.getLong();
                summary.bytes = in.getLong();
                summary.stored = in.getLong();
                summary.large = in.getLong();
                summary.lowest = in.getLong();
                summary.highest = in.getLong();
                summary.unordered = in.getLong() != 0;
                lane.index.summarized(summary);
            } else {
                for (long i = n; i < end; i++) {
                    lane.index.restore(i, entry(in));
                }
            }
            n = end;
        }
        return lane;
    }

    private static Entry entry(ByteBuffer in) {
        long address = in.getLong();
        long sizes = in.getLong();
        return new Entry(address, (int) (sizes >>> 32), (int) sizes, in.getLong(), in.getLong());
    }

    static long digest(
            Map<Long, QueueState> queues,
            LargeBodies large,
            TreeMap<Long, DelayedState> delays,
            SequenceWindows windows,
            HeldCommands held) {
        CRC32C crc = new CRC32C();
        write(
                new TreeMap<>(queues),
                large,
                delays,
                windows,
                held,
                bytes -> crc.update(bytes.duplicate()),
                false);
        return crc.getValue();
    }

    static final class Writer {
        private final SnapshotSink sink;
        private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);

        Writer(SnapshotSink sink) {
            this.sink = sink;
        }

        void put(long number) {
            if (buffer.remaining() < Long.BYTES) {
                flush();
            }
            buffer.putLong(number);
        }

        void flush() {
            sink.write(buffer.flip());
            buffer.clear();
        }
    }
}
