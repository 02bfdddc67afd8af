package io.mainstay.head.amqp;

import io.mainstay.messaging.message.StoredMessage;
import io.mainstay.platform.Secrets;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// RabbitMQ's direct reply-to: a consumer of the pseudo queue [#QUEUE] is reached by a name that only those know to whom it wrote. No queue is
/// involved, and a reply to nobody is unroutable. Of this node only. Thread-safe.
final class DirectReplies {

    static final String QUEUE = "amq.rabbitmq.reply-to";

    private static final String PREFIX = QUEUE + ".";

    /// Who waits for replies. Called on any thread.
    interface Receiver {
        void reply(StoredMessage message);
    }

    private final Map<String, Receiver> receivers = new ConcurrentHashMap<>();

    /// The routing key by which the receiver is reached from now on.
    String register(Receiver receiver) {
        String key = PREFIX + Secrets.text(16);
        receivers.put(key, receiver);
        return key;
    }

    void remove(String key) {
        receivers.remove(key);
    }

    static boolean isReplyKey(String name) {
        return name.startsWith(PREFIX);
    }

    @Nullable Receiver receiver(String key) {
        return receivers.get(key);
    }
}
