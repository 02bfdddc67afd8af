package io.mainstay.head.amqp;

import io.mainstay.head.amqp.wire.AmqpException;
import io.mainstay.head.amqp.wire.ReplyCode;
import io.mainstay.messaging.api.ExchangeView;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.api.VhostView;

/// Names of queues and exchanges, with RabbitMQ's sentences for those that are not.
final class Names {

    private static final String RESERVED = "amq.";

    private Names() {}

    /// RabbitMQ drops line ends in names.
    static String clean(String name) {
        return name.indexOf('\n') < 0 && name.indexOf('\r') < 0
                ? name
                : name.replace("\n", "").replace("\r", "");
    }

    static QueueView queue(VhostView vhost, String name) throws AmqpException {
        QueueView queue = vhost.queue(name);
        if (queue == null) {
            throw new AmqpException(
                    ReplyCode.NOT_FOUND,
                    "no queue '%s' in vhost '%s'".formatted(name, vhost.name()));
        }
        return queue;
    }

    static ExchangeView exchange(VhostView vhost, String name) throws AmqpException {
        ExchangeView exchange = vhost.exchange(name);
        if (exchange == null) {
            throw new AmqpException(
                    ReplyCode.NOT_FOUND,
                    "no exchange '%s' in vhost '%s'".formatted(name, vhost.name()));
        }
        return exchange;
    }

    /// A queue as RabbitMQ's sentences name it.
    static String shown(QueueView queue) {
        return "queue '%s' in vhost '%s'".formatted(queue.name(), queue.vhost());
    }

    /// What a client may not do with a stream.
    static AmqpException notOfStreams(String what, QueueView queue) {
        return new AmqpException(
                ReplyCode.NOT_IMPLEMENTED,
                "%s not supported by stream queues %s".formatted(what, shown(queue)));
    }

    /// @param kind `queue` or `exchange`
    static void notReserved(String kind, String name) throws AmqpException {
        if (name.startsWith(RESERVED)) {
            throw new AmqpException(
                    ReplyCode.ACCESS_REFUSED,
                    "%s name '%s' contains reserved prefix 'amq.*'".formatted(kind, name));
        }
    }

    /// Of an exchange that shall be deleted.
    static void notSystem(VhostView vhost, String exchange) throws AmqpException {
        if (exchange.startsWith(RESERVED)) {
            throw new AmqpException(
                    ReplyCode.ACCESS_REFUSED,
                    "deletion of system exchange '%s' in vhost '%s' not allowed"
                            .formatted(exchange, vhost.name()));
        }
    }

    static void notDefault(String exchange) throws AmqpException {
        if (exchange.isEmpty()) {
            throw new AmqpException(
                    ReplyCode.ACCESS_REFUSED, "operation not permitted on the default exchange");
        }
    }
}
