package io.mainstay.messaging.queue.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Blocks by handle, as long as they are in use.
final class KeptBlocks implements BlockStore {

    final Map<Long, long[]> kept = new HashMap<>();

    /// How many were put in all, and how often one was asked for.
    long put;

    int asked;

    /// Takes nothing as long as the disk is full.
    boolean full;

    @Override
    public long put(long[] block) {
        if (full) {
            return 0;
        }
        kept.put(++put, block);
        return put;
    }

    @Override
    public long[] get(long handle) {
        asked++;
        return kept.get(handle).clone();
    }

    @Override
    public void free(long handle) {
        assertThat(kept.remove(handle)).as("block %d", handle).isNotNull();
    }

    @Override
    public void sync() {}

    @Override
    public void snapshotDurable() {}

    @Override
    public void restored(Iterable<Long> handles) {
        List<Long> used = new ArrayList<>();
        handles.forEach(used::add);
        assertThat(kept.keySet()).containsAll(used);
    }
}
