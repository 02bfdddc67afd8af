package io.mainstay.messaging.queue.simulation;

import static io.mainstay.kernel.group.SimHost.require;

import io.mainstay.messaging.api.QueueSession;
import io.mainstay.messaging.api.QueueSession.CountOutcome;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.queue.simulation.SimTopology.Leaving;
import io.mainstay.messaging.queue.state.Lane;
import io.mainstay.messaging.queue.state.QueueState;

import org.jspecify.annotations.Nullable;

import java.util.Set;
import java.util.random.RandomGenerator;

/// The clients of the queues of a data group that come and go: declare them, publish, consume for a while, purge and delete.
final class PassingClients {

    private static final long MS = 1_000_000;

    private final QueueWorkload workload;
    private final MessageBook book;
    private final SimTopology topology;
    private final RandomGenerator random;
    private final int group;

    PassingClients(QueueWorkload workload, RandomGenerator random, int group) {
        this.workload = workload;
        this.book = workload.book();
        this.topology = workload.topology();
        this.random = random;
        this.group = group;
    }

    void begin() {
        for (Leaving why : Leaving.values()) {
            again(why);
        }
    }

    private void again(Leaving why) {
        workload.in(
                random.nextInt(80) * MS,
                () -> {
                    if (!workload.isHealed()) {
                        work(why);
                        again(why);
                    }
                });
    }

    /// What goes by itself does so; the others are consumed.
    void drain() {
        for (QueueView queue : topology.passing()) {
            if (queue.group() == group) {
                if (topology.leavingOf(queue.id()) == Leaving.EXPIRED) {
                    Set.copyOf(workload.consumers().of(queue.id())).forEach(Subscription::close);
                } else {
                    new Consumer(workload, queue, random, this::broker).look();
                }
            }
        }
    }

    private @Nullable SimBroker broker() {
        return workload.anyBroker(random, group);
    }

    private void work(Leaving why) {
        SimBroker at = broker();
        if (at == null) {
            return;
        }
        QueueView queue = topology.passing(at.topologyView(), group, why);
        if (queue == null) {
            if (topology.passing(topology.view(), group, why) == null && random.nextBoolean()) {
                declare(at, why);
            }
            return;
        }
        int chance = random.nextInt(100);
        if (chance < 50) {
            publish(at, queue);
        } else if (chance < 70) {
            consume(at, queue);
        } else if (chance < 76) {
            purge(at, queue);
        } else if (chance < 86 && why == Leaving.DELETED) {
            delete(at, queue);
        }
    }

    /// Publishes as soon as the node knows the queue.
    private void declare(SimBroker at, Leaving why) {
        QueueView declared = workload.declare(group, why);
        at.topologyChanged();
        at.host.in(
                random.nextInt(10) * MS,
                () -> {
                    if (at.topologyView().queue(declared.id()) != null) {
                        publish(at, declared);
                    }
                });
    }

    private void publish(SimBroker at, QueueView queue) {
        QueueSession session = at.open();
        long publisher = workload.newNumber();
        int count = 1 + random.nextInt(6);
        int[] left = {count};
        for (int i = 0; i < count; i++) {
            SentMessage message =
                    new SentMessage(
                            book.newId(),
                            random.nextInt(100),
                            publisher,
                            Set.of(queue.id()),
                            "",
                            queue.name(),
                            0,
                            0,
                            null);
            book.sent(message, workload.now());
            session.publish(
                    message,
                    java.util.List.of(queue),
                    (id, outcome) -> {
                        book.answered(id, outcome);
                        if (--left[0] == 0) {
                            session.close();
                        }
                    },
                    message.id());
        }
        session.flush();
        at.host.asked();
    }

    private void consume(SimBroker at, QueueView queue) {
        Subscription subscription = new Subscription(workload, at, queue, random);
        workload.in((20 + random.nextInt(400)) * MS, subscription::close);
    }

    private void purge(SimBroker at, QueueView queue) {
        QueueSession session = at.open();
        int term = at.host.leadingTerm(group);
        QueueState state = at.machine(group).queue(queue.id());
        Lane lane = state == null ? null : state.lane(0);
        long tail = lane == null ? 0 : lane.tail();
        boolean[] answered = {false};
        book.mayBePurged(queue);
        session.purge(
                queue,
                outcome -> {
                    answered[0] = true;
                    if (outcome instanceof CountOutcome.Done(long messages)) {
                        book.purged(at.host, term, queue, tail, messages);
                    }
                    session.close();
                });
        at.host.asked();
        underWay(at, queue, answered);
    }

    /// As long as nobody knows whether it is done.
    private void underWay(SimBroker at, QueueView queue, boolean[] answered) {
        if (!answered[0]) {
            book.mayBePurged(queue);
            at.host.in(MS, () -> underWay(at, queue, answered));
        }
    }

    private void delete(SimBroker at, QueueView queue) {
        QueueSession session = at.open();
        boolean ifUnused = random.nextInt(3) == 0;
        String objection = workload.consumers().objection(at.host, queue);
        int touches = workload.consumers().touches(queue.id());
        session.delete(
                queue,
                ifUnused,
                random.nextInt(3) == 0,
                outcome -> {
                    boolean done = outcome instanceof CountOutcome.Done;
                    require(
                            !done || topology.isGone(queue.id()),
                            "%s is deleted and is there",
                            queue.name());
                    require(
                            !done
                                    || !ifUnused
                                    || objection == null
                                    || workload.consumers().touches(queue.id()) != touches
                                    || !isLedHere(at, queue),
                            "%s was to be deleted if it is unused: %s",
                            queue.name(),
                            objection);
                    session.close();
                });
        at.host.asked();
    }

    /// Who does not lead it knows no such queue.
    private boolean isLedHere(SimBroker at, QueueView queue) {
        return at.host.leadingTerm(queue.group()) >= 0;
    }
}
