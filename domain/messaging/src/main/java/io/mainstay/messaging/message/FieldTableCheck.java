package io.mainstay.messaging.message;

import static io.mainstay.messaging.message.FieldTableCodec.length;
import static io.mainstay.messaging.message.FieldTableCodec.need;
import static io.mainstay.messaging.message.FieldTableCodec.nesting;

import java.nio.ByteBuffer;

/// Walks over a table without making anything of it: what passes here is read by [FieldTableReader].
final class FieldTableCheck {

    private FieldTableCheck() {}

    static void table(ByteBuffer source, int level) throws FieldTableException {
        nesting(level);
        int end = end(source, "a field table");
        int limit = source.limit();
        source.limit(end);
        while (source.hasRemaining()) {
            need(source, 1, "the length of a short string");
            skip(source, source.get() & 0xff);
            value(source, level);
        }
        source.limit(limit);
    }

    private static void array(ByteBuffer source, int level) throws FieldTableException {
        nesting(level);
        int end = end(source, "an array");
        int limit = source.limit();
        source.limit(end);
        while (source.hasRemaining()) {
            value(source, level);
        }
        source.limit(limit);
    }

    private static void value(ByteBuffer source, int level) throws FieldTableException {
        need(source, 1, "the type of a field");
        byte type = source.get();
        switch (type) {
            case 't', 'b', 'B' -> skip(source, 1);
            case 's', 'u' -> skip(source, 2);
            case 'I', 'i', 'f' -> skip(source, 4);
            case 'D' -> skip(source, 5);
            case 'l', 'L', 'd', 'T' -> skip(source, 8);
            case 'S', 'x' -> skip(source, length(source, "a long string"));
            case 'F' -> table(source, level + 1);
            case 'A' -> array(source, level + 1);
            case 'V' -> {}
            default -> throw FieldTableCodec.unknownType(type);
        }
    }

    private static int end(ByteBuffer source, String what) throws FieldTableException {
        int length = length(source, what);
        return source.position() + length;
    }

    private static void skip(ByteBuffer source, int bytes) throws FieldTableException {
        need(source, bytes, "a value of a field");
        source.position(source.position() + bytes);
    }
}
