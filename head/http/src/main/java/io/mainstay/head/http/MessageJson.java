package io.mainstay.head.http;

import io.mainstay.messaging.api.Delivery;
import io.mainstay.messaging.message.FieldTableException;
import io.mainstay.messaging.message.MessageProperties;
import io.mainstay.messaging.message.MessageProperties.Property;
import io.mainstay.messaging.message.StoredMessage;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/// A message of a queue as the admin API shows it.
final class MessageJson {

    private MessageJson() {}

    /// @param bodyBytes of the body that are shown at most
    static Map<String, @Nullable Object> of(Delivery delivery, int bodyBytes) {
        StoredMessage message = delivery.message();
        ByteBuffer body = message.body();
        boolean cut = body.remaining() > bodyBytes;
        if (cut) {
            body.limit(body.position() + bodyBytes);
        }
        String text = text(body.duplicate(), cut);
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("exchange", message.exchange());
        fields.put("routingKey", message.routingKey());
        fields.put("redelivered", delivery.redelivered());
        fields.put("returns", delivery.returns());
        fields.put("bytes", message.bodyBytes());
        properties(fields, properties(message));
        fields.put("payload", text == null ? base64(body) : text);
        fields.put("encoding", text == null ? "base64" : "text");
        fields.put("truncated", cut);
        return fields;
    }

    static MessageProperties properties(StoredMessage message) {
        try {
            return MessageProperties.of(message.properties());
        } catch (FieldTableException broken) {
            throw new IllegalStateException("a kept message has no readable properties", broken);
        }
    }

    private static void properties(
            Map<String, @Nullable Object> fields, MessageProperties properties) {
        for (Property property : Property.values()) {
            if (properties.has(property)) {
                fields.put(
                        camel(property.shown()),
                        switch (property.form()) {
                            case TEXT -> properties.text(property);
                            case TABLE -> TableJson.json(properties.headers());
                            case TIME -> properties.timestamp();
                            case OCTET ->
                                    property == Property.PRIORITY
                                            ? properties.priority()
                                            : properties.deliveryMode();
                        });
            }
        }
    }

    /// `content_type` as our JSON names it: `contentType`.
    static String camel(String name) {
        StringBuilder camel = new StringBuilder();
        boolean upper = false;
        for (char c : name.toCharArray()) {
            if (c == '_') {
                upper = true;
            } else {
                camel.append(upper ? Character.toUpperCase(c) : c);
                upper = false;
            }
        }
        return camel.toString();
    }

    /// @param cut whether more follows: then the last character may lack bytes, and is left out
    private static @Nullable String text(ByteBuffer body, boolean cut) {
        // Refuses what is no UTF-8.
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CharBuffer text = CharBuffer.allocate(body.remaining());
        if (decoder.decode(body, text, !cut).isError()) {
            return null;
        }
        return text.flip().toString();
    }

    private static String base64(ByteBuffer body) {
        byte[] bytes = new byte[body.remaining()];
        body.get(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }
}
