package io.mainstay.head.amqp;

import io.mainstay.head.amqp.wire.AmqpException;
import io.mainstay.head.amqp.wire.ReplyCode;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.api.TopologyChange;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;

/// The exclusive queues of one connection: nobody else may use them, and they go with it. Event loop only.
final class ExclusiveQueues {

    private final String connectionId;
    private final String vhost;
    private final TopologyCalls topology;
    private final Map<Long, QueueView> queues = new LinkedHashMap<>();
    private boolean ended;
    private int going;
    private @Nullable Runnable whenGone;

    ExclusiveQueues(String connectionId, String vhost, TopologyCalls topology) {
        this.connectionId = connectionId;
        this.vhost = vhost;
        this.topology = topology;
    }

    /// @throws AmqpException 405 if the queue belongs to another connection
    void check(QueueView queue) throws AmqpException {
        if (queue.exclusive() && !queue.owner().equals(connectionId)) {
            throw locked(queue.name(), vhost);
        }
    }

    static AmqpException locked(String queue, String vhost) {
        return new AmqpException(
                ReplyCode.RESOURCE_LOCKED,
                "cannot obtain exclusive access to locked queue '%s' in vhost '%s'. It could be originally declared on another connection or the exclusive property value does not match that of the original declaration."
                        .formatted(queue, vhost));
    }

    void declared(QueueView queue) {
        if (!queue.owner().equals(connectionId)) {
            return;
        }
        if (ended) {
            delete(queue);
        } else {
            queues.put(queue.id(), queue);
        }
    }

    void deleted(QueueView queue) {
        queues.remove(queue.id());
    }

    void deleteAll() {
        ended = true;
        queues.values().forEach(this::delete);
        queues.clear();
    }

    private void delete(QueueView queue) {
        going++;
        topology.change(
                new TopologyChange.DeleteQueue(vhost, queue.name(), queue.id()),
                outcome -> {
                    going--;
                    tell();
                });
    }

    /// `done` runs when all are gone, perhaps at once.
    void whenGone(Runnable done) {
        whenGone = done;
        tell();
    }

    private void tell() {
        Runnable done = whenGone;
        if (going == 0 && done != null) {
            whenGone = null;
            done.run();
        }
    }
}
