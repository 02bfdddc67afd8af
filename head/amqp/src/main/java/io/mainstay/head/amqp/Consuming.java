package io.mainstay.head.amqp;

import io.mainstay.head.amqp.wire.AmqpException;
import io.mainstay.head.amqp.wire.Method;
import io.mainstay.head.amqp.wire.MethodId;
import io.mainstay.head.amqp.wire.ReplyCode;
import io.mainstay.messaging.api.Clients.ConsumerInfo;
import io.mainstay.messaging.api.Delivery;
import io.mainstay.messaging.api.QueueSession.ConsumerSpec;
import io.mainstay.messaging.api.QueueSession.GetOutcome;
import io.mainstay.messaging.api.QueueSession.Settlement;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.api.TopologyOutcome.Reason;
import io.mainstay.messaging.api.TopologyView.Operation;
import io.mainstay.messaging.message.StoredMessage;
import io.mainstay.platform.Secrets;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// `basic.qos`, `consume`, `cancel` and `get` of one channel. Event loop only, but for numbers whose names end in `Now` and [#infos].
final class Consuming {

    private static final String GENERATED = "amq.ctag-";

    private final AmqpChannel channel;
    private final QueueMethods queues;
    private final Settling settling;
    private final ChannelWindow window;
    private final Map<String, ChannelConsumer> consumers = new LinkedHashMap<>();

    /// Place of the consumer that hears first of room in the channel's window.
    private int turn;

    private final Counter delivered = new Counter();
    private volatile List<ChannelConsumer> shown = List.of();
    private volatile int prefetch;
    private @Nullable ReplyConsumer replies;

    Consuming(AmqpChannel channel, QueueMethods queues, Settling settling) {
        this.channel = channel;
        this.queues = queues;
        this.settling = settling;
        this.window =
                new ChannelWindow(
                        channel.connection().window(), channel.connection().shared().inHand());
    }

    void qos(Method.BasicQos qos) throws AmqpException {
        if (qos.prefetchSize() != 0) {
            throw new AmqpException(
                    ReplyCode.NOT_IMPLEMENTED,
                    "prefetch_size!=0 (%s)".formatted(qos.prefetchSize()));
        }
        if (!qos.global()) {
            prefetch = qos.prefetchCount();
        } else if (window.limit(qos.prefetchCount())) {
            windowOpened();
        }
        channel.out().bare(channel.number(), MethodId.BASIC_QOS_OK);
    }

    void consume(Method.BasicConsume consume) throws AmqpException {
        String tag =
                consume.consumerTag().isEmpty()
                        ? GENERATED + Secrets.text(16)
                        : consume.consumerTag();
        if (consumers.containsKey(tag) || (replies != null && replies.tag().equals(tag))) {
            throw new AmqpException(
                    ReplyCode.NOT_ALLOWED, "attempt to reuse consumer tag '%s'".formatted(tag));
        }
        if (consumers.size() >= AmqpLimits.CONSUMERS_PER_CHANNEL) {
            throw new AmqpException(
                    ReplyCode.NOT_ALLOWED,
                    "a channel has at most %s consumers"
                            .formatted(AmqpLimits.CONSUMERS_PER_CHANNEL));
        }
        String name = queues.named(consume.queue());
        if (name.equals(DirectReplies.QUEUE)) {
            consumeReplies(consume, tag);
            return;
        }
        channel.connection().rights().queue(Operation.READ, name);
        QueueView queue = queues.usable(name);
        int priority = ConsumerArguments.priority(queue, consume.arguments());
        ConsumerArguments.checkFailover(queue, consume.arguments());
        ConsumerArguments.checkStream(queue, consume.noAck(), prefetch, consume.arguments());
        ConsumerSpec spec =
                new ConsumerSpec(
                        tag,
                        consume.noAck(),
                        consume.exclusive(),
                        consume.noAck() ? 0 : prefetch,
                        priority,
                        consume.noAck() ? window.withoutAck() : window,
                        ConsumerArguments.offset(
                                queue,
                                consume.arguments(),
                                channel.connection().shared().clock().wallMs()));
        ChannelConsumer consumer =
                new ChannelConsumer(
                        channel,
                        this,
                        settling,
                        queue,
                        new ChannelConsumer.Wish(
                                tag,
                                consume.noAck(),
                                consume.exclusive(),
                                spec.prefetch(),
                                consume.noWait(),
                                consume.arguments()),
                        window);
        consumers.put(tag, consumer);
        listed();
        channel.pause();
        consumer.handle(channel.connection().session().consume(queue, spec, consumer));
    }

    private void consumeReplies(Method.BasicConsume consume, String tag) throws AmqpException {
        if (!consume.noAck()) {
            throw new AmqpException(
                    ReplyCode.PRECONDITION_FAILED, "reply consumer cannot acknowledge");
        }
        if (replies != null) {
            throw new AmqpException(ReplyCode.PRECONDITION_FAILED, "reply consumer already set");
        }
        replies = new ReplyConsumer(channel, tag, settling);
        if (!consume.noWait()) {
            channel.out().basicConsumeOk(channel.number(), tag);
        }
    }

    /// The routing key by which this channel's reply consumer is reached, `null` if it has none.
    @Nullable String replyKey() {
        return replies == null ? null : replies.key();
    }

    void cancel(Method.BasicCancel cancel) {
        String tag = cancel.consumerTag();
        ChannelConsumer consumer = consumers.get(tag);
        if (consumer == null) {
            if (replies != null && replies.tag().equals(tag)) {
                forgetReplies();
            }
            cancelled(cancel);
            return;
        }
        ended(consumer);
        channel.pause();
        consumer.cancel(() -> channel.answered(MethodId.BASIC_CANCEL, cancel, this::cancelled));
    }

    private void cancelled(Method.BasicCancel cancel) {
        if (!cancel.noWait()) {
            channel.out().basicCancelOk(channel.number(), cancel.consumerTag());
        }
    }

    void get(Method.BasicGet get) throws AmqpException {
        String name = queues.named(get.queue());
        channel.connection().rights().queue(Operation.READ, name);
        QueueView queue = queues.usable(name);
        if (queue.type() == QueueView.Type.STREAM) {
            throw Names.notOfStreams("basic.get", queue);
        }
        if (queue.type() == QueueView.Type.QUORUM && queue.settings().singleActiveConsumer()) {
            throw new AmqpException(
                    ReplyCode.RESOURCE_LOCKED,
                    "cannot obtain access to locked %s. basic.get operations are not supported by quorum queues with single active consumer"
                            .formatted(Names.shown(queue)));
        }
        channel.pause();
        channel.connection()
                .session()
                .get(queue, get.noAck(), outcome -> got(queue, get.noAck(), outcome));
    }

    private void got(QueueView queue, boolean autoAck, GetOutcome outcome) {
        if (channel.closed()
                && !autoAck
                && outcome instanceof GetOutcome.Got(Delivery late, long left)) {
            channel.connection().session().settleGot(queue, late.sequence(), Settlement.REQUEUE);
        }
        channel.answered(MethodId.BASIC_GET, outcome, it -> tell(queue, autoAck, it));
    }

    private void tell(QueueView queue, boolean autoAck, GetOutcome outcome) throws AmqpException {
        switch (outcome) {
            case GetOutcome.Got(Delivery delivery, long readyLeft) -> {
                StoredMessage message = delivery.message();
                delivered.add(1);
                long tag = autoAck ? settling.skip() : settling.add(queue, delivery.sequence());
                settling.handedOut(queue, delivery, "get", tag, autoAck);
                channel.out()
                        .basicGetOk(
                                channel.number(),
                                tag,
                                delivery.redelivered(),
                                message.exchangeBytes(),
                                message.routingKeyBytes(),
                                readyLeft);
                channel.connection()
                        .wire()
                        .frames()
                        .content(
                                channel.number(),
                                DeliveryProperties.of(queue, delivery),
                                message.body());
            }
            case GetOutcome.Empty _ -> channel.out().basicGetEmpty(channel.number());
            case GetOutcome.Failed(Reason reason, String message) ->
                    throw TopologyCalls.error(reason, message);
        }
    }

    /// A consumer is not there any more; what it has in hand stays in the book.
    void ended(ChannelConsumer consumer) {
        consumers.remove(consumer.tag(), consumer);
        listed();
    }

    /// The channel ends.
    ///
    /// @param done runs when queues are deleted that were there for these consumers only
    void endAll(Runnable done) {
        List<ChannelConsumer> all = List.copyOf(consumers.values());
        consumers.clear();
        listed();
        // Noted in an array, for lambdas; the one more is this method.
        int[] left = {1};
        Runnable ended =
                () -> {
                    left[0]--;
                    if (left[0] == 0) {
                        done.run();
                    }
                };
        for (ChannelConsumer consumer : all) {
            if (consumer.queue().autoDelete()) {
                left[0]++;
                consumer.cancel(ended);
            } else {
                consumer.cancel(() -> {});
            }
        }
        ended.run();
    }

    /// The channel ends: its consumers get nothing more.
    void end() {
        window.end();
        forgetReplies();
    }

    private void forgetReplies() {
        if (replies != null) {
            replies.end();
            replies = null;
        }
    }

    /// Another one is told first each time: where there is room for one delivery only, each queue shall have its turn.
    void windowOpened() {
        List<ChannelConsumer> waiting = new ArrayList<>(consumers.values());
        if (waiting.size() > 1) {
            turn = (turn + 1) % waiting.size();
            Collections.rotate(waiting, -turn);
        }
        for (ChannelConsumer consumer : waiting) {
            consumer.windowOpened();
        }
    }

    private void listed() {
        shown = List.copyOf(consumers.values());
    }

    void delivered() {
        delivered.add(1);
    }

    long deliveredNow() {
        return delivered.get();
    }

    int prefetch() {
        return prefetch;
    }

    int globalPrefetch() {
        return window.limit();
    }

    /// Any thread.
    List<ConsumerInfo> infos() {
        return shown.stream().map(ChannelConsumer::info).toList();
    }
}
