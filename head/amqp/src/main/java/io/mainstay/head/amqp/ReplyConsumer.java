package io.mainstay.head.amqp;

import io.mainstay.messaging.message.StoredMessage;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.RejectedExecutionException;

/// A channel's consumer of direct replies. Event loop only, but for [#reply].
final class ReplyConsumer implements DirectReplies.Receiver {

    private static final Logger LOG = LoggerFactory.getLogger(ReplyConsumer.class);

    private final AmqpChannel channel;
    private final String tag;
    private final byte[] tagBytes;
    private final Settling settling;
    private final String key;
    private boolean ended;

    ReplyConsumer(AmqpChannel channel, String tag, Settling settling) {
        this.channel = channel;
        this.tag = tag;
        this.tagBytes = tag.getBytes(StandardCharsets.UTF_8);
        this.settling = settling;
        this.key = channel.connection().shared().replies().register(this);
    }

    String tag() {
        return tag;
    }

    String key() {
        return key;
    }

    void end() {
        ended = true;
        channel.connection().shared().replies().remove(key);
    }

    /// Any thread. A reply to a client that does not read what it has is dropped, as one to a client that has gone.
    @Override
    public void reply(StoredMessage message) {
        if (!channel.connection().window().tryTake(message.bodyBytes())) {
            LOG.info("A direct reply was dropped: its client does not read");
            return;
        }
        try {
            channel.connection().onLoop(() -> deliver(message));
        } catch (RejectedExecutionException ending) {
            LOG.debug("A direct reply came too late", ending);
        }
    }

    private void deliver(StoredMessage message) {
        channel.connection().delivering(message.bodyBytes());
        if (!ended && !channel.closed()) {
            channel.out()
                    .basicDeliver(
                            channel.number(),
                            tagBytes,
                            settling.skip(),
                            false,
                            message.exchangeBytes(),
                            message.routingKeyBytes());
            channel.connection()
                    .wire()
                    .frames()
                    .content(channel.number(), message.properties(), message.body());
        }
        channel.connection().deliveredAll();
    }
}
