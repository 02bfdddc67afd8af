package io.mainstay.messaging.queue.state;

import io.mainstay.common.Check;
import io.mainstay.kernel.group.StateMachine.BodySink;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/// Messages that wait, in their order: blocks with three longs for each message, which go to the [BlockStore] when they are full.
///
/// ```
/// dueMs | address | bytes (high half), bodyBytes (low half)
/// ```
/// It is written from its first message to its last and then only loses messages, nearly always at its front: what is gone is marked, and a block goes with
/// its last message.
final class PendingRun {

    static final int LONGS = 3;

    /// Blocks that came back from the store and are kept.
    private static final int LOADED_BLOCKS = 3;

    private final BlockStore store;
    private final int blockMessages;
    private final List<Block> blocks = new ArrayList<>();
    private final ArrayDeque<Block> loaded = new ArrayDeque<>();

    /// Some messages that follow each other, in the heap or the store or both.
    static final class Block {
        final long firstDueMs;
        final long firstAddress;
        long @Nullable [] longs;
        long handle;
        int count;
        int gone;

        /// All messages before are gone.
        int front;

        /// A bit for each message, set when it is gone; `null` as long as all are here.
        long @Nullable [] marks;

        /// The lowest address of a message that is here; may be lower when `lowestIsOld`.
        long lowest = Long.MAX_VALUE;

        boolean lowestIsOld;

        Block(long firstDueMs, long firstAddress) {
            this.firstDueMs = firstDueMs;
            this.firstAddress = firstAddress;
        }

        boolean isGone(int at) {
            return marks != null && (marks[at >> 6] >>> at & 1) != 0;
        }
    }

    /// @param blockMessages messages in a block
    PendingRun(BlockStore store, int blockMessages) {
        this.store = store;
        this.blockMessages = blockMessages;
    }

    boolean isEmpty() {
        return blocks.isEmpty();
    }

    List<Block> blocks() {
        return blocks;
    }

    /// Puts a message behind all others. Not after [#end].
    void add(long dueMs, long address, long sizes) {
        Block last = blocks.isEmpty() ? null : blocks.getLast();
        if (last == null || last.count == blockMessages) {
            last = new Block(dueMs, address);
            last.longs = new long[blockMessages * LONGS];
            blocks.add(last);
        }
        long[] longs = Check.present(last.longs, "the block that grows");
        int at = last.count * LONGS;
        longs[at] = dueMs;
        longs[at + 1] = address;
        longs[at + 2] = sizes;
        last.count++;
        last.lowest = Math.min(last.lowest, address);
        if (last.count == blockMessages) {
            keep(last, longs);
        }
    }

    /// There will be no other message.
    void end() {
        if (!blocks.isEmpty() && blocks.getLast().count < blockMessages) {
            Block last = blocks.getLast();
            long[] longs = Check.present(last.longs, "the block that grows");
            keep(last, java.util.Arrays.copyOf(longs, last.count * LONGS));
        }
    }

    private void keep(Block block, long[] longs) {
        block.handle = store.put(longs);
        block.longs = block.handle == 0 ? longs : null;
    }

    long[] longs(Block block) {
        long[] here = block.longs;
        if (here != null) {
            return here;
        }
        long[] longs = store.get(block.handle);
        block.longs = longs;
        loaded.add(block);
        if (loaded.size() > LOADED_BLOCKS) {
            loaded.remove().longs = null;
        }
        return longs;
    }

    /// Takes the message out; `null` if it is not here.
    @Nullable Pending take(long dueMs, long address) {
        int index = blockOf(dueMs, address);
        if (index < 0) {
            return null;
        }
        Block block = blocks.get(index);
        long[] longs = longs(block);
        int low = block.front;
        int high = block.count - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order =
                    Pending.compare(
                            longs[middle * LONGS], longs[middle * LONGS + 1], dueMs, address);
            if (order == 0) {
                return block.isGone(middle) ? null : take(index, middle, longs);
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return null;
    }

    /// The last block that begins at the key or before; -1 if there is none.
    private int blockOf(long dueMs, long address) {
        int low = 0;
        int high = blocks.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            Block block = blocks.get(middle);
            if (Pending.compare(block.firstDueMs, block.firstAddress, dueMs, address) <= 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }

    private Pending take(int index, int at, long[] longs) {
        Pending taken = pending(longs, at);
        Block block = blocks.get(index);
        if (block.marks == null) {
            block.marks = new long[(blockMessages + 63) >> 6];
        }
        block.marks[at >> 6] |= 1L << at;
        block.gone++;
        block.lowestIsOld |= taken.address() == block.lowest;
        while (block.front < block.count && block.isGone(block.front)) {
            block.front++;
        }
        if (block.gone == block.count) {
            free(block);
            blocks.remove(index);
        }
        return taken;
    }

    private void free(Block block) {
        if (block.handle != 0) {
            store.free(block.handle);
            loaded.remove(block);
        }
    }

    /// Moves the first message of both to the end of `into`; false if both are empty.
    static boolean moveFirst(PendingRun one, PendingRun other, PendingRun into) {
        PendingRun from;
        if (one.isEmpty() || other.isEmpty()) {
            from = one.isEmpty() ? other : one;
        } else {
            from = one.firstComparedWith(other) < 0 ? one : other;
        }
        if (from.isEmpty()) {
            return false;
        }
        Block block = from.blocks.getFirst();
        int at = block.front;
        long[] longs = from.longs(block);
        from.take(0, at, longs);
        into.add(longs[at * LONGS], longs[at * LONGS + 1], longs[at * LONGS + 2]);
        return true;
    }

    private int firstComparedWith(PendingRun other) {
        Block mine = blocks.getFirst();
        Block its = other.blocks.getFirst();
        long[] my = longs(mine);
        long[] their = other.longs(its);
        return Pending.compare(
                my[mine.front * LONGS],
                my[mine.front * LONGS + 1],
                their[its.front * LONGS],
                their[its.front * LONGS + 1]);
    }

    static Pending pending(long[] longs, int at) {
        long sizes = longs[at * LONGS + 2];
        return new Pending(
                longs[at * LONGS], longs[at * LONGS + 1], (int) (sizes >>> 32), (int) sizes);
    }

    /// The lowest address of a message that is here.
    long lowestAddress() {
        long lowest = Long.MAX_VALUE;
        for (Block block : blocks) {
            lowest = Math.min(lowest, lowestAddress(block));
        }
        return lowest;
    }

    long lowestAddress(Block block) {
        if (block.lowestIsOld) {
            long[] longs = longs(block);
            long lowest = Long.MAX_VALUE;
            for (int at = block.front; at < block.count; at++) {
                if (!block.isGone(at)) {
                    lowest = Math.min(lowest, longs[at * LONGS + 1]);
                }
            }
            block.lowest = lowest;
            block.lowestIsOld = false;
        }
        return block.lowest;
    }

    void bodies(long from, long to, BodySink sink) {
        for (Block block : blocks) {
            if (lowestAddress(block) >= to) {
                continue;
            }
            long[] longs = longs(block);
            for (int at = block.front; at < block.count; at++) {
                long address = longs[at * LONGS + 1];
                if (address >= from && address < to && !block.isGone(at)) {
                    sink.body(address, (int) (longs[at * LONGS + 2] >>> 32));
                }
            }
        }
    }

    /// The exchange is gone.
    void dropAll() {
        blocks.forEach(this::free);
        blocks.clear();
    }

    void handles(LongConsumer each) {
        for (Block block : blocks) {
            if (block.handle != 0) {
                each.accept(block.handle);
            }
        }
    }

    Cursor cursor() {
        return new Cursor();
    }

    /// Goes over what is here, in order. Of no use any more after a change of the run.
    final class Cursor {
        private int block = -1;
        private int at;
        private long[] longs = {};
        private @Nullable Pending here;

        private Cursor() {
            forward();
        }

        /// `null` at the end.
        @Nullable Pending here() {
            return here;
        }

        void forward() {
            at++;
            while (block < 0 || at >= blocks.get(block).count || blocks.get(block).isGone(at)) {
                if (block >= 0 && at < blocks.get(block).count) {
                    at++;
                    continue;
                }
                block++;
                if (block >= blocks.size()) {
                    here = null;
                    return;
                }
                at = blocks.get(block).front;
                longs = longs(blocks.get(block));
            }
            here = pending(longs, at);
        }
    }
}
