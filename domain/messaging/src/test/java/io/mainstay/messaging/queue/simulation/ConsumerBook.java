package io.mainstay.messaging.queue.simulation;

import static io.mainstay.kernel.group.SimHost.require;

import io.mainstay.kernel.group.SimHost;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.queue.simulation.SimTopology.Kind;
import io.mainstay.messaging.queue.simulation.SimTopology.Leaving;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// Who consumes from which queue and has what in hand; and what must hold of it.
///
/// - A message is in one hand at a time.
/// - Of the consumers of a queue with a single active one, the next is served when the one before has ended.
/// - A queue that goes by itself goes when nobody consumes, and not before its time; one that goes with its last consumer is gone when that has ended.
final class ConsumerBook {

    /// What is on its way from a dispatcher to a client and back arrives within so long.
    static final long ON_THE_WAY_NANOS = 10_000_000;

    private static final long MS = 1_000_000;

    private final SimTopology topology;
    private final MessageBook book;
    private final Map<Long, Set<Subscription>> byQueue = new HashMap<>();
    private final Map<Place, Hand> hands = new HashMap<>();

    /// By queue: who was served last of those that are served alone.
    private final Map<Long, Subscription> served = new HashMap<>();

    /// By queue: see [#touches].
    private final Map<Long, Integer> touches = new HashMap<>();

    private final Map<Long, Long> usedNanos = new HashMap<>();

    private record Place(long queue, long sequence) {}

    /// @param holder a number for each reader
    private record Hand(long holder, int node, int term, long nanos) {}

    ConsumerBook(SimTopology topology, MessageBook book) {
        this.topology = topology;
        this.book = book;
    }

    /// How often somebody wanted to consume or did so no more, whether or not the leader knows. Counted, as two may end in the same nanosecond, and only the
    /// second one waits until the queue is gone.
    int touches(long queue) {
        return touches.getOrDefault(queue, 0);
    }

    /// Its leader knows that somebody declared it, leads it, begins or ends to consume.
    void used(long queue, long nanos) {
        usedNanos.put(queue, nanos);
    }

    void begins(Subscription subscription) {
        long queue = subscription.queue().id();
        byQueue.computeIfAbsent(queue, id -> new LinkedHashSet<>()).add(subscription);
        touches.merge(queue, 1, Integer::sum);
    }

    void ends(Subscription subscription) {
        long queue = subscription.queue().id();
        of(queue).remove(subscription);
        touches.merge(queue, 1, Integer::sum);
    }

    /// Those that began and have not ended; some may be of nodes that have.
    Set<Subscription> of(long queue) {
        return byQueue.getOrDefault(queue, Set.of());
    }

    // --- what is in hand -------------------------------------------------------------------------

    void taken(SimHost host, long holder, QueueView queue, long sequence) {
        Hand fresh = new Hand(holder, host.node(), host.leadingTerm(queue.group()), host.nanos());
        Hand before = hands.put(new Place(queue.id(), sequence), fresh);
        require(
                before == null
                        || before.node != fresh.node
                        || before.term != fresh.term
                        || fresh.nanos - before.nanos < ON_THE_WAY_NANOS,
                "%s, number %d: delivered while somebody else has it in hand since %d ms",
                queue.name(),
                sequence,
                before == null ? 0 : before.nanos / MS);
    }

    void released(long holder, QueueView queue, long sequence) {
        Place place = new Place(queue.id(), sequence);
        Hand hand = hands.get(place);
        if (hand != null && hand.holder == holder) {
            hands.remove(place);
        }
    }

    /// A delivery to one of those who are served alone.
    void served(Subscription now, int term) {
        Subscription before = served.put(now.queue().id(), now);
        if (before == null || before == now) {
            return;
        }
        book.counts.handOvers++;
        require(
                before.isOver()
                        || before.host() != now.host()
                        || before.servedInTerm() != term
                        || now.host().nanos() - before.servedNanos() < ON_THE_WAY_NANOS,
                "%s: %s is served and %s has not ended",
                now.queue().name(),
                now,
                before);
    }

    // --- queues that go by themselves ------------------------------------------------------------

    /// What is wrong if that node deletes the queue now; `null` if nothing is.
    @Nullable String objection(SimHost host, QueueView queue) {
        for (Subscription one : of(queue.id())) {
            if (one.host() == host
                    && !one.isOver()
                    && one.isSubscribed()
                    && host.nanos() - one.subscribedNanos() > ON_THE_WAY_NANOS
                    && one.subscribedInTerm() == host.leadingTerm(queue.group())) {
                return "%s goes by itself while %s consumes".formatted(queue.name(), one);
            }
        }
        long unusedMs =
                (host.nanos() - usedNanos.getOrDefault(queue.id(), 0L) + ON_THE_WAY_NANOS) / MS;
        return topology.leavingOf(queue.id()) == Leaving.EXPIRED
                        && unusedMs < SimTopology.EXPIRES_MS - SimTopology.CLOCKS_MS * 7 / 10
                ? "%s was used %d ms ago and goes".formatted(queue.name(), unusedMs)
                : null;
    }

    /// A consumer's session is closed, everything that goes with it included.
    ///
    /// @param others whether somebody else may have consumed meanwhile
    void closed(Subscription subscription, boolean others) {
        QueueView queue = subscription.queue();
        require(
                others
                        || topology.leavingOf(queue.id()) != Leaving.AUTO_DELETED
                        || topology.isGone(queue.id()),
                "%s has lost its last consumer and is there",
                queue.name());
    }

    /// The node knows for a while that these queues are gone.
    void gone(SimHost host, List<Long> queues, int group) {
        for (long queue : queues) {
            for (Subscription one : of(queue)) {
                require(
                        one.isOver()
                                || one.host() != host
                                || !one.isSubscribed()
                                || one.subscribedInTerm() != host.leadingTerm(group),
                        "%s was not told that its queue is gone",
                        one);
            }
        }
    }

    /// Whether that is a queue whose consumers are served alone.
    boolean servesOne(QueueView queue) {
        return Objects.equals(topology.kindOf(queue.id()), Kind.SINGLE);
    }
}
