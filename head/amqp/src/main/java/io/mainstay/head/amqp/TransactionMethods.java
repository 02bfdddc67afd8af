package io.mainstay.head.amqp;

import io.mainstay.common.Check;
import io.mainstay.head.amqp.wire.AmqpException;
import io.mainstay.head.amqp.wire.MethodId;
import io.mainstay.head.amqp.wire.ReplyCode;
import io.mainstay.messaging.api.QueueSession.Settlement;
import io.mainstay.messaging.api.QueueSession.Transaction;
import io.mainstay.messaging.api.QueueView;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The class tx: holds publishes and settles of a channel until they are committed. Event loop only.
final class TransactionMethods {

    private final AmqpChannel channel;
    private final long maxBytes;
    private final List<HeldPublish> publishes = new ArrayList<>();
    private final List<HeldSettle> settles = new ArrayList<>();
    private long bytes;
    private volatile boolean selected;
    private @Nullable Publishing publishing;
    private @Nullable Settling settling;

    private record HeldPublish(Content content, List<QueueView> targets) {}

    private record HeldSettle(long tag, Object source, long sequence, Settlement settlement) {

        QueueView queue() {
            return source instanceof ChannelConsumer consumer
                    ? consumer.queue()
                    : (QueueView) source;
        }
    }

    TransactionMethods(AmqpChannel channel) {
        this.channel = channel;
        this.maxBytes = channel.connection().shared().config().transactionMaxBytes();
    }

    /// Once, after construction: they know each other.
    void use(Publishing itsPublishing, Settling itsSettling) {
        publishing = itsPublishing;
        settling = itsSettling;
    }

    boolean selected() {
        return selected;
    }

    void select(boolean confirming) throws AmqpException {
        if (confirming) {
            throw new AmqpException(
                    ReplyCode.PRECONDITION_FAILED, "cannot switch from confirm to tx mode");
        }
        selected = true;
        channel.out().bare(channel.number(), MethodId.TX_SELECT_OK);
    }

    /// @throws AmqpException 406 if the transaction may not grow
    void checkRoom() throws AmqpException {
        if (publishes.size() + settles.size() >= AmqpLimits.TRANSACTION_ITEMS
                || bytes >= maxBytes) {
            throw new AmqpException(
                    ReplyCode.PRECONDITION_FAILED,
                    "a transaction has more than %s messages or %s bytes"
                            .formatted(AmqpLimits.TRANSACTION_ITEMS, maxBytes));
        }
    }

    /// Keeps a message; the content is released later.
    void hold(Content content, List<QueueView> targets) throws AmqpException {
        checkRoom();
        publishes.add(new HeldPublish(content, targets));
        bytes += content.heldBytes();
    }

    void hold(long tag, Object source, long sequence, Settlement settlement) {
        settles.add(new HeldSettle(tag, source, sequence, settlement));
    }

    void commit() throws AmqpException {
        needSelected();
        for (HeldSettle held : settles) {
            if (held.settlement() != Settlement.ACK
                    && held.queue().type() == QueueView.Type.STREAM) {
                throw Names.notOfStreams("basic.nack and basic.reject", held.queue());
            }
        }
        // Messaging copies bodies until it answers, also if the channel is closed meanwhile.
        List<HeldPublish> committing = List.copyOf(publishes);
        publishes.clear();
        bytes = 0;
        List<Transaction.Published> published = new ArrayList<>();
        for (HeldPublish held : committing) {
            if (!held.targets().isEmpty()) {
                published.add(new Transaction.Published(held.content(), held.targets()));
            } else if (held.content().publish().mandatory()) {
                Check.present(publishing, "not wired").giveBack(held.content());
            }
        }
        List<Transaction.Settled> settled =
                settles.stream()
                        .map(
                                held ->
                                        new Transaction.Settled(
                                                held.queue(), held.sequence(), held.settlement()))
                        .toList();
        if (published.isEmpty() && settled.isEmpty()) {
            release(committing);
            committed(true);
            return;
        }
        channel.pause();
        channel.connection()
                .session()
                .commit(
                        new Transaction(published, settled),
                        done -> {
                            release(committing);
                            channel.answered(MethodId.TX_COMMIT, done, this::committed);
                        });
    }

    private void committed(boolean done) throws AmqpException {
        if (!done) {
            throw new AmqpException(ReplyCode.PRECONDITION_FAILED, "partial tx completion");
        }
        Set<ChannelConsumer> touched = new LinkedHashSet<>();
        for (HeldSettle held : settles) {
            if (held.source() instanceof ChannelConsumer consumer) {
                consumer.settledElsewhere();
                touched.add(consumer);
            }
        }
        settles.clear();
        channel.out().bare(channel.number(), MethodId.TX_COMMIT_OK);
        if (!touched.isEmpty()) {
            channel.windowOpened();
        }
    }

    void rollback() throws AmqpException {
        needSelected();
        end();
        channel.out().bare(channel.number(), MethodId.TX_ROLLBACK_OK);
    }

    private void needSelected() throws AmqpException {
        if (!selected) {
            throw new AmqpException(ReplyCode.PRECONDITION_FAILED, "channel is not transactional");
        }
    }

    /// Gives settles that were not committed back to the book of the channel, and forgets publishes.
    void end() {
        for (HeldSettle held : settles.reversed()) {
            Check.present(settling, "not wired")
                    .restore(held.tag(), held.source(), held.sequence());
        }
        settles.clear();
        release(publishes);
        publishes.clear();
        bytes = 0;
    }

    private static void release(List<HeldPublish> publishes) {
        publishes.forEach(held -> held.content().release());
    }
}
