package io.mainstay.messaging.queue.simulation;

import static io.mainstay.messaging.topology.Machines.bind;
import static io.mainstay.messaging.topology.Machines.declare;
import static io.mainstay.messaging.topology.Machines.exchange;
import static io.mainstay.messaging.topology.Machines.table;

import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.api.TopologyChange.DeclareQueue;
import io.mainstay.messaging.api.TopologyChange.DeleteQueue;
import io.mainstay.messaging.api.TopologyView;
import io.mainstay.messaging.message.FieldTable;
import io.mainstay.messaging.topology.Machines;

import org.jspecify.annotations.Nullable;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/// The queues of a simulation: one of each kind in each data group that is there from the beginning, a delayed exchange that leads to a plain one, and some
/// that come and go. The nodes share its newest state and see it a moment later; how it is replicated is the simulation of the topology's own.
final class SimTopology {

    /// What a queue that stays is there for.
    enum Kind {
        /// Consumed at once.
        PLAIN,
        /// Of type quorum: what came back too often is dead.
        QUORUM,
        /// Messages are dead after a while.
        TTL,
        PRIORITY,
        /// Refuses messages when it is full.
        SHORT,
        /// Where the dead go.
        DEAD,
        /// Consumed when the faults are over.
        BACKLOG,
        /// Consumers who keep a delivery lose it.
        TIMED,
        /// One consumer is served.
        SINGLE,
        /// A stream that keeps some bytes.
        STREAM,
        /// A stream that keeps what is young.
        AGED;

        static final Set<Kind> STREAMS = EnumSet.of(STREAM, AGED);
    }

    /// Why a queue that comes and goes goes.
    enum Leaving {
        /// A client deletes it.
        DELETED,
        /// Nobody consumes any more.
        AUTO_DELETED,
        /// Nobody used it for a while.
        EXPIRED
    }

    static final long TIMEOUT_MS = 1_000;
    static final long EXPIRES_MS = 1_000;
    static final long STREAM_BYTES = 2_000;
    static final long STREAM_AGE_MS = 2_000;

    /// A node's clock is so far off another's, and jumps so far, at most.
    static final long CLOCKS_MS = 1_000;

    final int groups;
    private final Machines machines;
    private final Map<Integer, Map<Kind, QueueView>> byGroup = new TreeMap<>();
    private final Map<Long, Kind> kinds = new TreeMap<>();
    private final Map<Long, Leaving> leaving = new TreeMap<>();
    private final Set<Long> gone = new HashSet<>();
    private final Map<Integer, String> delayed = new TreeMap<>();
    private TopologyView view;

    SimTopology(int groups) {
        this.groups = groups;
        this.machines = new Machines(groups);
        for (int group = 1; group <= groups; group++) {
            Map<Kind, String> names = new TreeMap<>();
            for (Kind kind : Kind.values()) {
                names.put(kind, declaredIn(group, kind.name().toLowerCase(Locale.ROOT)));
            }
            String dead = names.get(Kind.DEAD);
            make(
                    names.get(Kind.QUORUM),
                    dead,
                    Map.of("x-queue-type", "quorum", "x-delivery-limit", 2L));
            make(names.get(Kind.TTL), dead, Map.of("x-message-ttl", 150L));
            make(names.get(Kind.PRIORITY), dead, Map.of("x-max-priority", 3L));
            make(
                    names.get(Kind.SHORT),
                    null,
                    Map.of("x-max-length", 4L, "x-overflow", "reject-publish"));
            make(names.get(Kind.PLAIN), dead, Map.of());
            make(dead, null, Map.of());
            make(names.get(Kind.BACKLOG), null, Map.of());
            make(names.get(Kind.TIMED), dead, Map.of("x-consumer-timeout", TIMEOUT_MS));
            make(names.get(Kind.SINGLE), null, Map.of("x-single-active-consumer", true));
            make(
                    names.get(Kind.STREAM),
                    null,
                    Map.of("x-queue-type", "stream", "x-max-length-bytes", STREAM_BYTES));
            make(
                    names.get(Kind.AGED),
                    null,
                    Map.of("x-queue-type", "stream", "x-max-age", STREAM_AGE_MS / 1_000 + "s"));
            String name = declaredIn(group, "delayed");
            machines.make(exchange(name, "x-delayed-message", table("x-delayed-type", "direct")));
            machines.make(bind(name, names.get(Kind.PLAIN), "key"));
            delayed.put(group, name);
            Map<Kind, QueueView> queues = new TreeMap<>();
            names.forEach(
                    (kind, queue) -> {
                        queues.put(kind, machines.queue(queue));
                        kinds.put(machines.queue(queue).id(), kind);
                    });
            byGroup.put(group, queues);
        }
        view = machines.view();
    }

    /// A name whose slot lies in the group.
    private String declaredIn(int group, String prefix) {
        for (int i = 0; ; i++) {
            String name = prefix + "-" + i;
            if (machines.groupOf(name) == group) {
                return name;
            }
        }
    }

    private void make(String name, @Nullable String dead, Map<String, Object> arguments) {
        Map<String, Object> all = new TreeMap<>(arguments);
        if (dead != null) {
            all.put("x-dead-letter-exchange", "");
            all.put("x-dead-letter-routing-key", dead);
        }
        machines.make(declare(name, new FieldTable(all)));
    }

    /// The newest.
    TopologyView view() {
        return view;
    }

    QueueView queue(int group, Kind kind) {
        return Objects.requireNonNull(Objects.requireNonNull(byGroup.get(group)).get(kind));
    }

    /// `null` for what waits at a delayed exchange and for what comes and goes.
    @Nullable Kind kindOf(long queue) {
        return kinds.get(queue);
    }

    boolean isStream(long queue) {
        Kind kind = kinds.get(queue);
        return kind != null && Kind.STREAMS.contains(kind);
    }

    String delayedExchange(int group) {
        return Objects.requireNonNull(delayed.get(group));
    }

    // --- what comes and goes ---------------------------------------------------------------------

    /// The name of the queue of the group that goes for that reason.
    String passing(int group, Leaving why) {
        return declaredIn(group, why.name().toLowerCase(Locale.ROOT));
    }

    /// That queue, as somebody sees it who has that view; `null` if it is not there.
    @Nullable QueueView passing(TopologyView seen, int group, Leaving why) {
        return Objects.requireNonNull(seen.vhost(Machines.VHOST)).queue(passing(group, why));
    }

    QueueView declarePassing(int group, Leaving why) {
        String name = passing(group, why);
        FieldTable arguments =
                why == Leaving.EXPIRED ? table("x-expires", EXPIRES_MS) : FieldTable.EMPTY;
        machines.make(
                new DeclareQueue(
                        Machines.VHOST, name, true, why == Leaving.AUTO_DELETED, "", arguments));
        view = machines.view();
        leaving.put(machines.queue(name).id(), why);
        return machines.queue(name);
    }

    void delete(QueueView queue) {
        machines.make(new DeleteQueue(queue.vhost(), queue.name(), queue.id()));
        view = machines.view();
        gone.add(queue.id());
    }

    /// `null` for a queue that stays.
    @Nullable Leaving leavingOf(long queue) {
        return leaving.get(queue);
    }

    /// It was there, and is deleted.
    boolean isGone(long queue) {
        return gone.contains(queue);
    }

    /// All that are there and may go.
    List<QueueView> passing() {
        return Objects.requireNonNull(view.vhost(Machines.VHOST)).queues().stream()
                .filter(queue -> leaving.containsKey(queue.id()))
                .toList();
    }
}
