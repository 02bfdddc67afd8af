package io.mainstay.kernel.group;

import java.util.ArrayDeque;

/// Keeps the batches that were applied last in memory, for all groups of a node: what is consumed soon is never read from the disk.
/// First in, first out; apply thread only.
final class BodyCache {

    /// Bytes of batches that are kept.
    static final long USUAL_BYTES = 64L << 20;

    private final long maxBytes;
    private final ArrayDeque<BodyExtent> kept = new ArrayDeque<>();
    private long bytes;

    BodyCache(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    void keep(BodyExtent extent) {
        kept.add(extent);
        bytes += extent.payloadBytes();
        while (bytes > maxBytes && kept.size() > 1) {
            BodyExtent oldest = kept.remove();
            bytes -= oldest.payloadBytes();
            oldest.forget();
        }
    }
}
