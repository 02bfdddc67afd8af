package io.mainstay.head.amqp;

import io.mainstay.head.web.Credentials;
import io.mainstay.messaging.message.FieldTable;
import io.mainstay.messaging.message.FieldTableCodec;
import io.mainstay.messaging.message.FieldTableException;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Reads what a client answers to a SASL mechanism.
final class Sasl {

    static final String PLAIN = "PLAIN";
    static final String AMQPLAIN = "AMQPLAIN";
    static final String EXTERNAL = "EXTERNAL";

    private Sasl() {}

    /// RFC 4616: authorization identity, user and password, each after a zero byte but the first; `null` if it is not that.
    static Credentials.@Nullable Basic plain(byte[] response) {
        String text = new String(response, StandardCharsets.UTF_8);
        int user = text.indexOf('\0');
        int password = user < 0 ? -1 : text.indexOf('\0', user + 1);
        if (password < 0 || text.indexOf('\0', password + 1) >= 0) {
            return null;
        }
        return new Credentials.Basic(
                text.substring(user + 1, password), text.substring(password + 1));
    }

    /// AMQP's own: a field table without its length; `null` if it is not that.
    static Credentials.@Nullable Basic amqplain(byte[] response) {
        ByteBuffer table =
                ByteBuffer.allocate(4 + response.length).putInt(response.length).put(response);
        try {
            FieldTable fields = FieldTableCodec.decode(table.flip());
            return fields.get("LOGIN") instanceof String user
                            && fields.get("PASSWORD") instanceof String password
                    ? new Credentials.Basic(user, password)
                    : null;
        } catch (FieldTableException notOne) {
            // Credentials that cannot be read are no credentials: the login is refused.
            return null;
        }
    }
}
