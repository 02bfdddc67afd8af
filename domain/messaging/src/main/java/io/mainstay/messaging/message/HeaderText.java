package io.mainstay.messaging.message;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Looks for the text of one header in properties as they stand in a message, without making a table of all of them.
public final class HeaderText {

    private static final int CONTENT_TYPE = 0x8000;
    private static final int CONTENT_ENCODING = 0x4000;
    private static final int HEADERS = 0x2000;

    private HeaderText() {}

    /// The value of a header that is a long string or bytes, read as ISO 8859-1; `null` if there is no such header or it has another type.
    /// As in a [FieldTable], the last one of a name counts. What is nested is not looked at.
    ///
    /// @param properties flags and values that were checked before, as [MessageProperties#bytes] or [MessageProperties#stored] gives them; their position does
    ///     not move
    /// @param name bytes of the header's name
    public static @Nullable String of(ByteBuffer properties, byte[] name) {
        if (properties.remaining() < 2) {
            return null;
        }
        int flags = properties.getShort(properties.position()) & 0xffff;
        if ((flags & HEADERS) == 0) {
            return null;
        }
        ByteBuffer source = properties.slice();
        source.position(2);
        if ((flags & CONTENT_TYPE) != 0) {
            skip(source, source.get() & 0xff);
        }
        if ((flags & CONTENT_ENCODING) != 0) {
            skip(source, source.get() & 0xff);
        }
        int bytes = source.getInt();
        source.limit(source.position() + bytes);
        String found = null;
        while (source.hasRemaining()) {
            boolean wanted = isNamed(source, name);
            byte type = source.get();
            if (wanted) {
                found = type == 'S' || type == 'x' ? text(source) : null;
            }
            if (!wanted || found == null) {
                value(source, type);
            }
        }
        return found;
    }

    /// Passes over a name and says whether it is the wanted one.
    private static boolean isNamed(ByteBuffer source, byte[] name) {
        int length = source.get() & 0xff;
        int at = source.position();
        skip(source, length);
        if (length != name.length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (source.get(at + i) != name[i]) {
                return false;
            }
        }
        return true;
    }

    private static String text(ByteBuffer source) {
        byte[] bytes = new byte[source.getInt()];
        source.get(bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static void value(ByteBuffer source, byte type) {
        switch (type) {
            case 't', 'b', 'B' -> skip(source, 1);
            case 's', 'u' -> skip(source, 2);
            case 'I', 'i', 'f' -> skip(source, 4);
            case 'D' -> skip(source, 5);
            case 'l', 'L', 'd', 'T' -> skip(source, 8);
            case 'S', 'x', 'F', 'A' -> skip(source, source.getInt());
            case 'V' -> {}
            default ->
                    throw new IllegalStateException(
                            "headers were checked and have the type " + (char) type);
        }
    }

    private static void skip(ByteBuffer source, int bytes) {
        source.position(source.position() + bytes);
    }
}
