package io.mainstay.head.amqp;

import io.mainstay.head.amqp.wire.AmqpException;
import io.mainstay.head.amqp.wire.MethodId;
import io.mainstay.head.amqp.wire.ReplyCode;
import io.mainstay.messaging.api.Delivery;
import io.mainstay.messaging.api.MessageTraces;
import io.mainstay.messaging.api.QueueSession.Settlement;
import io.mainstay.messaging.api.QueueView;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Delivery tags of one channel: acknowledged, refused, recovered. Event loop only, but for the numbers whose names end in `Now`.
final class Settling {

    private final AmqpChannel channel;
    private final TransactionMethods transactions;
    private final UnackedBook book = new UnackedBook();
    private final Counter unacked = new Counter();
    private final Counter acked = new Counter();
    private final Set<ChannelConsumer> touched = new LinkedHashSet<>();

    /// What `basic.get` brought and is to be settled together, by the queue's id.
    private final Map<Long, Got> got = new LinkedHashMap<>();

    private record Got(QueueView queue, List<Long> sequences) {}

    /// `null`: nothing is traced.
    private final @Nullable DeliverySpans spans;

    /// The stream of a delivery that was settled otherwise than by an acknowledgement.
    private @Nullable QueueView notAcked;

    Settling(AmqpChannel channel, TransactionMethods transactions) {
        this.channel = channel;
        this.transactions = transactions;
        MessageTraces traces = channel.connection().shared().messaging().traces();
        this.spans = traces == null ? null : new DeliverySpans(traces);
    }

    /// A delivery leaves under that tag.
    ///
    /// @param method see [MessageTraces#deliver]
    /// @param autoAck it is settled already
    void handedOut(QueueView queue, Delivery delivery, String method, long tag, boolean autoAck) {
        if (spans != null) {
            spans.handedOut(queue, delivery, method, tag, autoAck);
        }
    }

    /// A settle of a transaction is committed.
    void committed(long tag, Settlement settlement) {
        if (spans != null) {
            spans.settled(tag, settlement);
        }
    }

    /// The channel ends.
    void end() {
        if (spans != null) {
            spans.end();
        }
    }

    /// The tag of a delivery that the client will settle.
    long add(Object source, long sequence) {
        long tag = book.add(source, sequence);
        unacked.set(book.count());
        return tag;
    }

    /// The tag of a delivery that is settled already.
    long skip() {
        return book.skip();
    }

    void ack(long tag, boolean multiple) throws AmqpException {
        int before = book.count();
        settle(tag, multiple, Settlement.ACK);
        acked.add(before - book.count());
    }

    /// In a transaction a stream has its say when it is committed.
    void nack(long tag, boolean multiple, boolean requeue) throws AmqpException {
        notAcked = null;
        settle(tag, multiple, requeue ? Settlement.REQUEUE : Settlement.REJECT);
        if (!transactions.selected()) {
            noStream("basic.nack and basic.reject");
        }
    }

    /// What a stream has delivered can only be acknowledged, as long as it is there.
    private void noStream(String method) throws AmqpException {
        QueueView stream = notAcked;
        if (stream != null && channel.connection().vhost().queue(stream.name()) != null) {
            throw Names.notOfStreams(method, stream);
        }
    }

    /// @param answered whether the client waits for recover-ok
    void recover(boolean requeue, boolean answered) throws AmqpException {
        if (!requeue) {
            throw new AmqpException(ReplyCode.NOT_IMPLEMENTED, "requeue=false");
        }
        notAcked = null;
        returnAll();
        noStream("basic.recover");
        if (answered) {
            channel.out().bare(channel.number(), MethodId.BASIC_RECOVER_OK);
        }
    }

    private void settle(long tag, boolean multiple, Settlement settlement) throws AmqpException {
        if (transactions.selected()) {
            transactions.checkRoom();
            book.take(
                    tag,
                    multiple,
                    (taken, source, sequence) -> {
                        note(source, settlement);
                        if (source instanceof ChannelConsumer consumer) {
                            consumer.held();
                        }
                        transactions.hold(taken, source, sequence, settlement);
                    });
            unacked.set(book.count());
        } else {
            settleNow(tag, multiple, settlement);
        }
    }

    private void settleNow(long tag, boolean multiple, Settlement settlement) throws AmqpException {
        book.take(
                tag,
                multiple,
                (taken, source, sequence) -> {
                    if (spans != null) {
                        spans.settled(taken, settlement);
                    }
                    settleOne(source, sequence, settlement);
                });
        unacked.set(book.count());
        boolean room = false;
        for (ChannelConsumer consumer : touched) {
            room |= consumer.makeRoom();
        }
        if (room) {
            // Before the queues hear of it: the one that is settled would take the room first,
            // always.
            channel.windowOpened();
        }
        for (ChannelConsumer consumer : touched) {
            consumer.settle(settlement);
        }
        touched.clear();
        for (Got its : got.values()) {
            channel.connection()
                    .session()
                    .settleGot(
                            its.queue,
                            its.sequences.stream().mapToLong(Long::longValue).toArray(),
                            settlement);
        }
        got.clear();
    }

    private void settleOne(Object source, long sequence, Settlement settlement) {
        note(source, settlement);
        if (source instanceof ChannelConsumer consumer) {
            consumer.settling(sequence);
            touched.add(consumer);
        } else if (source instanceof QueueView queue) {
            got.computeIfAbsent(queue.id(), id -> new Got(queue, new ArrayList<>()))
                    .sequences
                    .add(sequence);
        }
    }

    private void note(Object source, Settlement settlement) {
        if (settlement != Settlement.ACK
                && source instanceof ChannelConsumer consumer
                && consumer.queue().type() == QueueView.Type.STREAM) {
            notAcked = consumer.queue();
        }
    }

    /// Everything that is unsettled goes back to its queue.
    void returnAll() {
        try {
            settleNow(0, true, Settlement.REQUEUE);
        } catch (AmqpException impossible) {
            throw new IllegalStateException("all deliveries are always known", impossible);
        }
    }

    /// Settles of a transaction that was rolled back can be made again. The latest first.
    void restore(long tag, Object source, long sequence) {
        book.restore(tag, source, sequence);
        unacked.set(book.count());
    }

    long unackedNow() {
        return unacked.get();
    }

    long ackedNow() {
        return acked.get();
    }
}
