package io.mainstay.messaging.queue.state;

import io.mainstay.messaging.queue.state.QueueSnapshot.Writer;

import java.nio.ByteBuffer;
import java.util.TreeMap;
import java.util.function.LongFunction;

/// The bytes of what waits at delayed exchanges, in order of id, behind everything else of the snapshot.
///
/// ```
/// count | for each: id, messages, bytes, stored bytes, messages with a large body,
///         table (dueMs, address, bytes and bodyBytes of each), levels
///         for each level: 1 and its incoming run, or 0 | runs
///         for each run:   blocks
///         for each block: dueMs and address of the first message, messages, lowest address, marks of what is gone, handle, or 0 and its longs
/// ```
/// All numbers are longs; a list has its length in front.
final class DelayedSnapshot {

    private DelayedSnapshot() {}

    static void write(TreeMap<Long, DelayedState> delays, Writer out, boolean named) {
        out.put(delays.size());
        for (DelayedState state : delays.values()) {
            out.put(state.id);
            out.put(state.messages());
            out.put(state.bytes());
            out.put(state.stored());
            out.put(state.largeMessages());
            out.put(state.table.size());
            for (Pending each : state.table) {
                out.put(each.dueMs());
                out.put(each.address());
                out.put(DelayedState.sizes(each));
            }
            out.put(state.levels.size());
            for (DelayedState.Level level : state.levels) {
                PendingRun incoming = level.incoming;
                out.put(incoming == null ? 0 : 1);
                if (incoming != null) {
                    run(incoming, out, named);
                }
                out.put(level.runs.size());
                for (PendingRun run : level.runs) {
                    run(run, out, named);
                }
            }
        }
    }

    private static void run(PendingRun run, Writer out, boolean named) {
        out.put(run.blocks().size());
        for (PendingRun.Block block : run.blocks()) {
            out.put(block.firstDueMs);
            out.put(block.firstAddress);
            out.put(block.count);
            out.put(run.lowestAddress(block));
            long[] marks = block.marks;
            out.put(marks == null ? 0 : marks.length);
            if (marks != null) {
                for (long mark : marks) {
                    out.put(mark);
                }
            }
            long handle = named ? block.handle : 0;
            out.put(handle);
            if (handle == 0) {
                long[] longs = run.longs(block);
                for (int i = 0; i < block.count * PendingRun.LONGS; i++) {
                    out.put(longs[i]);
                }
            }
        }
    }

    /// Of a snapshot that was written before there were delayed exchanges, nothing.
    static void read(
            ByteBuffer in,
            TreeMap<Long, DelayedState> delays,
            DelayedState.Shape shape,
            LongFunction<BlockStore> stores,
            LargeBodies large) {
        for (long left = in.getLong(); left > 0; left--) {
            long id = in.getLong();
            DelayedState state = new DelayedState(id, shape, stores.apply(id), large);
            state.recount(in.getLong(), in.getLong(), in.getLong(), in.getLong());
            for (long messages = in.getLong(); messages > 0; messages--) {
                long dueMs = in.getLong();
                long address = in.getLong();
                long sizes = in.getLong();
                state.table.add(new Pending(dueMs, address, (int) (sizes >>> 32), (int) sizes));
            }
            int levels = (int) in.getLong();
            for (int number = 0; number < levels; number++) {
                DelayedState.Level level = state.level(number);
                if (in.getLong() != 0) {
                    level.incoming = run(in, state);
                }
                for (long runs = in.getLong(); runs > 0; runs--) {
                    level.runs.add(run(in, state));
                }
            }
            delays.put(state.id, state);
        }
    }

    private static PendingRun run(ByteBuffer in, DelayedState state) {
        PendingRun run = state.newRun();
        for (long blocks = in.getLong(); blocks > 0; blocks--) {
            PendingRun.Block block = new PendingRun.Block(in.getLong(), in.getLong());
            block.count = (int) in.getLong();
            block.lowest = in.getLong();
            marks(in, block);
            block.handle = in.getLong();
            if (block.handle == 0) {
                // The last one may go on to grow.
                long[] longs = new long[state.blockMessages() * PendingRun.LONGS];
                for (int i = 0; i < block.count * PendingRun.LONGS; i++) {
                    longs[i] = in.getLong();
                }
                block.longs = longs;
            }
            run.blocks().add(block);
        }
        return run;
    }

    private static void marks(ByteBuffer in, PendingRun.Block block) {
        int words = (int) in.getLong();
        if (words > 0) {
            long[] marks = new long[words];
            for (int i = 0; i < words; i++) {
                marks[i] = in.getLong();
                block.gone += Long.bitCount(marks[i]);
            }
            block.marks = marks;
            while (block.front < block.count && block.isGone(block.front)) {
                block.front++;
            }
        }
    }
}
