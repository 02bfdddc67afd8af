package io.mainstay.head.amqp;

import io.mainstay.head.amqp.wire.AmqpException;
import io.mainstay.head.amqp.wire.ReplyCode;
import io.mainstay.messaging.message.FieldTable;
import io.mainstay.messaging.message.FieldTableException;
import io.mainstay.messaging.message.FieldTypes;
import io.mainstay.messaging.message.MessageProperties;
import io.mainstay.messaging.message.MessageProperties.Property;
import io.mainstay.messaging.message.PublishId;

import org.jspecify.annotations.Nullable;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/// Looks at the properties of a message that mean something to the broker: user-id, expiration, reply-to, the two headers of
/// [PublishId], and `CC` and `BCC`.
/// Headers are read only if there are any.
final class PublishChecks {

    private static final String CC = "CC";
    private static final String BCC = "BCC";

    private final AmqpChannel channel;
    private final Consuming consuming;

    PublishChecks(AmqpChannel channel, Consuming consuming) {
        this.channel = channel;
        this.consuming = consuming;
    }

    /// Checks the properties and tells the content what they mean.
    void check(Content content) throws AmqpException {
        MessageProperties properties = content.read();
        if (properties.has(Property.USER_ID)) {
            userId(properties.userId());
        }
        String expiration = properties.expiration();
        if (expiration != null) {
            content.ttlMs(ttlMs(expiration));
        }
        if (properties.has(Property.REPLY_TO) && DirectReplies.QUEUE.equals(properties.replyTo())) {
            content.properties(properties.withText(Property.REPLY_TO, replyKey()));
        }
        if (properties.has(Property.HEADERS)) {
            publishId(content, content.read());
        }
    }

    private static void publishId(Content content, MessageProperties properties)
            throws AmqpException {
        FieldTable headers = properties.headers();
        PublishId id;
        try {
            id = PublishId.of(headers);
        } catch (FieldTableException impossible) {
            throw new AmqpException(
                    ReplyCode.PRECONDITION_FAILED, "invalid message: " + impossible.getMessage());
        }
        if (id != null) {
            content.publishId(id);
            content.properties(properties.withHeaders(PublishId.without(headers)));
        }
    }

    private void userId(@Nullable String claimed) throws AmqpException {
        String user = channel.connection().peer().user();
        if (!user.equals(claimed) && !channel.connection().rights().mayImpersonate()) {
            throw new AmqpException(
                    ReplyCode.PRECONDITION_FAILED,
                    "user_id property set to '%s' but authenticated user was '%s'"
                            .formatted(claimed, user));
        }
    }

    private static long ttlMs(String expiration) throws AmqpException {
        int end = digitsEnd(expiration);
        if (end == 0 || (end == 1 && !Character.isDigit(expiration.charAt(0)))) {
            throw invalid(expiration, "no_integer");
        }
        if (end < expiration.length()) {
            throw invalid(expiration, "{leftover_string,\"" + expiration.substring(end) + "\"}");
        }
        // A short string has room for numbers that no long holds.
        BigInteger ms = new BigInteger(expiration);
        if (ms.signum() < 0) {
            throw invalid(expiration, "{value_negative," + ms + "}");
        }
        if (ms.bitLength() > Long.SIZE - 1 || ms.longValue() > AmqpLimits.TTL_MAX_MS) {
            throw invalid(expiration, "{value_too_large," + ms + "}");
        }
        return ms.longValue();
    }

    /// Where an integer at the start of the text ends, a sign before it included.
    private static int digitsEnd(String text) {
        int at = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return at;
    }

    /// @param why as RabbitMQ prints it
    private static AmqpException invalid(String expiration, String why) {
        return new AmqpException(
                ReplyCode.PRECONDITION_FAILED,
                "invalid expiration '%s': %s".formatted(expiration, why));
    }

    private String replyKey() throws AmqpException {
        String key = consuming.replyKey();
        if (key == null) {
            throw new AmqpException(
                    ReplyCode.PRECONDITION_FAILED, "fast reply consumer does not exist");
        }
        return key;
    }

    /// The further routing keys in CC and BCC.
    List<String> copies(Content content) throws AmqpException {
        MessageProperties properties = content.read();
        if (!properties.has(Property.HEADERS)) {
            return List.of();
        }
        FieldTable headers = properties.headers();
        Object cc = headers.get(CC);
        Object bcc = headers.get(BCC);
        if (cc == null && bcc == null) {
            return List.of();
        }
        List<String> keys = new ArrayList<>();
        add(CC, cc, keys);
        add(BCC, bcc, keys);
        return keys;
    }

    private static void add(String name, @Nullable Object header, List<String> keys)
            throws AmqpException {
        if (header == null) {
            return;
        }
        if (!(header instanceof List<?> values)) {
            throw new AmqpException(
                    ReplyCode.PRECONDITION_FAILED,
                    "invalid message: {unacceptable_type_in_header,\"%s\",%s}"
                            .formatted(name, FieldTypes.name(header)));
        }
        if (keys.size() + values.size() > AmqpLimits.COPIES) {
            throw new AmqpException(
                    ReplyCode.PRECONDITION_FAILED,
                    "CC and BCC have more than %s names".formatted(AmqpLimits.COPIES));
        }
        for (Object value : values) {
            if (value instanceof String key) {
                keys.add(key);
            }
        }
    }
}
