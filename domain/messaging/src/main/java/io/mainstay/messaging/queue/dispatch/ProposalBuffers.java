package io.mainstay.messaging.queue.dispatch;

import io.mainstay.kernel.group.Proposal;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/// Buffers for large proposals of all groups of a node, used again while the processor's cache still has them: a fresh one of the heap must be cleared
/// first, and is cold. Thread-safe.
public final class ProposalBuffers {

    /// As many as the groups of a busy node have under way; those beyond are left to the collector. 8 MiB in all.
    private static final int MOST_KEPT = 8;

    private final ArrayDeque<ByteBuffer> free = new ArrayDeque<>(MOST_KEPT);

    /// The one that was given back last, or a new one.
    ByteBuffer take() {
        ByteBuffer kept = poll();
        return kept == null ? ByteBuffer.allocate(Proposal.ROOM_BYTES) : kept;
    }

    private synchronized @Nullable ByteBuffer poll() {
        return free.pollLast();
    }

    /// Nobody reads it any more.
    synchronized void giveBack(ByteBuffer buffer) {
        if (free.size() < MOST_KEPT) {
            free.addLast(buffer);
        }
    }
}
