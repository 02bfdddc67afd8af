package io.mainstay.messaging.message;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Field tables and strings as AMQP 0-9-1 writes them, with RabbitMQ's types.
///
/// ```
/// table:  bytes (4) | ( name: short string | type (1) | value ) ...
/// array:  bytes (4) | ( type (1) | value ) ...
/// ```
/// Big-endian. Nothing is allocated from a declared length: it is compared with the bytes that are there first. Of two values of one name the
/// last one counts. Text that is not UTF-8 becomes [FieldValue.Bytes].
public final class FieldTableCodec {

    /// Tables and arrays within each other; the outermost table is level 1.
    public static final int MAX_NESTING = 32;

    /// Bytes of a short string.
    public static final int MAX_SHORT_STRING_BYTES = 255;

    private FieldTableCodec() {}

    /// Reads a table with its length in front, from the position of `source` on.
    ///
    /// @throws FieldTableException if the bytes are no table; the position of `source` is then undefined
    public static FieldTable decode(ByteBuffer source) throws FieldTableException {
        return FieldTableReader.table(source, 1);
    }

    /// Passes over a table with its length in front and makes sure that [#decode] would read it; allocates nothing.
    public static void check(ByteBuffer source) throws FieldTableException {
        FieldTableCheck.table(source, 1);
    }

    /// The table with its length in front.
    ///
    /// @throws IllegalArgumentException if a name is longer than 255 bytes, nesting is too deep, or a value has no type in AMQP
    public static byte[] encode(FieldTable table) {
        return FieldTableWriter.encode(table);
    }

    /// Writes the table with its length in front; see [#encode(FieldTable)].
    public static void encode(FieldTable table, ByteBuffer target) {
        target.put(encode(table));
    }

    /// Reads text with its length of one byte in front. Bytes that are not UTF-8 are replaced.
    public static String decodeShortString(ByteBuffer source) throws FieldTableException {
        need(source, 1, "the length of a short string");
        int length = source.get() & 0xff;
        need(source, length, "a short string");
        return text(source, length);
    }

    /// Writes text with its length of one byte in front.
    ///
    /// @throws IllegalArgumentException if it is longer than 255 bytes
    public static void encodeShortString(String text, ByteBuffer target) {
        byte[] bytes = shortString(text);
        target.put((byte) bytes.length).put(bytes);
    }

    /// Reads bytes with their length of four bytes in front.
    public static byte[] decodeLongString(ByteBuffer source) throws FieldTableException {
        byte[] bytes = new byte[length(source, "a long string")];
        source.get(bytes);
        return bytes;
    }

    static byte[] shortString(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > MAX_SHORT_STRING_BYTES) {
            throw new IllegalArgumentException(
                    "a short string has %s bytes, allowed: %s"
                            .formatted(bytes.length, MAX_SHORT_STRING_BYTES));
        }
        return bytes;
    }

    static String text(ByteBuffer source, int length) {
        byte[] bytes = new byte[length];
        source.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /// A declared length, compared with what is there.
    static int length(ByteBuffer source, String what) throws FieldTableException {
        need(source, Integer.BYTES, "the length of " + what);
        int length = source.getInt();
        if (length < 0 || length > source.remaining()) {
            throw new FieldTableException(
                    "%s declares %s bytes, %s are there"
                            .formatted(what, Integer.toUnsignedLong(length), source.remaining()));
        }
        return length;
    }

    static void need(ByteBuffer source, int bytes, String what) throws FieldTableException {
        if (source.remaining() < bytes) {
            throw new FieldTableException(
                    "%s needs %s bytes, %s are there".formatted(what, bytes, source.remaining()));
        }
    }

    static void nesting(int level) throws FieldTableException {
        if (level > MAX_NESTING) {
            throw new FieldTableException(
                    "tables and arrays are nested deeper than " + MAX_NESTING + " levels");
        }
    }

    static FieldTableException unknownType(byte type) {
        return new FieldTableException(
                "unknown type of a field: 0x%02x, known: t b B s u I i l L f d D S x T F A V"
                        .formatted(type & 0xff));
    }
}
