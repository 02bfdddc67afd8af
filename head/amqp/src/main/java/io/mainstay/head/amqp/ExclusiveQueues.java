package io.mainstay.head.amqp;

import io.mainstay.head.amqp.wire.AmqpException;
import io.mainstay.head.amqp.wire.ReplyCode;
import io.mainstay.messaging.api.QueueView;

/// The exclusive queues of one connection: nobody else may use them, and they go with it. Event loop only.
final class ExclusiveQueues {

    private final String connectionId;
    private final TopologyCalls topology;
    private boolean gone;
    private Runnable whenGone = () -> {};

    ExclusiveQueues(String connectionId, TopologyCalls topology) {
        this.connectionId = connectionId;
        this.topology = topology;
    }

    /// @throws AmqpException 405 if the queue belongs to another connection
    void check(QueueView queue) throws AmqpException {
        if (queue.exclusive() && !queue.owner().equals(connectionId)) {
            throw new AmqpException(
                    ReplyCode.RESOURCE_LOCKED,
                    "cannot obtain exclusive access to locked queue '%s' in vhost '%s'. It could be originally declared on another connection or the exclusive property value does not match that of the original declaration."
                            .formatted(queue.name(), queue.vhost()));
        }
    }

    /// The connection ends. Once.
    void deleteAll() {
        topology.closed(
                connectionId,
                () -> {
                    gone = true;
                    whenGone.run();
                });
    }

    /// `done` runs when all are gone, perhaps at once.
    void whenGone(Runnable done) {
        if (gone) {
            done.run();
        } else {
            whenGone = done;
        }
    }
}
