package io.mainstay.head.amqp;

import io.mainstay.common.Check;
import io.mainstay.head.amqp.wire.AmqpException;
import io.mainstay.head.amqp.wire.Method;
import io.mainstay.head.amqp.wire.MethodId;
import io.mainstay.head.amqp.wire.ReplyCode;
import io.mainstay.messaging.api.ExchangeView;
import io.mainstay.messaging.api.QueueSession.CountOutcome;
import io.mainstay.messaging.api.QueueStats;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.api.TopologyChange;
import io.mainstay.messaging.api.TopologyOutcome.Done;
import io.mainstay.messaging.api.TopologyOutcome.Reason;
import io.mainstay.messaging.api.TopologyView.Operation;
import io.mainstay.messaging.api.VhostView;
import io.mainstay.messaging.message.FieldTable;
import io.mainstay.platform.Secrets;

/// The class queue. Event loop only.
final class QueueMethods {

    private static final String GENERATED = "amq.gen-";

    private final AmqpChannel channel;

    /// What an empty name means; empty: nothing yet.
    private String lastDeclared = "";

    QueueMethods(AmqpChannel channel) {
        this.channel = channel;
    }

    void declare(Method.QueueDeclare declare) throws AmqpException {
        String name = Names.clean(declare.queue());
        if (declare.passive()) {
            declarePassive(name, declare.noWait());
            return;
        }
        boolean generated = name.isEmpty();
        if (generated) {
            notServerNamed(declare.arguments());
        }
        String full = generated ? GENERATED + Secrets.text(16) : name;
        RunningConnection connection = channel.connection();
        VhostView vhost = connection.vhost();
        Rights rights = connection.rights();
        rights.queue(Operation.CONFIGURE, full);
        QueueView present = vhost.queue(full);
        if (present != null) {
            connection.exclusive().check(present);
        } else {
            if (!generated) {
                Names.notReserved("queue", full);
            }
            if (declare.arguments().get("x-dead-letter-exchange") instanceof String exchange) {
                rights.queue(Operation.READ, full);
                rights.exchange(Operation.WRITE, exchange);
            }
        }
        channel.change(
                MethodId.QUEUE_DECLARE,
                new TopologyChange.DeclareQueue(
                        vhost.name(),
                        full,
                        declare.durable(),
                        declare.autoDelete(),
                        declare.exclusive() ? connection.id() : "",
                        declare.arguments()),
                done -> made(done, declare.noWait()));
    }

    /// Such a name belongs to a connection, and these types outlive it.
    private static void notServerNamed(FieldTable arguments) throws AmqpException {
        Object type = arguments.get("x-queue-type");
        if ("quorum".equals(type) || "stream".equals(type)) {
            throw new AmqpException(
                    ReplyCode.PRECONDITION_FAILED,
                    "Cannot declare a server-named queue for type rabbit_%s_queue".formatted(type));
        }
    }

    private void made(Done done, boolean noWait) {
        QueueView queue = Check.present(done.queue(), "a queue was declared and is not told");
        lastDeclared = queue.name();
        declared(queue, noWait);
    }

    private void declarePassive(String name, boolean noWait) throws AmqpException {
        if (name.equals(DirectReplies.QUEUE) || DirectReplies.isReplyKey(name)) {
            declareReplies(name, noWait);
            return;
        }
        QueueView queue = usable(name);
        lastDeclared = name;
        declared(queue, noWait);
    }

    /// Whether somebody listens to a reply name: a client may ask before it does expensive work for nobody.
    private void declareReplies(String name, boolean noWait) throws AmqpException {
        boolean there =
                name.equals(DirectReplies.QUEUE)
                        || channel.connection().shared().replies().receiver(name) != null;
        if (!there) {
            throw new AmqpException(
                    ReplyCode.NOT_FOUND,
                    "no queue '%s' in vhost '%s'"
                            .formatted(name, channel.connection().peer().vhost()));
        }
        if (!noWait) {
            channel.out().queueDeclareOk(channel.number(), name, 0, 1);
        }
    }

    private void declared(QueueView queue, boolean noWait) {
        if (noWait) {
            return;
        }
        channel.pause();
        channel.connection()
                .session()
                .inspect(
                        queue,
                        stats ->
                                channel.answered(
                                        MethodId.QUEUE_DECLARE,
                                        stats,
                                        it ->
                                                channel.out()
                                                        .queueDeclareOk(
                                                                channel.number(),
                                                                queue.name(),
                                                                it.ready(),
                                                                shownConsumers(queue, it))),
                        refused ->
                                channel.answered(
                                        MethodId.QUEUE_DECLARE,
                                        refused,
                                        it -> {
                                            throw TopologyCalls.error(it.reason(), it.message());
                                        }));
    }

    /// RabbitMQ counts no readers of a stream here, and clients take a number above 0 for somebody who takes messages away.
    private static int shownConsumers(QueueView queue, QueueStats stats) {
        return queue.type() == QueueView.Type.STREAM ? 0 : stats.consumers();
    }

    void bind(Method.QueueBind bind) throws AmqpException {
        String queue = named(bind.queue());
        String key = key(bind.queue(), bind.routingKey());
        String vhost = checked(queue, bind.exchange(), key);
        channel.change(
                MethodId.QUEUE_BIND,
                new TopologyChange.Bind(
                        vhost, bind.exchange(), queue, false, key, bind.arguments()),
                done -> {
                    if (!bind.noWait()) {
                        channel.out().bare(channel.number(), MethodId.QUEUE_BIND_OK);
                    }
                });
    }

    /// What is not bound, or not there at all, is unbound: RabbitMQ's clients rely on it.
    void unbind(Method.QueueUnbind unbind) throws AmqpException {
        String queue = named(unbind.queue());
        String key = key(unbind.queue(), unbind.routingKey());
        VhostView vhost = channel.connection().vhost();
        boolean there = vhost.queue(queue) != null && vhost.exchange(unbind.exchange()) != null;
        if (there) {
            checked(queue, unbind.exchange(), key);
        } else {
            mayBind(queue, unbind.exchange());
        }
        channel.change(
                MethodId.QUEUE_UNBIND,
                new TopologyChange.Unbind(
                        vhost.name(), unbind.exchange(), queue, false, key, unbind.arguments()),
                done -> channel.out().bare(channel.number(), MethodId.QUEUE_UNBIND_OK));
    }

    /// AMQP: without queue and key, the key is the name of the last declared queue.
    private String key(String queue, String routingKey) throws AmqpException {
        return queue.isEmpty() && routingKey.isEmpty() ? named("") : routingKey;
    }

    /// @return the virtual host
    private String checked(String queue, String exchange, String key) throws AmqpException {
        Rights rights = mayBind(queue, exchange);
        VhostView vhost = channel.connection().vhost();
        // As in RabbitMQ: of two that are not there the exchange is named.
        ExchangeView source = Names.exchange(vhost, exchange);
        usable(queue);
        rights.topic(Operation.READ, source, key);
        return vhost.name();
    }

    private Rights mayBind(String queue, String exchange) throws AmqpException {
        Names.notDefault(exchange);
        Rights rights = channel.connection().rights();
        rights.queue(Operation.WRITE, queue);
        rights.exchange(Operation.READ, exchange);
        return rights;
    }

    void purge(Method.QueuePurge purge) throws AmqpException {
        String name = named(purge.queue());
        channel.connection().rights().queue(Operation.READ, name);
        QueueView queue = usable(name);
        if (queue.type() == QueueView.Type.STREAM) {
            throw Names.notOfStreams("queue.purge", queue);
        }
        channel.pause();
        channel.connection()
                .session()
                .purge(
                        queue,
                        outcome ->
                                channel.answered(
                                        MethodId.QUEUE_PURGE,
                                        outcome,
                                        it ->
                                                counted(
                                                        it,
                                                        purge.noWait(),
                                                        MethodId.QUEUE_PURGE_OK)));
    }

    void delete(Method.QueueDelete delete) throws AmqpException {
        String name = named(delete.queue());
        channel.connection().rights().queue(Operation.CONFIGURE, name);
        QueueView queue = channel.connection().vhost().queue(name);
        if (queue == null) {
            counted(new CountOutcome.Done(0), delete.noWait(), MethodId.QUEUE_DELETE_OK);
            return;
        }
        channel.connection().exclusive().check(queue);
        channel.pause();
        channel.connection()
                .session()
                .delete(
                        queue,
                        delete.ifUnused(),
                        delete.ifEmpty(),
                        outcome ->
                                channel.answered(
                                        MethodId.QUEUE_DELETE,
                                        outcome,
                                        it -> deleted(it, delete.noWait())));
    }

    private void deleted(CountOutcome outcome, boolean noWait) throws AmqpException {
        if (outcome instanceof CountOutcome.Refused(Reason reason, String message)
                && reason == Reason.NOT_FOUND) {
            // Somebody else was faster: it is gone, as the client wants it.
            counted(new CountOutcome.Done(0), noWait, MethodId.QUEUE_DELETE_OK);
            return;
        }
        counted(outcome, noWait, MethodId.QUEUE_DELETE_OK);
    }

    private void counted(CountOutcome outcome, boolean noWait, int id) throws AmqpException {
        switch (outcome) {
            case CountOutcome.Done(long messages) -> {
                if (!noWait) {
                    channel.out().messageCount(channel.number(), id, messages);
                }
            }
            case CountOutcome.Refused(Reason reason, String message) ->
                    throw TopologyCalls.error(reason, message);
        }
    }

    /// A queue that this connection may use.
    QueueView usable(String name) throws AmqpException {
        QueueView queue = Names.queue(channel.connection().vhost(), name);
        channel.connection().exclusive().check(queue);
        return queue;
    }

    /// The name, or that of the last declared queue if it is empty.
    String named(String name) throws AmqpException {
        String clean = Names.clean(name);
        if (!clean.isEmpty()) {
            return clean;
        }
        if (lastDeclared.isEmpty()) {
            throw new AmqpException(ReplyCode.NOT_FOUND, "no previously declared queue");
        }
        return lastDeclared;
    }
}
