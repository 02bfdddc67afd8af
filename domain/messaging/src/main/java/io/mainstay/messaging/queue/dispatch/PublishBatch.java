package io.mainstay.messaging.queue.dispatch;

import io.mainstay.kernel.group.Durability;
import io.mainstay.kernel.group.Outcome;
import io.mainstay.kernel.group.Proposal;
import io.mainstay.messaging.api.QueueSession.PublishListener;
import io.mainstay.messaging.api.QueueSession.PublishOutcome;
import io.mainstay.messaging.queue.state.PublishReply;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;

/// Messages of any connections that enter a group's log together, and who is told what became of each.
final class PublishBatch implements Proposal.Completion {

    /// Smaller ones are cheaper as a new array.
    private static final int LARGE_BYTES = 16 << 10;

    private final ProposalBuffers buffers;
    private final Runnable whenDone;

    /// Holds the proposal, if it may be used again.
    private final @Nullable ByteBuffer room;

    final Proposal proposal;
    private final List<PublishSink> sinks = new ArrayList<>();
    private final List<PublishListener> listeners = new ArrayList<>();
    private long[] sequences = new long[16];
    private int[] bytes = new int[16];

    PublishBatch(int expectedBytes, ProposalBuffers buffers, Runnable whenDone) {
        this.buffers = buffers;
        this.whenDone = whenDone;
        this.room = expectedBytes < LARGE_BYTES ? null : buffers.take();
        this.proposal =
                room == null
                        ? new Proposal(Durability.LEADER_MEMORY, this, expectedBytes)
                        : new Proposal(Durability.LEADER_MEMORY, this, room);
    }

    /// The message was written into the proposal. What is content with memory waits with the others of its batch.
    void add(
            PublishSink sink,
            PublishListener listener,
            long sequence,
            int messageBytes,
            Durability level) {
        if (level != Durability.LEADER_MEMORY) {
            proposal.durability(level);
        }
        int at = sinks.size();
        if (at == sequences.length) {
            sequences = Arrays.copyOf(sequences, at * 2);
            bytes = Arrays.copyOf(bytes, at * 2);
        }
        sequences[at] = sequence;
        bytes[at] = messageBytes;
        sinks.add(sink);
        listeners.add(listener);
    }

    @Override
    public void completed(Outcome outcome) {
        @Nullable List<Object> replies =
                outcome instanceof Outcome.Applied applied ? applied.replies() : null;
        for (int from = 0; from < sinks.size(); ) {
            PublishSink sink = sinks.get(from);
            int to = from + 1;
            while (to < sinks.size() && sinks.get(to) == sink) {
                to++;
            }
            int first = from;
            int end = to;
            try {
                sink.executor().execute(() -> answer(sink, first, end, replies));
            } catch (RejectedExecutionException e) {
                // Its event loop has ended, and the connection with it: nobody waits.
            }
            from = to;
        }
        if (room != null && replies != null) {
            // What was not applied may still lie with the engine.
            buffers.giveBack(room);
        }
        whenDone.run();
    }

    private void answer(PublishSink sink, int from, int to, @Nullable List<Object> replies) {
        for (int i = from; i < to; i++) {
            PublishOutcome outcome =
                    replies == null
                            ? PublishOutcome.FAILED
                            : replies.get(i) == PublishReply.REFUSED
                                    ? PublishOutcome.REJECTED
                                    : PublishOutcome.CONFIRMED;
            sink.answered(listeners.get(i), sequences[i], bytes[i], outcome);
        }
    }
}
