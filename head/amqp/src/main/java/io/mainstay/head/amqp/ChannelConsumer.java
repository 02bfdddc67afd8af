package io.mainstay.head.amqp;

import io.mainstay.head.amqp.wire.AmqpException;
import io.mainstay.head.amqp.wire.MethodId;
import io.mainstay.head.amqp.wire.ReplyCode;
import io.mainstay.messaging.api.Clients.ConsumerInfo;
import io.mainstay.messaging.api.Delivery;
import io.mainstay.messaging.api.DeliveryListener;
import io.mainstay.messaging.api.QueueConsumer;
import io.mainstay.messaging.api.QueueSession.Settlement;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.api.TopologyOutcome;
import io.mainstay.messaging.message.FieldTable;
import io.mainstay.messaging.message.StoredMessage;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// One consumer of a channel: deliveries to frames, settles to ranges of sequences. Event loop only.
final class ChannelConsumer implements DeliveryListener {

    /// No sequence has this number.
    private static final long NONE = -1;

    private final AmqpChannel channel;
    private final Consuming consuming;
    private final Settling settling;
    private final QueueView queue;
    private final Wish wish;
    private final byte[] tagBytes;
    private final ChannelWindow window;
    private @Nullable QueueConsumer handle;
    private boolean subscribed;

    /// Deliveries that are not settled, and whether their sequences grew with every one of them.
    private int inHand;

    private boolean ordered = true;
    private long latest = NONE;

    /// A range of sequences that are to be settled together, and how many deliveries are in it.
    private long first = NONE;

    private long last = NONE;
    private int settled;

    /// Ranges before it that are to be settled with it; mostly there are none.
    private final List<Long> earlier = new ArrayList<>();

    /// What the client asked for.
    record Wish(
            String tag,
            boolean autoAck,
            boolean exclusive,
            int prefetch,
            boolean noWait,
            FieldTable arguments) {}

    ChannelConsumer(
            AmqpChannel channel,
            Consuming consuming,
            Settling settling,
            QueueView queue,
            Wish wish,
            ChannelWindow window) {
        this.channel = channel;
        this.consuming = consuming;
        this.settling = settling;
        this.queue = queue;
        this.wish = wish;
        this.tagBytes = wish.tag().getBytes(StandardCharsets.UTF_8);
        this.window = window;
    }

    String tag() {
        return wish.tag();
    }

    QueueView queue() {
        return queue;
    }

    void handle(QueueConsumer itsHandle) {
        handle = itsHandle;
    }

    ConsumerInfo info() {
        return new ConsumerInfo(
                wish.tag(),
                queue.name(),
                wish.autoAck(),
                wish.exclusive(),
                wish.prefetch(),
                true,
                wish.arguments());
    }

    @Override
    public void subscribed(QueueConsumer consumer) {
        handle = consumer;
        subscribed = true;
        channel.answered(
                MethodId.BASIC_CONSUME,
                consumer,
                it -> {
                    if (!wish.noWait()) {
                        channel.out().basicConsumeOk(channel.number(), wish.tag());
                    }
                });
    }

    @Override
    public void refused(QueueConsumer consumer, TopologyOutcome.Reason reason, String message) {
        consuming.ended(this);
        channel.answered(
                MethodId.BASIC_CONSUME,
                reason,
                it -> {
                    throw TopologyCalls.error(it, message);
                });
    }

    @Override
    public void delivered(QueueConsumer consumer, Delivery delivery) {
        StoredMessage message = delivery.message();
        channel.connection().delivering(message.bodyBytes());
        if (channel.closed()) {
            if (!wish.autoAck()) {
                consumer.settle(delivery.sequence(), delivery.sequence(), Settlement.REQUEUE);
            }
            return;
        }
        long tag;
        if (wish.autoAck()) {
            tag = settling.skip();
        } else {
            tag = settling.add(this, delivery.sequence());
            taken(delivery.sequence());
        }
        consuming.delivered();
        channel.out()
                .basicDeliver(
                        channel.number(),
                        tagBytes,
                        tag,
                        delivery.redelivered(),
                        message.exchangeBytes(),
                        message.routingKeyBytes());
        channel.connection()
                .wire()
                .frames()
                .content(channel.number(), DeliveryProperties.of(queue, delivery), message.body());
    }

    private void taken(long sequence) {
        ordered = inHand == 0 || ordered && sequence > latest;
        latest = sequence;
        inHand++;
    }

    @Override
    public void deliveredAll() {
        channel.connection().deliveredAll();
    }

    @Override
    public void cancelled(QueueConsumer consumer, String why) {
        if (channel.closed()) {
            return;
        }
        consuming.ended(this);
        if (!subscribed) {
            // It ended before it began: the client waits for an answer.
            refused(consumer, TopologyOutcome.Reason.NOT_FOUND, why);
            return;
        }
        if (channel.connection().peer().can("consumer_cancel_notify")) {
            channel.out().basicCancel(channel.number(), wish.tag());
            channel.connection().dirty(channel);
        }
    }

    @Override
    public void timedOut(QueueConsumer consumer, long sequence, long timeoutMs) {
        channel.connection()
                .failed(
                        channel,
                        0,
                        new AmqpException(
                                ReplyCode.PRECONDITION_FAILED,
                                "delivery acknowledgement on channel %s timed out. Timeout value used: %s ms. This timeout value can be configured, see consumers doc guide to learn more"
                                        .formatted(channel.number(), timeoutMs)));
    }

    /// A transaction settles a delivery: what is settled beside it must not be a range with that one in it.
    void held() {
        ordered = false;
    }

    /// Notes a delivery to be settled by [#settle]. A range may skip sequences that this consumer does not have; as long as sequences grow with tags,
    /// it can have none between two that are settled together.
    void settling(long sequence) {
        boolean grows = last != NONE && (sequence == last + 1 || (ordered && sequence > last));
        if (!grows) {
            if (first != NONE) {
                earlier.add(first);
                earlier.add(last);
            }
            first = sequence;
        }
        last = sequence;
        settled++;
    }

    /// Gives the channel's window what was noted.
    ///
    /// @return whether another consumer waits for the room that this made
    boolean makeRoom() {
        int deliveries = settled;
        settled = 0;
        inHand -= deliveries;
        return window.settled(deliveries);
    }

    /// Settles what was noted.
    void settle(Settlement settlement) {
        QueueConsumer consumer = handle;
        if (first != NONE && consumer != null) {
            if (earlier.isEmpty()) {
                consumer.settle(first, last, settlement);
            } else {
                earlier.add(first);
                earlier.add(last);
                consumer.settle(earlier.stream().mapToLong(Long::longValue).toArray(), settlement);
                earlier.clear();
            }
        }
        first = NONE;
        last = NONE;
    }

    /// One delivery was settled by a transaction.
    void settledElsewhere() {
        inHand--;
        window.settled(1);
    }

    void windowOpened() {
        if (handle != null) {
            handle.windowOpened();
        }
    }

    /// Ends it; `done` runs when no delivery comes any more.
    void cancel(Runnable done) {
        if (handle == null) {
            done.run();
        } else {
            handle.cancel(done);
        }
    }
}
