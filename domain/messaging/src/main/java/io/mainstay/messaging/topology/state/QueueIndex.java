package io.mainstay.messaging.topology.state;

import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.topology.view.PersistentMap;

import java.util.List;
import java.util.TreeMap;

/// All queues by incarnation, and the exclusive ones by owner. Says the same as the virtual hosts, for those who know no name.
final class QueueIndex {

    private PersistentMap<Long, QueueView> byId = PersistentMap.empty();
    private final TreeMap<String, TreeMap<Long, QueueView>> byOwner = new TreeMap<>();

    void put(QueueView queue) {
        byId = byId.with(queue.id(), queue);
        if (queue.exclusive()) {
            byOwner.computeIfAbsent(queue.owner(), owner -> new TreeMap<>()).put(queue.id(), queue);
        }
    }

    void remove(QueueView queue) {
        byId = byId.without(queue.id());
        TreeMap<Long, QueueView> owned = byOwner.get(queue.owner());
        if (owned != null) {
            owned.remove(queue.id());
            if (owned.isEmpty()) {
                byOwner.remove(queue.owner());
            }
        }
    }

    void clear() {
        byId = PersistentMap.empty();
        byOwner.clear();
    }

    PersistentMap<Long, QueueView> byId() {
        return byId;
    }

    int size() {
        return byId.size();
    }

    /// In the order of declaration.
    List<QueueView> ownedBy(String owner) {
        TreeMap<Long, QueueView> owned = byOwner.get(owner);
        return owned == null ? List.of() : List.copyOf(owned.values());
    }
}
