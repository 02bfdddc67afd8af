package io.mainstay.messaging.queue.state;

import io.mainstay.common.Check;

/// Keeps full blocks of queue indexes outside of the heap. What a block holds never changes, so it may live anywhere; handles mean something to one member
/// only. Apply thread only, but for [#get].
public interface BlockStore {

    /// Keeps everything in the heap: for tests and simulations.
    BlockStore NONE = new HeapOnly();

    /// Keeps a block and returns its handle, above 0; or 0 if it cannot now.
    long put(long[] block);

    /// The block of a handle. Any thread; another one than the apply thread must expect that the block is gone.
    long[] get(long handle);

    /// The block is not needed any more, once the next snapshot is durable.
    void free(long handle);

    /// Makes everything that was put durable: a snapshot that names the handles follows.
    void sync();

    /// A snapshot that was taken at the last [#sync] is durable, and no older one is used again.
    void snapshotDurable();

    /// After a restore: exactly these handles are in use.
    void restored(Iterable<Long> handles);

    /// See [#NONE].
    final class HeapOnly implements BlockStore {
        @Override
        public long put(long[] block) {
            return 0;
        }

        @Override
        public long[] get(long handle) {
            throw new Check.BrokenAssumption("a block is asked for that was never taken");
        }

        @Override
        public void free(long handle) {}

        @Override
        public void sync() {}

        @Override
        public void snapshotDurable() {}

        @Override
        public void restored(Iterable<Long> handles) {}
    }
}
