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
    private final Map<String, Map<Long, QueueView>> byVhost = new HashMap<>();

    /// What differs, by group.
    ///
    /// @param changed queues that are new or have other properties
    /// @param gone ids
    public record Difference(List<QueueView> changed, List<Long> gone) {}

    /// Takes the view over and returns what is otherwise than before. A virtual host whose view is the same object costs nothing.
    public Map<Integer, Difference> update(TopologyView view) {
        Map<Integer, Difference> differences = new TreeMap<>();
        for (VhostView vhost : view.vhosts()) {
            if (vhosts.put(vhost.name(), vhost) != vhost) {
                update(vhost, differences);
            }
        }
        for (String name : List.copyOf(vhosts.keySet())) {
            if (view.vhost(name) == null) {
                vhosts.remove(name);
                Map<Long, QueueView> before = byVhost.remove(name);
                if (before != null) {
                    before.values().forEach(queue -> gone(queue, differences));
                }
            }
        }
        return differences;
    }

    private void update(VhostView vhost, Map<Integer, Difference> differences) {
        Map<Long, QueueView> before = byVhost.getOrDefault(vhost.name(), Map.of());
        Map<Long, QueueView> after = new HashMap<>();
        vhost.queues().forEach(queue -> after.put(queue.id(), queue));
        vhost.delayQueues().forEach(queue -> after.put(queue.id(), queue));
        for (QueueView queue : after.values()) {
            QueueView known = before.get(queue.id());
            if (known != queue && !queue.equals(known)) {
                in(queue.group(), differences).changed.add(queue);
            }
        }
        before.values().stream()
                .filter(queue -> !after.containsKey(queue.id()))
                .forEach(queue -> gone(queue, differences));
        byVhost.put(vhost.name(), after);
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
        byVhost.values()
                .forEach(
                        queues ->
                                queues.values().stream()
                                        .filter(queue -> queue.group() == group)
                                        .forEach(found::add));
        return found;
    }
}
