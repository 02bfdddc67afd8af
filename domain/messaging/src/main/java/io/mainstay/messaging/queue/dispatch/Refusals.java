package io.mainstay.messaging.queue.dispatch;

import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.api.TopologyOutcome.Reason;
import io.mainstay.messaging.api.TopologyOutcome.Refused;

/// Why nothing can be asked of a queue.
final class Refusals {

    private Refusals() {}

    static Refused notFound(QueueView queue) {
        return new Refused(Reason.NOT_FOUND, "no " + shown(queue));
    }

    /// Words of RabbitMQ's answer for a durable queue whose node is down, as operators look for them.
    static Refused inaccessible(QueueView queue) {
        return new Refused(
                Reason.INACCESSIBLE,
                shown(queue)
                        + " is down or inaccessible: its raft group "
                        + queue.group()
                        + " is out of service");
    }

    private static String shown(QueueView queue) {
        return "queue '%s' in vhost '%s'".formatted(queue.name(), queue.vhost());
    }
}
