package io.mainstay.messaging.queue.state;

import io.mainstay.common.Check;
import io.mainstay.messaging.queue.state.QueueMemory.Level;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;

/// The entries of one lane by number, from the oldest that is kept to the newest: blocks of up to [#BLOCK] entries with four longs each.
///
/// ```
/// address | bytes (high half), bodyBytes (low half) | timeMs | expiresMs
/// ```
/// A few full blocks and the one that grows are in the heap; a backlog's others are given to the [BlockStore] when they are full, and come back
/// a few at a time when somebody asks. So a queue takes the same heap whether a thousand messages wait or ten million. Where queues are so many that this is too
/// much ([QueueMemory]), blocks are shorter and only what came last stays; where blocks begin and end is each member's own.
final class EntryIndex {

    /// Entries in a block, at most: 32 KiB.
    static final int BLOCK = 1024;

    /// Entries in a block when memory is short, and when it is scarce. Each is a size that a growing block has on its way.
    private static final int SHORT_BLOCK = 256;

    static final int SCARCE_BLOCK = 64;

    static final int LONGS = 4;
    private static final int SMALL = 16;

    /// Full blocks that stay in the heap: a queue whose consumers keep up never writes one.
    private static final int NEAR_BLOCKS = 2;

    /// As above when memory is short.
    private static final int NEAR_WHEN_SHORT = 1;

    /// Blocks that came back from the store and are kept beside them, one less with each level of [QueueMemory].
    private static final int LOADED_BLOCKS = 3;

    /// What a block takes of the heap beside its entries.
    private static final int SLOT_BYTES = 128;

    private final BlockStore store;
    private final QueueMemory memory;
    private final List<Slot> slots = new ArrayList<>();
    private final ArrayDeque<Slot> loaded = new ArrayDeque<>();

    /// Blocks that are in the heap only.
    private int unstored;

    /// The number behind the last entry.
    private long end;

    /// The highest address of an entry that was added.
    private long highest = -1;

    /// Blocks with an entry that has a lower address than one before it: the message of a transaction that came in parts. Without them addresses rise from entry
    /// to entry.
    private int unordered;

    /// A block, in the heap or the store or both. It ends where the next one begins.
    static final class Slot {
        final long from;
        long @Nullable [] longs;

        /// 0: not in the store. Nothing is added to a block that is.
        long handle;

        final Summary summary = new Summary();

        Slot(long from) {
            this.from = from;
        }
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

    EntryIndex(BlockStore store, QueueMemory memory) {
        this.store = store;
        this.memory = memory;
    }

    /// Puts the entry behind all others.
    ///
    /// @param number the one behind the last entry; any if there is none
    void add(long number, Entry entry) {
        if (isFull(number) && begin(number, blockSize())) {
            giveToStore();
        }
        put(number, entry);
    }

    /// As [#add] while a snapshot is read: nothing goes to the store.
    void restore(long number, Entry entry) {
        if (isFull(number)) {
            begin(number, BLOCK);
        }
        put(number, entry);
    }

    private boolean isFull(long number) {
        if (slots.isEmpty()) {
            return true;
        }
        Slot last = slots.getLast();
        long[] longs = last.longs;
        return longs == null || (number - last.from) * LONGS >= longs.length;
    }

    private int blockSize() {
        return switch (memory.level()) {
            case PLENTY -> BLOCK;
            case SHORT -> SHORT_BLOCK;
            case SCARCE -> SCARCE_BLOCK;
        };
    }

    /// Makes room for the entry: in the last block, or a new one.
    ///
    /// @return whether the last block has all that it will have
    private boolean begin(long number, int size) {
        boolean isNew =
                slots.isEmpty()
                        || slots.getLast().handle != 0
                        || number - slots.getLast().from >= size;
        if (isNew) {
            slots.add(new Slot(number));
            unstored++;
            memory.add(SLOT_BYTES);
        }
        Slot last = slots.getLast();
        int count = (int) (number - last.from);
        // A queue with a few messages takes little.
        int places = Math.min(BLOCK, Math.max(SMALL, count * LONGS));
        long[] before = last.longs;
        last.longs =
                before == null ? new long[places * LONGS] : Arrays.copyOf(before, places * LONGS);
        memory.add((long) places * LONGS * Long.BYTES - bytes(before));
        return isNew;
    }

    private void put(long number, Entry entry) {
        Slot slot = slots.getLast();
        long[] longs = Check.present(slot.longs, "the block that grows");
        int at = (int) (number - slot.from) * LONGS;
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
        end = number + 1;
    }

    private static long bytes(long @Nullable [] longs) {
        return longs == null ? 0 : (long) longs.length * Long.BYTES;
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
            long[] longs = longs(slot);
            for (int at = 0; at < longs.length; at += LONGS) {
                note(slot.summary, longs[at]);
            }
        }
        return slot.summary;
    }

    // --- between heap and store ----------------------------------------------------------------

    /// Gives blocks to the store that are too many for the heap, the latest first: who reads comes from the front. Never the one that grows.
    private void giveToStore() {
        int near = memory.level() == Level.PLENTY ? NEAR_BLOCKS : NEAR_WHEN_SHORT;
        // When memory is short, the latest stays: who keeps up needs it next.
        int first = slots.size() - 2 - (memory.level() == Level.PLENTY ? 0 : NEAR_WHEN_SHORT);
        for (int i = first; i >= 0 && unstored - 1 > near; i--) {
            if (!giveToStore(slots.get(i))) {
                return;
            }
        }
    }

    /// @return false if the store cannot take it now
    private boolean giveToStore(Slot slot) {
        long[] longs = slot.longs;
        if (slot.handle == 0 && longs != null) {
            int used = (int) (endOf(slot) - slot.from) * LONGS;
            slot.handle = store.put(used == longs.length ? longs : Arrays.copyOf(longs, used));
            if (slot.handle == 0) {
                return false;
            }
            unstored--;
            letGo(slot);
        }
        return true;
    }

    private void letGo(Slot slot) {
        memory.add(-bytes(slot.longs));
        slot.longs = null;
    }

    /// Memory is short: what a queue kept when there was enough of it goes.
    ///
    /// @param live messages that are not settled: where they are few, consumers keep up
    void shrink(long live) {
        Level level = memory.level();
        if (level == Level.PLENTY || slots.isEmpty()) {
            return;
        }
        loaded.forEach(this::letGo);
        loaded.clear();
        giveToStore();
        if (level == Level.SCARCE && live >= SCARCE_BLOCK) {
            for (int i = Math.max(0, slots.size() - 2); i < slots.size(); i++) {
                Slot slot = slots.get(i);
                if (endOf(slot) - slot.from >= SCARCE_BLOCK && !giveToStore(slot)) {
                    return;
                }
            }
        }
    }

    private long[] longs(Slot slot) {
        long[] longs = slot.longs;
        return longs == null ? load(slot) : longs;
    }

    private long[] load(Slot slot) {
        long[] longs = stored(slot);
        slot.longs = longs;
        memory.add(bytes(longs));
        loaded.add(slot);
        int most = LOADED_BLOCKS - memory.level().ordinal();
        while (loaded.size() > most) {
            letGo(loaded.remove());
        }
        return longs;
    }

    private long[] stored(Slot slot) {
        try {
            return store.get(slot.handle);
        } catch (IllegalStateException e) {
            throw new IllegalStateException(
                    "messages %d to %d cannot be found: %s"
                            .formatted(slot.from, endOf(slot) - 1, e.getMessage()),
                    e);
        }
    }

    // --- entries -------------------------------------------------------------------------------

    Entry get(long number) {
        Slot slot = slot(number);
        return entry(longs(slot), at(slot, number));
    }

    private static int at(Slot slot, long number) {
        return (int) (number - slot.from) * LONGS;
    }

    static Entry entry(long[] longs, int at) {
        return new Entry(
                longs[at],
                (int) (longs[at + 1] >>> 32),
                (int) longs[at + 1],
                longs[at + 2],
                longs[at + 3]);
    }

    private long field(long number, int field) {
        Slot slot = slot(number);
        return longs(slot)[at(slot, number) + field];
    }

    boolean isLarge(long number) {
        long sizes = field(number, 1);
        return (int) sizes > (int) (sizes >>> 32);
    }

    int bodyBytes(long number) {
        return (int) field(number, 1);
    }

    int storedBytes(long number) {
        return (int) (field(number, 1) >>> 32);
    }

    long address(long number) {
        return field(number, 0);
    }

    long timeMs(long number) {
        return field(number, 2);
    }

    // --- blocks --------------------------------------------------------------------------------

    /// The first number of the block of a number. Entries before it may be settled.
    long blockStart(long number) {
        return slot(number).from;
    }

    /// The number behind the last entry of the block of a number.
    long blockEnd(long number) {
        int index = indexOf(number);
        return index + 1 == slots.size() ? end : slots.get(index + 1).from;
    }

    private long endOf(Slot slot) {
        return slot == slots.getLast() ? end : blockEnd(slot.from);
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
        if (floor >= tail) {
            return tail;
        }
        int low = indexOf(floor);
        int high = slots.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (slots.get(middle).summary.lastMs >= timeMs) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low == slots.size() ? tail : slots.get(low).from;
    }

    boolean isNear(long number) {
        return slot(number).longs != null;
    }

    EntryBlock blockOf(long number) {
        Slot slot = slot(number);
        return new EntryBlock(store, slot.longs, slot.handle, slot.from, blockEnd(number));
    }

    private Slot slot(long number) {
        return slots.get(indexOf(number));
    }

    /// Most often it is asked for the first block or the last.
    private int indexOf(long number) {
        int last = slots.size() - 1;
        Check.that(
                last >= 0 && number >= slots.getFirst().from && number < end,
                "no entry %d",
                number);
        if (number >= slots.get(last).from) {
            return last;
        }
        int low = 0;
        int high = last;
        if (number < slots.get(1).from) {
            return 0;
        }
        while (high - low > 1) {
            int middle = (low + high) >>> 1;
            if (slots.get(middle).from <= number) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /// Entries below `number` are not asked for any more.
    void dropBefore(long number) {
        int whole = 0;
        while (whole + 1 < slots.size() && slots.get(whole + 1).from <= number) {
            whole++;
        }
        // The last block goes as well where it is worth it: most queues are empty at most times.
        if (number >= end
                && !slots.isEmpty()
                && (slots.getLast().handle != 0 || end - slots.getLast().from >= SHORT_BLOCK)) {
            whole = slots.size();
        }
        if (whole > 0) {
            List<Slot> gone = slots.subList(0, whole);
            for (Slot slot : gone) {
                free(slot);
                unordered -= slot.summary.unordered ? 1 : 0;
            }
            gone.clear();
        }
    }

    private void free(Slot slot) {
        memory.add(-bytes(slot.longs) - SLOT_BYTES);
        if (slot.handle != 0) {
            store.free(slot.handle);
            loaded.remove(slot);
        } else {
            unstored--;
        }
    }

    /// The queue is gone.
    void dropAll() {
        slots.forEach(this::free);
        slots.clear();
        unordered = 0;
    }

    /// Another index takes its place, with the blocks that are in the store.
    void forget() {
        slots.forEach(slot -> memory.add(-bytes(slot.longs) - SLOT_BYTES));
        slots.clear();
        loaded.clear();
    }

    // --- snapshots -------------------------------------------------------------------------------

    /// The handle of the block of a number, 0 if it is in the heap only.
    long handleOf(long number) {
        return slot(number).handle;
    }

    Summary summaryOf(long number) {
        return slot(number).summary;
    }

    /// Takes a block over that is in the store. The caller fills the summary and then calls [#summarized].
    Summary addStored(long from, long blockEnd, long handle) {
        Slot slot = new Slot(from);
        slot.handle = handle;
        slots.add(slot);
        memory.add(SLOT_BYTES);
        end = blockEnd;
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
