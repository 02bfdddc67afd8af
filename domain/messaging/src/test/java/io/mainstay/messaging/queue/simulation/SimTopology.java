package io.mainstay.messaging.queue.simulation;

import static io.mainstay.messaging.topology.Machines.bind;
import static io.mainstay.messaging.topology.Machines.declare;
import static io.mainstay.messaging.topology.Machines.exchange;
import static io.mainstay.messaging.topology.Machines.table;

import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.api.TopologyView;
import io.mainstay.messaging.message.FieldTable;
import io.mainstay.messaging.topology.Machines;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/// The queues of a simulation, the same in each run: one of each kind in each data group, and a delayed exchange that leads to a plain one.
final class SimTopology {

    /// What a queue is there for.
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
        BACKLOG
    }

    final int groups;
    private final Machines machines;
    private final Map<Integer, Map<Kind, QueueView>> byGroup = new TreeMap<>();
    private final Map<Long, Kind> kinds = new TreeMap<>();
    private final Map<Integer, String> delayed = new TreeMap<>();
    private final TopologyView view;

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

    TopologyView view() {
        return view;
    }

    QueueView queue(int group, Kind kind) {
        return Objects.requireNonNull(Objects.requireNonNull(byGroup.get(group)).get(kind));
    }

    /// `null` for what waits at a delayed exchange.
    @Nullable Kind kindOf(long queue) {
        return kinds.get(queue);
    }

    String delayedExchange(int group) {
        return Objects.requireNonNull(delayed.get(group));
    }

    /// The queues of a group, those of delayed exchanges among them.
    Collection<QueueView> queuesOf(int group) {
        List<QueueView> found = new ArrayList<>();
        var vhost = Objects.requireNonNull(view.vhost(Machines.VHOST));
        vhost.queues().stream().filter(queue -> queue.group() == group).forEach(found::add);
        vhost.delayQueues().stream().filter(queue -> queue.group() == group).forEach(found::add);
        return found;
    }
}
