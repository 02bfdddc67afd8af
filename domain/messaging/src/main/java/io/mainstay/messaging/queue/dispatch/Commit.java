package io.mainstay.messaging.queue.dispatch;

import io.mainstay.kernel.group.Durability;
import io.mainstay.kernel.group.Outcome;
import io.mainstay.kernel.group.Proposal;
import io.mainstay.messaging.api.QueueSession.Settlement;
import io.mainstay.messaging.api.QueueSession.Transaction;
import io.mainstay.messaging.queue.command.QueueCommand;
import io.mainstay.messaging.queue.command.QueueCommandCodec;
import io.mainstay.messaging.queue.dispatch.Ingress.TargetedMessage;
import io.mainstay.messaging.queue.state.PublishReply;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// A transaction: one step for each raft group that it touches, with its messages and acknowledgements. What is returned or rejected follows once that is
/// applied. A step that does not fit an entry of the log goes in parts ([LargeCommit]).
final class Commit {

    private final GroupDoors doors;
    private final Outlet[] outlets;
    private final Consumer<Boolean> done;
    private final Map<Integer, List<TargetedMessage>> messages = new TreeMap<>();
    private final Map<Integer, List<Transaction.Settled>> settles = new TreeMap<>();

    /// Groups whose part is to survive a power cut.
    private final Set<Integer> synced = new HashSet<>();

    private final AtomicInteger left = new AtomicInteger();
    private final AtomicBoolean failed = new AtomicBoolean();

    /// What became of a step.
    enum Result {
        DONE,
        /// A full queue did not take a message; all the rest is done.
        REFUSED,
        /// Nothing of it is done, or (a crash, lost leadership) perhaps all of it.
        FAILED
    }

    Commit(GroupDoors doors, Outlet[] outlets, Transaction transaction, Consumer<Boolean> done) {
        this.doors = doors;
        this.outlets = outlets;
        this.done = done;
        for (Transaction.Published one : transaction.publishes()) {
            Targets.parts(one.message(), one.targets()).forEach(this::add);
        }
        for (Transaction.Settled one : transaction.settles()) {
            settles.computeIfAbsent(one.queue().group(), g -> new ArrayList<>()).add(one);
            if (one.queue().durable()) {
                synced.add(one.queue().group());
            }
        }
    }

    private void add(Targets.Part part) {
        messages.computeIfAbsent(part.group(), g -> new ArrayList<>()).add(targeted(part));
        if (Targets.level(part.message(), part.queues()) != Durability.LEADER_MEMORY) {
            synced.add(part.group());
        }
    }

    private static TargetedMessage targeted(Targets.Part part) {
        return new TargetedMessage(
                part.message(), Targets.of(part.queues(), part.message().priority()));
    }

    void begin() {
        List<Integer> groups = new ArrayList<>(messages.keySet());
        settles.keySet().stream().filter(group -> !groups.contains(group)).forEach(groups::add);
        if (groups.isEmpty()) {
            done.accept(true);
            return;
        }
        left.set(groups.size());
        for (int group : groups) {
            doors.dispatcher(group).request(() -> commit(group), () -> stepDone(Result.FAILED));
        }
    }

    /// What was in hand, and of whom.
    private record Taken(LedQueue queue, long sequence) {}

    /// Apply thread.
    private void commit(int group) {
        Dispatcher dispatcher = doors.dispatcher(group);
        Map<Long, Settles> acks = new TreeMap<>();
        List<Taken> acked = new ArrayList<>();
        List<Transaction.Settled> others = new ArrayList<>();
        for (Transaction.Settled one : settles.getOrDefault(group, List.of())) {
            LedQueue queue = dispatcher.use(one.queue().id());
            if (queue == null) {
                continue;
            }
            if (one.settlement() != Settlement.ACK || !queue.logsAcks()) {
                others.add(one);
            } else if (queue.takeInHand(outlets[group], one.sequence())) {
                acked.add(new Taken(queue, one.sequence()));
                acks.computeIfAbsent(one.queue().id(), id -> new Settles()).add(one.sequence());
            }
        }
        List<QueueCommand> commands = new ArrayList<>();
        acks.forEach((queue, its) -> commands.addAll(its.take(queue)));
        List<TargetedMessage> its = messages.getOrDefault(group, List.of());
        Durability level =
                synced.contains(group) ? Durability.QUORUM_FSYNC : Durability.LEADER_MEMORY;
        if (bytes(its, commands) <= Proposal.MAX_BYTES) {
            doors.ingress(group)
                    .atomic(
                            its,
                            commands,
                            level,
                            outcome ->
                                    dispatcher.request(
                                            () -> committed(group, result(outcome), acked, others),
                                            () -> stepDone(result(outcome))));
        } else {
            new LargeCommit(
                            doors,
                            group,
                            level,
                            its,
                            commands,
                            result -> committed(group, result, acked, others),
                            () -> stepDone(Result.FAILED))
                    .begin();
        }
    }

    private static long bytes(List<TargetedMessage> messages, List<QueueCommand> commands) {
        long bytes = 0;
        for (TargetedMessage message : messages) {
            bytes += Proposal.COMMAND_HEADER_BYTES + message.commandBytes();
        }
        for (QueueCommand command : commands) {
            bytes += QueueCommandCodec.bytes(command);
        }
        return bytes;
    }

    private static Result result(Outcome outcome) {
        if (!(outcome instanceof Outcome.Applied applied)) {
            return Result.FAILED;
        }
        return applied.replies().contains(PublishReply.REFUSED) ? Result.REFUSED : Result.DONE;
    }

    /// Apply thread.
    private void committed(
            int group, Result result, List<Taken> acked, List<Transaction.Settled> others) {
        Dispatcher dispatcher = doors.dispatcher(group);
        if (result == Result.FAILED) {
            for (Taken one : acked) {
                // Whoever leads the queue anew knows nothing of it, and has it among its messages
                // if it is not settled after all.
                one.queue.giveInHandBack(one.sequence);
                dispatcher.touch(one.queue);
            }
        } else {
            for (Transaction.Settled one : others) {
                LedQueue queue = dispatcher.use(one.queue().id());
                if (queue != null) {
                    queue.settle(outlets[group], one.sequence(), one.settlement());
                }
            }
        }
        stepDone(result);
    }

    /// Any thread.
    private void stepDone(Result result) {
        if (result != Result.DONE) {
            failed.set(true);
        }
        if (left.decrementAndGet() == 0) {
            done.accept(!failed.get());
        }
    }
}
