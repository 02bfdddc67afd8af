package io.mainstay.messaging.queue.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// Blocks in a map, where now and then one cannot be written. Whoever asks for a block that was freed fails.
final class CheckedBlocks implements BlockStore {

    private final Map<Long, long[]> blocks = new HashMap<>();
    private final Set<Long> free = new HashSet<>();
    private final int failsEvery;
    private long last;
    private int puts;

    /// @param failsEvery how many blocks are asked for until one is not taken; 0: never
    CheckedBlocks(int failsEvery) {
        this.failsEvery = failsEvery;
    }

    /// The same blocks, as another process would find them.
    CheckedBlocks copy() {
        CheckedBlocks copy = new CheckedBlocks(failsEvery);
        copy.blocks.putAll(blocks);
        copy.last = last;
        return copy;
    }

    int inUse() {
        return blocks.size() - free.size();
    }

    @Override
    public long put(long[] block) {
        puts++;
        if (failsEvery > 0 && puts % failsEvery == 0) {
            return 0;
        }
        blocks.put(++last, block.clone());
        return last;
    }

    @Override
    public long[] get(long handle) {
        assertThat(free).doesNotContain(handle);
        return blocks.get(handle).clone();
    }

    @Override
    public void free(long handle) {
        assertThat(blocks).containsKey(handle);
        assertThat(free.add(handle)).isTrue();
    }

    @Override
    public void sync() {}

    @Override
    public void snapshotDurable() {}

    @Override
    public void restored(Iterable<Long> handles) {
        Set<Long> used = new HashSet<>();
        handles.forEach(used::add);
        assertThat(blocks.keySet()).containsAll(used);
        blocks.keySet().retainAll(used);
        free.clear();
    }
}
