package io.mainstay.messaging.queue.dispatch;

import io.mainstay.kernel.group.Durability;
import io.mainstay.messaging.api.OutgoingMessage;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.queue.command.QueueCommandCodec;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// The queues of a message by raft group, as a publish command wants them: queue and lane in turn.
final class Targets {

    private Targets() {}

    /// Queues of one group, as many as a command takes, to which the message goes as it is there.
    record Part(int group, OutgoingMessage message, List<QueueView> queues) {}

    /// True if the message goes to all queues in one command: they live in one group, are not too many, and it waits at none of them.
    static boolean areOnePart(List<QueueView> queues) {
        if (queues.size() > QueueCommandCodec.MAX_TARGETS) {
            return false;
        }
        int group = queues.getFirst().group();
        for (int i = 0; i < queues.size(); i++) {
            QueueView queue = queues.get(i);
            if (queue.group() != group || queue.type() == QueueView.Type.DELAYED) {
                return false;
            }
        }
        return true;
    }

    /// What goes to each group, in several parts if a command takes no more queues; what waits goes to each delayed exchange by itself.
    static List<Part> parts(OutgoingMessage message, List<QueueView> queues) {
        List<Part> parts = new ArrayList<>();
        List<QueueView> others = new ArrayList<>();
        for (QueueView queue : queues) {
            if (queue.type() == QueueView.Type.DELAYED) {
                parts.add(new Part(queue.group(), new WaitingMessage(message), List.of(queue)));
            } else {
                others.add(queue);
            }
        }
        byGroup(others).forEach((group, its) -> add(group, message, its, parts));
        return parts;
    }

    private static void add(
            int group, OutgoingMessage message, List<QueueView> queues, List<Part> parts) {
        for (int from = 0; from < queues.size(); from += QueueCommandCodec.MAX_TARGETS) {
            int to = Math.min(queues.size(), from + QueueCommandCodec.MAX_TARGETS);
            parts.add(new Part(group, message, queues.subList(from, to)));
        }
    }

    /// When a message is delivered and confirmed: at once if it, or each of its queues, is gone after a start anyway. All messages of a quorum queue or a stream
    /// are kept.
    static Durability level(OutgoingMessage message, List<QueueView> queues) {
        for (int i = 0; i < queues.size(); i++) {
            QueueView queue = queues.get(i);
            if (queue.durable()
                    && (message.persistent() || queue.type() != QueueView.Type.CLASSIC)) {
                return Durability.QUORUM_FSYNC;
            }
        }
        return Durability.LEADER_MEMORY;
    }

    static long[] of(List<QueueView> queues, int priority) {
        long[] targets = new long[2 * queues.size()];
        for (int i = 0; i < queues.size(); i++) {
            targets[2 * i] = queues.get(i).id();
            targets[2 * i + 1] = lane(queues.get(i), priority);
        }
        return targets;
    }

    private static TreeMap<Integer, List<QueueView>> byGroup(List<QueueView> queues) {
        TreeMap<Integer, List<QueueView>> groups = new TreeMap<>();
        for (QueueView queue : queues) {
            groups.computeIfAbsent(queue.group(), group -> new ArrayList<>()).add(queue);
        }
        return groups;
    }

    /// Higher priorities than the queue has count as its highest.
    private static int lane(QueueView queue, int priority) {
        return Math.min(priority, queue.settings().maxPriority());
    }
}
