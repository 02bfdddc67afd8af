package io.mainstay.head.amqp;

import io.mainstay.head.amqp.wire.AmqpException;
import io.mainstay.head.amqp.wire.Method.BasicPublish;
import io.mainstay.head.amqp.wire.ReplyCode;
import io.mainstay.messaging.api.ExchangeView;
import io.mainstay.messaging.api.MessageSpan.Outcome;
import io.mainstay.messaging.api.MessageTraces;
import io.mainstay.messaging.api.QueueSession.PublishListener;
import io.mainstay.messaging.api.QueueSession.PublishOutcome;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.api.TopologyView.Operation;
import io.mainstay.messaging.api.VhostView;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// `basic.publish` and confirms of one channel. Event loop only, but for the numbers whose names end in `Now`.
final class Publishing implements PublishListener {

    /// A publish that the client is not told of.
    private static final long UNCONFIRMED = 0;

    private final AmqpChannel channel;
    private final TransactionMethods transactions;
    private final PublishChecks checks;

    /// `null`: nothing is traced.
    private final @Nullable PublishSpans spans;

    private final Counter published = new Counter();
    private final Counter unconfirmed = new Counter();
    private final List<QueueView> targets = new ArrayList<>();
    private @Nullable ConfirmBook confirms;
    private volatile boolean confirming;
    private int unanswered;

    Publishing(AmqpChannel channel, TransactionMethods transactions, Consuming consuming) {
        this.channel = channel;
        this.transactions = transactions;
        this.checks = new PublishChecks(channel, consuming);
        MessageTraces traces = channel.connection().shared().messaging().traces();
        this.spans =
                traces == null
                        ? null
                        : new PublishSpans(traces, channel.connection().peer().vhost());
    }

    void confirm() {
        if (confirms == null) {
            confirms = new ConfirmBook();
            confirming = true;
        }
    }

    boolean confirming() {
        return confirming;
    }

    /// Publishes that messaging has not answered.
    int unanswered() {
        return unanswered;
    }

    void publish(Command command) throws AmqpException {
        Content content = command.content();
        if (content == null) {
            throw new AmqpException(ReplyCode.UNEXPECTED_FRAME, "basic.publish without content");
        }
        if (spans != null) {
            spans.begin(content);
        }
        boolean kept = false;
        try {
            kept = publish(content);
        } catch (AmqpException refused) {
            PublishSpans.refused(content, refused);
            throw refused;
        } finally {
            if (!kept) {
                content.release();
            }
        }
    }

    /// @return whether the content is kept for a transaction
    private boolean publish(Content content) throws AmqpException {
        published.add(1);
        BasicPublish publish = content.publish();
        if (publish.immediate()) {
            throw new AmqpException(ReplyCode.NOT_IMPLEMENTED, "immediate=true");
        }
        VhostView vhost = channel.connection().vhost();
        ExchangeView exchange = exchange(vhost, publish);
        checks.check(content);
        targets.clear();
        if (publish.exchange().isEmpty() && DirectReplies.isReplyKey(publish.routingKey())) {
            reply(content);
            return false;
        }
        route(vhost, exchange, content);
        if (transactions.selected()) {
            transactions.hold(content, List.copyOf(targets));
            return true;
        }
        if (targets.isEmpty()) {
            unroutable(content);
        } else {
            unanswered++;
            long tag = confirms == null ? UNCONFIRMED : confirms.add();
            PublishListener told =
                    spans == null ? this : spans.answered(content.span(), targets.size(), this);
            channel.connection().session().publish(content, targets, told, tag);
            channel.connection().dirty(channel);
        }
        return false;
    }

    private ExchangeView exchange(VhostView vhost, BasicPublish publish) throws AmqpException {
        Rights rights = channel.connection().rights();
        rights.exchange(Operation.WRITE, publish.exchange());
        ExchangeView exchange = Names.exchange(vhost, publish.exchange());
        if (exchange.internal()) {
            throw new AmqpException(
                    ReplyCode.ACCESS_REFUSED,
                    "cannot publish to internal exchange '%s' in vhost '%s'"
                            .formatted(exchange.name(), vhost.name()));
        }
        rights.topic(Operation.WRITE, exchange, publish.routingKey());
        return exchange;
    }

    private void route(VhostView vhost, ExchangeView exchange, Content content)
            throws AmqpException {
        List<String> copies = checks.copies(content);
        if (copies.isEmpty()) {
            vhost.route(exchange, content.routingKey(), content, targets);
        } else {
            copies.addFirst(content.routingKey());
            vhost.route(exchange, copies, content, targets);
        }
    }

    private void reply(Content content) {
        DirectReplies.Receiver receiver =
                channel.connection().shared().replies().receiver(content.routingKey());
        if (receiver == null) {
            unroutable(content);
        } else {
            receiver.reply(content.stored());
            PublishSpans.end(content, Outcome.REPLIED);
            confirmAtOnce();
        }
    }

    private void unroutable(Content content) {
        if (content.publish().mandatory()) {
            giveBack(content);
            PublishSpans.end(content, Outcome.RETURNED);
        } else {
            PublishSpans.end(content, Outcome.UNROUTABLE);
        }
        confirmAtOnce();
    }

    /// `basic.return` of a message that no queue takes; goes out before its confirm.
    void giveBack(Content content) {
        channel.out()
                .basicReturn(
                        channel.number(),
                        ReplyCode.NO_ROUTE,
                        ReplyCode.NO_ROUTE.name(),
                        content.exchange(),
                        content.routingKey());
        channel.connection()
                .wire()
                .frames()
                .content(
                        channel.number(),
                        content.read().withoutBlindCopies().bytes(),
                        content.copiedBody());
        channel.connection().dirty(channel);
    }

    private void confirmAtOnce() {
        if (confirms != null) {
            confirms.answer(confirms.add(), true);
            channel.connection().dirty(channel);
        }
    }

    @Override
    public void published(long sequence, PublishOutcome outcome) {
        unanswered--;
        if (sequence != UNCONFIRMED && confirms != null) {
            confirms.answer(sequence, outcome == PublishOutcome.CONFIRMED);
        }
        if (!channel.closed()) {
            channel.connection().dirty(channel);
        }
    }

    void tellConfirms() {
        if (confirms != null) {
            confirms.tell(channel.out(), channel.number());
            unconfirmed.set(confirms.waiting());
        }
    }

    /// The channel ends.
    void end() {
        if (spans != null) {
            spans.end();
        }
    }

    long publishedNow() {
        return published.get();
    }

    long unconfirmedNow() {
        return unconfirmed.get();
    }
}
