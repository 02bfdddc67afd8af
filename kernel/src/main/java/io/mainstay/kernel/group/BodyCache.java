package io.mainstay.kernel.group;

import java.util.ArrayDeque;

/// Keeps the batches that were applied last in memory, for all groups of a node: what is consumed soon is never read from the disk.
/// First in, first out; apply thread only.
final class BodyCache {

    /// Bytes of the heap.
    static final long USUAL_BYTES = 64L << 20;

    /// What a batch takes of the heap beside its bytes, with its places in the maps of [GroupBodies].
    private static final int OVERHEAD_BYTES = 256;

    /// Batches that share one place in the maps when their bytes are no longer here.
    static final int USUAL_RUN = 256;

    private final long maxBytes;
    private final int run;
    private final ArrayDeque<BodyExtent> kept = new ArrayDeque<>();
    private long bytes;

    BodyCache(long maxBytes, int run) {
        this.maxBytes = maxBytes;
        this.run = run;
    }

    /// See [PackedPieces].
    int run() {
        return run;
    }

    void keep(BodyExtent extent) {
        kept.add(extent);
        bytes += extent.payloadBytes() + OVERHEAD_BYTES;
        while (kept.size() > 1 && (bytes > maxBytes || kept.getFirst().isForgotten())) {
            letGo(kept.remove());
            bytes -= OVERHEAD_BYTES;
        }
    }

    /// Nobody will ask for the batch any more: the collector has it while it is young, and need not carry it along until others push it out.
    void letGo(BodyExtent extent) {
        if (!extent.isForgotten()) {
            bytes -= extent.payloadBytes();
            extent.forget();
        }
    }
}
