package io.mainstay.messaging.service;

import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.api.TopologyView;
import io.mainstay.messaging.api.VhostView;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The queues of the topology as dispatchers know them, those of delayed exchanges among them, to tell what is new. Apply thread only.
public final class KnownQueues {

    private final Map<String, VhostView> vhosts = new HashMap<>();

    /// What differs, by group.
    ///
    /// @param changed queues that are new or have other properties
    /// @param gone ids
    public record Difference(List<QueueView> changed, List<Long> gone) {}

    /// Takes the view over and returns what is otherwise than before. What did not change costs nothing, however many queues there are.
    public Map<Integer, Difference> update(TopologyView view) {
        Map<Integer, Difference> differences = new TreeMap<>();
        for (VhostView vhost : view.vhosts()) {
            VhostView before = vhosts.put(vhost.name(), vhost);
            if (before == null) {
                queuesOf(vhost).forEach(queue -> changed(queue, differences));
            } else if (before != vhost) {
                update(before, vhost, differences);
            }
        }
        for (VhostView vhost : List.copyOf(vhosts.values())) {
            if (view.vhost(vhost.name()) == null) {
                vhosts.remove(vhost.name());
                queuesOf(vhost).forEach(queue -> gone(queue, differences));
            }
        }
        return differences;
    }

    private static void update(
            VhostView before, VhostView after, Map<Integer, Difference> differences) {
        Map<Long, QueueView> gone = new HashMap<>();
        List<QueueView> come = new ArrayList<>();
        after.queuesSince(before, queue -> gone.put(queue.id(), queue), come::add);
        for (QueueView queue : come) {
            if (!queue.equals(gone.remove(queue.id()))) {
                changed(queue, differences);
            }
        }
        gone.values().forEach(queue -> gone(queue, differences));
    }

    private static List<QueueView> queuesOf(VhostView vhost) {
        List<QueueView> all = new ArrayList<>(vhost.queues());
        all.addAll(vhost.delayQueues());
        return all;
    }

    private static void changed(QueueView queue, Map<Integer, Difference> differences) {
        in(queue.group(), differences).changed.add(queue);
    }

    private static void gone(QueueView queue, Map<Integer, Difference> differences) {
        in(queue.group(), differences).gone.add(queue.id());
    }

    private static Difference in(int group, Map<Integer, Difference> differences) {
        return differences.computeIfAbsent(
                group, g -> new Difference(new ArrayList<>(), new ArrayList<>()));
    }

    /// Those that live in that raft group.
    public Collection<QueueView> of(int group) {
        List<QueueView> found = new ArrayList<>();
        for (VhostView vhost : vhosts.values()) {
            for (QueueView queue : queuesOf(vhost)) {
                if (queue.group() == group) {
                    found.add(queue);
                }
            }
        }
        return found;
    }
}
