package io.mainstay.messaging.queue.state;

import java.util.function.Supplier;

/// The blocks of one queue, which is named when one of them cannot be read.
final class QueueBlocks implements BlockStore {

    private final BlockStore store;
    private final Supplier<String> name;

    QueueBlocks(BlockStore store, Supplier<String> name) {
        this.store = store;
        this.name = name;
    }

    @Override
    public long put(long[] block) {
        return store.put(block);
    }

    @Override
    public long[] get(long handle) {
        try {
            return store.get(handle);
        } catch (IllegalStateException e) {
            throw new IllegalStateException(name.get() + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void free(long handle) {
        store.free(handle);
    }

    @Override
    public void sync() {
        store.sync();
    }

    @Override
    public void snapshotDurable() {
        store.snapshotDurable();
    }

    @Override
    public void restored(Iterable<Long> handles) {
        store.restored(handles);
    }
}
