package io.mainstay.messaging.queue.dispatch;

import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.queue.command.Sequences;

import java.util.List;
import java.util.TreeMap;

/// The queues of a message by raft group, as a publish command wants them: queue and lane in turn.
final class Targets {

    private Targets() {}

    /// True if all queues live in one group.
    static boolean inOneGroup(List<QueueView> queues) {
        int group = queues.getFirst().group();
        for (int i = 1; i < queues.size(); i++) {
            if (queues.get(i).group() != group) {
                return false;
            }
        }
        return true;
    }

    static long[] of(List<QueueView> queues, int priority) {
        long[] targets = new long[2 * queues.size()];
        for (int i = 0; i < queues.size(); i++) {
            targets[2 * i] = queues.get(i).id();
            targets[2 * i + 1] = lane(queues.get(i), priority);
        }
        return targets;
    }

    static TreeMap<Integer, List<QueueView>> byGroup(List<QueueView> queues) {
        TreeMap<Integer, List<QueueView>> groups = new TreeMap<>();
        for (QueueView queue : queues) {
            groups.computeIfAbsent(queue.group(), group -> new java.util.ArrayList<>()).add(queue);
        }
        return groups;
    }

    /// Higher priorities than the queue has count as its highest.
    private static int lane(QueueView queue, int priority) {
        return Math.min(
                Math.min(priority, queue.settings().maxPriority()), Sequences.MAX_LANES - 1);
    }
}
