package io.mainstay.messaging.queue.simulation;

import io.mainstay.messaging.queue.state.BlockStore;

/// A store that does what another one does.
class WrappedBlocks implements BlockStore {

    final BlockStore blocks;

    WrappedBlocks(BlockStore blocks) {
        this.blocks = blocks;
    }

    @Override
    public long put(long[] block) {
        return blocks.put(block);
    }

    @Override
    public long[] get(long handle) {
        return blocks.get(handle);
    }

    @Override
    public void free(long handle) {
        blocks.free(handle);
    }

    @Override
    public void sync() {
        blocks.sync();
    }

    @Override
    public void snapshotDurable() {
        blocks.snapshotDurable();
    }

    @Override
    public void restored(Iterable<Long> handles) {
        blocks.restored(handles);
    }
}
