package io.mainstay.messaging.queue.state;

import io.mainstay.common.Check;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;

/// The entries of one lane by number, from the oldest that is kept to the newest: blocks of [#BLOCK] entries with four longs each.
///
/// ```
/// address | bytes (high half), bodyBytes (low half) | timeMs | expiresMs
/// ```
/// The first blocks and the one that grows are in the heap; a backlog's blocks in between are given to the [BlockStore] when they are full, and come back
/// a few at a time when somebody asks. So a queue takes the same heap whether a thousand messages wait or ten million.
final class EntryIndex {

    /// Entries in a block: 32 KiB.
    static final int BLOCK = 1024;

    static final int LONGS = 4;
    private static final int SMALL = 16;

    /// Full blocks at the front that stay in the heap: a queue whose consumers keep up never writes one.
    private static final int FRONT_BLOCKS = 2;

    /// Blocks that came back from the store and are kept, beside the front.
    private static final int LOADED_BLOCKS = 3;

    private final BlockStore store;
    private final List<Slot> slots = new ArrayList<>();
    private final ArrayDeque<Slot> loaded = new ArrayDeque<>();

    /// Block `first + i` is in `slots.get(i)`.
    private long first;

    /// The highest address of an entry that was added.
    private long highest = -1;

    /// Blocks with an entry that has a lower address than one before it: the message of a transaction that came in parts. Without them addresses rise from entry
    /// to entry.
    private int unordered;

    /// A block, in the heap or the store or both.
    static final class Slot {
        long @Nullable [] longs;
        long handle;
        final Summary summary = new Summary();
    }

    /// What is known of a block without asking for it: when its last message came, the bytes of its bodies, those that its messages have in
    /// the group's bodies, how many of them are large. Of entries that
    /// were added or taken over.
    static final class Summary {
        long lastMs;
        long bytes;
        long stored;
        long large;

        /// Addresses; without any entry, or if they are not known, `lowest` is above `highest`.
        long lowest = Long.MAX_VALUE;

        long highest = -1;

        /// See [EntryIndex#unordered].
        boolean unordered;

        boolean isKnown() {
            return lowest <= highest;
        }
    }

    EntryIndex(BlockStore store) {
        this.store = store;
    }

    /// Puts the entry behind all others.
    void add(long number, Entry entry) {
        long block = number / BLOCK;
        if (slots.isEmpty()) {
            first = block;
        }
        int at = (int) (number % BLOCK) * LONGS;
        int index = (int) (block - first);
        if (index == slots.size()) {
            spillLast();
            slots.add(new Slot());
        }
        Slot slot = slots.get(index);
        long[] longs = slot.longs;
        if (longs == null || at >= longs.length) {
            // A queue with a few messages takes little.
            int size = longs == null ? SMALL * LONGS : longs.length * LONGS;
            while (size <= at) {
                size *= LONGS;
            }
            size = Math.min(BLOCK * LONGS, size);
            longs = longs == null ? new long[size] : Arrays.copyOf(longs, size);
            slot.longs = longs;
        }
        longs[at] = entry.address();
        longs[at + 1] = (long) entry.bytes() << 32 | entry.bodyBytes();
        longs[at + 2] = entry.timeMs();
        longs[at + 3] = entry.expiresMs();
        slot.summary.lastMs = entry.timeMs();
        slot.summary.bytes += entry.bodyBytes();
        slot.summary.stored += entry.bytes();
        slot.summary.large += entry.isLarge() ? 1 : 0;
        note(slot.summary, entry.address());
        if (entry.address() < highest && !slot.summary.unordered) {
            slot.summary.unordered = true;
            unordered++;
        }
        highest = Math.max(highest, entry.address());
    }

    private static void note(Summary summary, long address) {
        summary.lowest = Math.min(summary.lowest, address);
        summary.highest = Math.max(summary.highest, address);
    }

    /// Whether addresses rise from entry to entry.
    boolean isOrdered() {
        return unordered == 0;
    }

    /// The lowest address of the block of a number. Entries that are settled count, too.
    long blockLowest(long number) {
        return addresses(number).lowest;
    }

    /// The highest one, likewise.
    long blockHighest(long number) {
        return addresses(number).highest;
    }

    /// Snapshots once did not have the addresses of a block: then it is asked for them, once.
    private Summary addresses(long number) {
        Slot slot = slot(number);
        if (!slot.summary.isKnown()) {
            long[] longs = block(number);
            for (int at = 0; at < longs.length; at += LONGS) {
                note(slot.summary, longs[at]);
            }
        }
        return slot.summary;
    }

    /// The last block is full: it is not needed soon if others wait in front of it.
    private void spillLast() {
        if (slots.size() > FRONT_BLOCKS) {
            Slot last = slots.getLast();
            long[] longs = last.longs;
            if (last.handle == 0 && longs != null) {
                last.handle = store.put(longs);
                last.longs = last.handle == 0 ? longs : null;
            }
        }
    }

    Entry get(long number) {
        long[] longs = block(number);
        int at = (int) (number % BLOCK) * LONGS;
        return entry(longs, at);
    }

    static Entry entry(long[] longs, int at) {
        return new Entry(
                longs[at],
                (int) (longs[at + 1] >>> 32),
                (int) longs[at + 1],
                longs[at + 2],
                longs[at + 3]);
    }

    boolean isLarge(long number) {
        long sizes = block(number)[(int) (number % BLOCK) * LONGS + 1];
        return (int) sizes > (int) (sizes >>> 32);
    }

    int bodyBytes(long number) {
        return (int) block(number)[(int) (number % BLOCK) * LONGS + 1];
    }

    int storedBytes(long number) {
        return (int) (block(number)[(int) (number % BLOCK) * LONGS + 1] >>> 32);
    }

    long address(long number) {
        return block(number)[(int) (number % BLOCK) * LONGS];
    }

    long timeMs(long number) {
        return block(number)[(int) (number % BLOCK) * LONGS + 2];
    }

    static long blockEnd(long number) {
        return (number / BLOCK + 1) * BLOCK;
    }

    /// Body bytes of all entries of a block.
    long blockBytes(long number) {
        return slot(number).summary.bytes;
    }

    /// As above, with what their messages have in the group's bodies beside them.
    long blockStored(long number) {
        return slot(number).summary.stored;
    }

    boolean hasLarge(long number) {
        return slot(number).summary.large > 0;
    }

    /// Where the first block from `floor` on begins whose last entry is of `timeMs` or later; `tail` if there is none. Times never fall.
    long firstBlockSince(long floor, long tail, long timeMs) {
        int low = (int) (floor / BLOCK - first);
        int high = slots.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (slots.get(middle).summary.lastMs >= timeMs) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low == slots.size() ? tail : (first + low) * BLOCK;
    }

    boolean isNear(long number) {
        return slot(number).longs != null;
    }

    EntryBlock blockOf(long number, long tail) {
        Slot slot = slot(number);
        long end = Math.min(blockEnd(number), tail);
        return new EntryBlock(store, slot.longs, slot.handle, end);
    }

    private Slot slot(long number) {
        int index = (int) (number / BLOCK - first);
        Check.that(index >= 0 && index < slots.size(), "no entry %d", number);
        return slots.get(index);
    }

    private long[] block(long number) {
        Slot slot = slot(number);
        long[] longs = slot.longs;
        return longs == null ? load(slot, number) : longs;
    }

    private long[] load(Slot slot, long number) {
        long[] longs = longsOf(slot, number);
        slot.longs = longs;
        loaded.add(slot);
        if (loaded.size() > LOADED_BLOCKS) {
            loaded.remove().longs = null;
        }
        return longs;
    }

    private long[] longsOf(Slot slot, long number) {
        try {
            return store.get(slot.handle);
        } catch (IllegalStateException e) {
            long begin = blockEnd(number) - BLOCK;
            throw new IllegalStateException(
                    "messages %d to %d cannot be found: %s"
                            .formatted(begin, blockEnd(number) - 1, e.getMessage()),
                    e);
        }
    }

    /// Entries below `number` are not asked for any more.
    void dropBefore(long number) {
        int whole = (int) Math.min(slots.size(), number / BLOCK - first);
        if (whole > 0) {
            List<Slot> gone = slots.subList(0, whole);
            for (Slot slot : gone) {
                free(slot);
                unordered -= slot.summary.unordered ? 1 : 0;
            }
            gone.clear();
            first += whole;
        }
    }

    private void free(Slot slot) {
        if (slot.handle != 0) {
            store.free(slot.handle);
            loaded.remove(slot);
        }
    }

    /// The queue is gone.
    void dropAll() {
        slots.forEach(this::free);
        slots.clear();
        unordered = 0;
    }

    // --- snapshots -------------------------------------------------------------------------------

    /// The handle of the block that begins at `number`, 0 if it is in the heap only.
    long handleAt(long number) {
        return slots.get((int) (number / BLOCK - first)).handle;
    }

    Summary summaryAt(long number) {
        return slot(number).summary;
    }

    /// Takes a block over that is in the store. The caller fills the summary and then calls [#summarized].
    Summary addStored(long number, long handle) {
        if (slots.isEmpty()) {
            first = number / BLOCK;
        }
        Slot slot = new Slot();
        slot.handle = handle;
        slots.add(slot);
        return slot.summary;
    }

    void summarized(Summary summary) {
        unordered += summary.unordered ? 1 : 0;
        highest = Math.max(highest, summary.highest);
    }

    void handles(LongConsumer each) {
        for (Slot slot : slots) {
            if (slot.handle != 0) {
                each.accept(slot.handle);
            }
        }
    }
}
