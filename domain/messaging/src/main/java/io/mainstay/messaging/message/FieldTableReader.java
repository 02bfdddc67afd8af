package io.mainstay.messaging.message;

import static io.mainstay.messaging.message.FieldTableCodec.length;
import static io.mainstay.messaging.message.FieldTableCodec.need;
import static io.mainstay.messaging.message.FieldTableCodec.nesting;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Bytes to a [FieldTable].
final class FieldTableReader {

    private FieldTableReader() {}

    static FieldTable table(ByteBuffer source, int level) throws FieldTableException {
        nesting(level);
        ByteBuffer inner = part(source, "a field table");
        if (!inner.hasRemaining()) {
            return FieldTable.EMPTY;
        }
        Map<String, Object> values = new LinkedHashMap<>();
        while (inner.hasRemaining()) {
            String name = FieldTableCodec.decodeShortString(inner);
            values.put(name, value(inner, level));
        }
        return new FieldTable(values);
    }

    private static List<Object> array(ByteBuffer source, int level) throws FieldTableException {
        nesting(level);
        ByteBuffer inner = part(source, "an array");
        List<Object> values = new ArrayList<>();
        while (inner.hasRemaining()) {
            values.add(value(inner, level));
        }
        return List.copyOf(values);
    }

    private static Object value(ByteBuffer source, int level) throws FieldTableException {
        need(source, 1, "the type of a field");
        byte type = source.get();
        return switch (type) {
            case 't' -> sized(source, 1).get() != 0;
            case 'b' -> sized(source, 1).get();
            case 'B' -> new FieldValue.UnsignedByte(sized(source, 1).get() & 0xff);
            case 's' -> sized(source, 2).getShort();
            case 'u' -> new FieldValue.UnsignedShort(sized(source, 2).getShort() & 0xffff);
            case 'I' -> sized(source, 4).getInt();
            case 'i' ->
                    new FieldValue.UnsignedInt(Integer.toUnsignedLong(sized(source, 4).getInt()));
            case 'l', 'L' -> sized(source, 8).getLong();
            case 'f' -> sized(source, 4).getFloat();
            case 'd' -> sized(source, 8).getDouble();
            case 'D' -> decimal(source);
            case 'S' -> text(FieldTableCodec.decodeLongString(source));
            case 'x' -> new FieldValue.Bytes(FieldTableCodec.decodeLongString(source));
            case 'T' -> new FieldValue.Timestamp(sized(source, 8).getLong());
            case 'F' -> table(source, level + 1);
            case 'A' -> array(source, level + 1);
            case 'V' -> FieldValue.Void.VOID;
            default -> throw FieldTableCodec.unknownType(type);
        };
    }

    private static BigDecimal decimal(ByteBuffer source) throws FieldTableException {
        int scale = sized(source, 5).get() & 0xff;
        return new BigDecimal(BigInteger.valueOf(source.getInt()), scale);
    }

    private static Object text(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException notText) {
            // Clients put bytes into long strings; they must come out as they went in.
            return new FieldValue.Bytes(bytes);
        }
    }

    private static ByteBuffer sized(ByteBuffer source, int bytes) throws FieldTableException {
        need(source, bytes, "a value of a field");
        return source;
    }

    private static ByteBuffer part(ByteBuffer source, String what) throws FieldTableException {
        int length = length(source, what);
        ByteBuffer part = source.slice(source.position(), length);
        source.position(source.position() + length);
        return part;
    }
}
