package io.mainstay.messaging.queue.state;

import io.mainstay.common.Check;
import io.mainstay.kernel.group.StateMachine.SnapshotSink;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/// The bytes of all queues of a group, in order of id.
///
/// ```
/// count | for each queue: id, rejectLength, rejectBytes, lanes
///         for each lane:  number, floor, tail, reserved, ranges (first, last), returns (number, count),
///                         entries from floor to tail (address, bytes and bodyBytes, timeMs, expiresMs)
/// ```
/// All numbers are longs; a list has its length in front. Entries of settled messages above the floor are written, too: an index has no holes.
final class QueueSnapshot {

    static final int VERSION = 1;
    private static final int BUFFER_BYTES = 64 << 10;

    private QueueSnapshot() {}

    static void write(TreeMap<Long, QueueState> queues, SnapshotSink sink) {
        Writer out = new Writer(sink);
        out.put(queues.size());
        for (QueueState queue : queues.values()) {
            out.put(queue.id);
            out.put(queue.rejectLength);
            out.put(queue.rejectBytes);
            out.put(queue.lanes.size());
            queue.lanes.forEach((number, lane) -> lane(number, lane, out));
        }
        out.flush();
    }

    private static void lane(int number, Lane lane, Writer out) {
        out.put(number);
        out.put(lane.floor);
        out.put(lane.tail);
        out.put(lane.reserved);
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
        for (long n = lane.floor; n < lane.tail; n++) {
            Entry entry = lane.index.get(n);
            out.put(entry.address());
            out.put((long) entry.bytes() << 32 | entry.bodyBytes());
            out.put(entry.timeMs());
            out.put(entry.expiresMs());
        }
    }

    static void read(int version, ByteBuffer in, TreeMap<Long, QueueState> queues) {
        if (!in.hasRemaining()) {
            return;
        }
        Check.that(version == VERSION, "a snapshot of queues of version %d", version);
        for (long left = in.getLong(); left > 0; left--) {
            QueueState queue = new QueueState(in.getLong(), in.getLong(), in.getLong());
            for (long lanes = in.getLong(); lanes > 0; lanes--) {
                int number = (int) in.getLong();
                Lane lane = lane(in);
                queue.lanes.put(number, lane);
                queue.messages += lane.live;
                queue.bytes += lane.bytes;
            }
            queues.put(queue.id, queue);
        }
    }

    private static Lane lane(ByteBuffer in) {
        Lane lane = new Lane();
        lane.floor = in.getLong();
        lane.tail = in.getLong();
        lane.reserved = in.getLong();
        lane.live = lane.tail - lane.floor;
        for (long left = in.getLong(); left > 0; left--) {
            long first = in.getLong();
            long last = in.getLong();
            lane.settled.put(first, last);
            lane.live -= last - first + 1;
        }
        for (long left = in.getLong(); left > 0; left--) {
            lane.returns.put(in.getLong(), (int) in.getLong());
        }
        for (long n = lane.floor; n < lane.tail; n++) {
            long address = in.getLong();
            long sizes = in.getLong();
            lane.index.add(
                    n,
                    new Entry(
                            address,
                            (int) (sizes >>> 32),
                            (int) sizes,
                            in.getLong(),
                            in.getLong()));
        }
        for (long n = lane.nextLive(0); n < lane.tail; n = lane.nextLive(n + 1)) {
            lane.bytes += lane.index.bodyBytes(n);
        }
        return lane;
    }

    static long digest(Map<Long, QueueState> queues) {
        CRC32C crc = new CRC32C();
        write(new TreeMap<>(queues), bytes -> crc.update(bytes.duplicate()));
        return crc.getValue();
    }

    private static final class Writer {
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
