package io.mainstay.registry.service;

import io.mainstay.kernel.group.Durability;
import io.mainstay.kernel.group.MachineId;
import io.mainstay.kernel.group.Outcome;
import io.mainstay.kernel.group.Proposal;
import io.mainstay.kernel.group.RaftGroup;
import io.mainstay.registry.api.ChangeOutcome;
import io.mainstay.registry.api.ChangeOutcome.Reason;
import io.mainstay.registry.api.ChangeOutcome.Refused;
import io.mainstay.registry.api.ChangeOutcome.Unknown;
import io.mainstay.registry.command.RegistryCommandCodec;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// The way of commands into one raft group: one proposal under way, and what arrives meanwhile is the next. So a single change
/// goes at once, and a storm goes in batches. Order is kept. Thread-safe.
final class CommandBatcher {
    private static final Logger LOG = LoggerFactory.getLogger(CommandBatcher.class);

    /// @param freeing takes away rather than adds, so it is taken when the disk is full
    private record Pending(ByteBuffer command, boolean freeing, Consumer<ChangeOutcome> done) {}

    private final RaftGroup group;
    private final long maxPendingBytes;
    private final ConcurrentLinkedQueue<Pending> queue = new ConcurrentLinkedQueue<>();
    private final AtomicLong pendingBytes = new AtomicLong();
    private final AtomicInteger turns = new AtomicInteger();
    private volatile boolean underWay;

    CommandBatcher(RaftGroup group, long maxPendingBytes) {
        this.group = group;
        this.maxPendingBytes = maxPendingBytes;
    }

    void submit(ByteBuffer command, boolean freeing, Consumer<ChangeOutcome> done) {
        int bytes = command.remaining();
        if (pendingBytes.addAndGet(bytes) > maxPendingBytes) {
            pendingBytes.addAndGet(-bytes);
            done.accept(
                    new Refused(
                            Reason.UNAVAILABLE,
                            "More than %d bytes of changes are waiting; try again."
                                    .formatted(maxPendingBytes)));
            return;
        }
        queue.add(new Pending(command, freeing, done));
        turn();
    }

    private void turn() {
        if (turns.getAndIncrement() != 0) {
            return;
        }
        int merged = 1;
        do {
            if (!underWay && !queue.isEmpty()) {
                underWay = true;
                proposeNext();
            }
            merged = turns.addAndGet(-merged);
        } while (merged != 0);
    }

    /// One proposal holds commands of one kind, freeing or not, because the group takes or refuses it as a whole.
    private void proposeNext() {
        List<Pending> batch = new ArrayList<>();
        Proposal proposal =
                new Proposal(Durability.QUORUM_FSYNC, outcome -> completed(batch, outcome));
        Pending next = queue.element();
        boolean freeing = next.freeing();
        while (next != null
                && next.freeing() == freeing
                && proposal.fits(next.command().remaining())) {
            queue.remove();
            batch.add(next);
            proposal.add(MachineId.REGISTRY, RegistryCommandCodec.VERSION, next.command());
            next = queue.peek();
        }
        if (freeing) {
            group.proposeFreeing(proposal);
        } else {
            group.propose(proposal);
        }
    }

    private void completed(List<Pending> batch, Outcome outcome) {
        for (int i = 0; i < batch.size(); i++) {
            Pending pending = batch.get(i);
            pendingBytes.addAndGet(-pending.command().remaining());
            answer(pending.done(), outcomeOf(outcome, i));
        }
        underWay = false;
        turn();
    }

    private static void answer(Consumer<ChangeOutcome> done, ChangeOutcome outcome) {
        try {
            done.accept(outcome);
        } catch (RuntimeException e) {
            // One caller's fault must not keep the answers from the others.
            LOG.warn("The receiver of {} failed", outcome, e);
        }
    }

    private static ChangeOutcome outcomeOf(Outcome outcome, int index) {
        return switch (outcome) {
            case Outcome.Applied applied -> (ChangeOutcome) applied.replies().get(index);
            case Outcome.Accepted _ -> new Unknown("The change is stored but not yet applied.");
            case Outcome.Refused refused -> new Refused(Reason.UNAVAILABLE, refused.message());
            case Outcome.Unknown unknown -> new Unknown(unknown.message());
        };
    }
}
