package io.mainstay.messaging.queue.state;

import org.jspecify.annotations.Nullable;

/// Entries of a lane that follow each other, up to one block of them, to be read on any thread but on one at a time: those that are there when it is made
/// never change. What was read from the disk is kept.
public final class EntryBlock {

    private final BlockStore store;
    private final long handle;
    private final long start;
    private final long end;
    private long @Nullable [] longs;

    EntryBlock(BlockStore store, long @Nullable [] longs, long handle, long start, long end) {
        this.store = store;
        this.longs = longs;
        this.handle = handle;
        this.start = start;
        this.end = end;
    }

    /// The number behind the last entry.
    public long end() {
        return end;
    }

    /// The entries from a number on; may read from the disk.
    ///
    /// @param from a number of this block
    /// @param count so many, at most up to [#end]
    /// @throws RuntimeException if the block cannot be read, as it is damaged or its messages have gone meanwhile
    public Entry[] read(long from, int count) {
        long[] block = longs;
        if (block == null) {
            block = store.get(handle);
            longs = block;
        }
        Entry[] entries = new Entry[(int) Math.min(count, end - from)];
        for (int i = 0; i < entries.length; i++) {
            entries[i] = EntryIndex.entry(block, (int) (from + i - start) * EntryIndex.LONGS);
        }
        return entries;
    }
}
