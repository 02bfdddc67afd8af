package io.mainstay.messaging.queue.dispatch;

import io.mainstay.kernel.group.Durability;
import io.mainstay.kernel.group.Outcome;
import io.mainstay.messaging.api.QueueSession.Settlement;
import io.mainstay.messaging.api.QueueSession.Transaction;
import io.mainstay.messaging.queue.command.QueueCommand;
import io.mainstay.messaging.queue.dispatch.Ingress.TargetedMessage;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// A transaction: one entry for each raft group that it touches, with its messages and acknowledgements. What is returned or rejected follows once the
/// entries are applied.
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
            doors.dispatcher(group).submit(() -> commit(group));
        }
    }

    /// Apply thread.
    private void commit(int group) {
        Dispatcher dispatcher = doors.dispatcher(group);
        List<QueueCommand> commands = new ArrayList<>();
        List<Transaction.Settled> acked = new ArrayList<>();
        List<Transaction.Settled> others = new ArrayList<>();
        for (Transaction.Settled one : settles.getOrDefault(group, List.of())) {
            LedQueue queue = dispatcher.use(one.queue().id());
            if (queue == null) {
                continue;
            }
            if (one.settlement() != Settlement.ACK || !queue.logsAcks()) {
                others.add(one);
            } else if (queue.takeInHand(outlets[group], one.sequence())) {
                acked.add(one);
                commands.add(
                        new QueueCommand.Settle(
                                one.queue().id(), new long[] {one.sequence(), one.sequence()}));
            }
        }
        doors.ingress(group)
                .atomic(
                        messages.getOrDefault(group, List.of()),
                        commands,
                        synced.contains(group) ? Durability.QUORUM_FSYNC : Durability.LEADER_MEMORY,
                        outcome ->
                                dispatcher.submit(() -> committed(group, outcome, acked, others)));
    }

    /// Apply thread.
    private void committed(
            int group,
            Outcome outcome,
            List<Transaction.Settled> acked,
            List<Transaction.Settled> others) {
        Dispatcher dispatcher = doors.dispatcher(group);
        if (outcome instanceof Outcome.Applied) {
            for (Transaction.Settled one : others) {
                LedQueue queue = dispatcher.use(one.queue().id());
                if (queue != null) {
                    queue.settle(outlets[group], one.sequence(), one.settlement());
                }
            }
        } else {
            failed.set(true);
            for (Transaction.Settled one : acked) {
                LedQueue queue = dispatcher.use(one.queue().id());
                if (queue != null) {
                    queue.giveInHandBack(one.sequence());
                }
            }
        }
        if (left.decrementAndGet() == 0) {
            done.accept(!failed.get());
        }
    }
}
