package io.mainstay.messaging.topology.rules;

import io.mainstay.messaging.message.FieldTable;
import io.mainstay.messaging.message.FieldTableCodec;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/// The name of a binding among those of the same two ends: `~` for an empty key without arguments, the key in URL form, and with arguments `~` and a hash
/// behind it. RabbitMQ's hash is one of Erlang's own; clients take the key as it is told.
public final class PropertiesKey {

    private PropertiesKey() {}

    public static String of(String routingKey, FieldTable arguments) {
        if (arguments.isEmpty()) {
            return routingKey.isEmpty() ? "~" : quoted(routingKey);
        }
        return quoted(routingKey) + "~" + hash(arguments);
    }

    private static String hash(FieldTable arguments) {
        CRC32C crc = new CRC32C();
        crc.update(FieldTableCodec.encode(new FieldTable(new TreeMap<>(arguments.values()))));
        byte[] bytes = ByteBuffer.allocate(Integer.BYTES).putInt((int) crc.getValue()).array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static String quoted(String key) {
        StringBuilder quoted = new StringBuilder(key.length() + 8);
        for (byte each : key.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (each & 0xff);
            boolean plain =
                    (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (plain || c == '.' || c == '-' || c == '_') {
                quoted.append(c);
            } else if (c == ' ') {
                quoted.append('+');
            } else {
                quoted.append("%%%02X".formatted((int) c));
            }
        }
        return quoted.toString();
    }
}
