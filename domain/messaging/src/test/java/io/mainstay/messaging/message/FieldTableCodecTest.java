package io.mainstay.messaging.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

class FieldTableCodecTest {

    static FieldTable ofEveryType() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("t", true);
        values.put("b", (byte) -3);
        values.put("B", new FieldValue.UnsignedByte(250));
        values.put("s", (short) -300);
        values.put("u", new FieldValue.UnsignedShort(65_000));
        values.put("I", -70_000);
        values.put("i", new FieldValue.UnsignedInt(4_000_000_000L));
        values.put("l", Long.MIN_VALUE);
        values.put("f", 1.5f);
        values.put("d", -2.25d);
        values.put("D", new BigDecimal("12.34"));
        values.put("S", "wörds");
        values.put("x", new FieldValue.Bytes(new byte[] {1, 2, (byte) 0xff}));
        values.put("T", new FieldValue.Timestamp(1_700_000_000));
        values.put("A", List.of("one", 2, List.of(3L)));
        values.put("F", new FieldTable(Map.of("inner", FieldValue.Void.VOID)));
        values.put("V", FieldValue.Void.VOID);
        return new FieldTable(values);
    }

    @Test
    void everyTypeComesBackAsItWent() throws Exception {
        FieldTable table = ofEveryType();

        ByteBuffer bytes = ByteBuffer.wrap(FieldTableCodec.encode(table));
        FieldTableCodec.check(bytes.duplicate());

        assertThat(FieldTableCodec.decode(bytes)).isEqualTo(table);
        assertThat(bytes.hasRemaining()).isFalse();
        assertThat(List.copyOf(FieldTableCodec.decode(bytes.rewind()).values().keySet()))
                .isEqualTo(List.copyOf(table.values().keySet()));
    }

    @Test
    void bytesAreThoseOfAmqp() {
        FieldTable table = new FieldTable(Map.of("a", 258));
        assertThat(HexFormat.of().formatHex(FieldTableCodec.encode(table)))
                .isEqualTo("00000007" + "0161" + "49" + "00000102");
    }

    @Test
    void aLongStringThatIsNoTextIsBytes() throws Exception {
        ByteBuffer bytes = hex("00000008" + "0161" + "53" + "00000001" + "ff");
        assertThat(FieldTableCodec.decode(bytes).get("a"))
                .isEqualTo(new FieldValue.Bytes(new byte[] {(byte) 0xff}));
    }

    @Test
    void theSecondSignOfALongIsRead() throws Exception {
        ByteBuffer bytes = hex("0000000b" + "0161" + "4c" + "0000000000000007");
        assertThat(FieldTableCodec.decode(bytes).get("a")).isEqualTo(7L);
    }

    @Test
    void aDeclaredLengthBeyondTheBytesIsRefused() {
        refused("7fffffff" + "0161", "a field table declares 2147483647 bytes, 2 are there");
        refused("ffffffff", "declares 4294967295 bytes");
        refused("00000007" + "0161" + "53" + "7fffffff", "a long string declares");
        refused("00000003" + "056161", "short string");
        refused("00000003" + "0161" + "49", "a value of a field needs 4 bytes, 0 are there");
        refused("0000", "the length of a field table needs 4 bytes");
    }

    @Test
    void anUnknownTypeIsNamed() {
        refused("00000003" + "0161" + "5a", "unknown type of a field: 0x5a");
    }

    @Test
    void nestingHasAnEnd() throws Exception {
        FieldTableCodec.decode(ByteBuffer.wrap(nested(FieldTableCodec.MAX_NESTING)));
        byte[] deep = nested(FieldTableCodec.MAX_NESTING + 1);
        refused(HexFormat.of().formatHex(deep), "nested deeper than 32 levels");
    }

    private static byte[] nested(int levels) {
        byte[] table = new byte[4];
        for (int level = 1; level < levels; level++) {
            ByteBuffer outer = ByteBuffer.allocate(table.length + 6);
            outer.putInt(table.length + 2).put((byte) 0).put((byte) 'F').put(table);
            table = outer.array();
        }
        return table;
    }

    @Test
    void whatCannotBeWrittenIsRefused() {
        assertThatThrownBy(() -> FieldTableCodec.encode(FieldTable.EMPTY.with("n".repeat(256), 1)))
                .hasMessageContaining("256 bytes, allowed: 255");
        assertThatThrownBy(() -> FieldTableCodec.encode(FieldTable.EMPTY.with("a", new Object())))
                .hasMessageContaining("cannot hold");
        assertThatThrownBy(
                        () ->
                                FieldTableCodec.encode(
                                        FieldTable.EMPTY.with("a", new BigDecimal("1e400"))))
                .hasMessageContaining("decimal");
    }

    /// Whatever the bytes, checking and reading agree, and nothing but the one exception comes out.
    @Test
    void mutatedTablesAreReadOrRefused() {
        byte[] seed = FieldTableCodec.encode(ofEveryType());
        Random random = new Random(42);
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = seed.clone();
            for (int i = random.nextInt(4); i >= 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            assertThat(read(bytes)).as("round %s", round).isEqualTo(checked(bytes));
        }
    }

    private static boolean read(byte[] bytes) {
        try {
            FieldTableCodec.encode(FieldTableCodec.decode(ByteBuffer.wrap(bytes)));
            return true;
        } catch (FieldTableException refused) {
            return false;
        } catch (IllegalArgumentException notWritable) {
            // A name of 255 bytes that are not UTF-8 grows when it is read.
            return true;
        }
    }

    private static boolean checked(byte[] bytes) {
        try {
            FieldTableCodec.check(ByteBuffer.wrap(bytes));
            return true;
        } catch (FieldTableException refused) {
            return false;
        }
    }

    private static void refused(String hex, String sentence) {
        assertThatThrownBy(() -> FieldTableCodec.decode(hex(hex)))
                .isInstanceOf(FieldTableException.class)
                .hasMessageContaining(sentence);
        assertThatThrownBy(() -> FieldTableCodec.check(hex(hex)))
                .isInstanceOf(FieldTableException.class);
    }

    private static ByteBuffer hex(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex));
    }

    @Test
    void shortStringsAreAtMost255Bytes() throws Exception {
        ByteBuffer target = ByteBuffer.allocate(256);
        String text = "ü".repeat(127);
        FieldTableCodec.encodeShortString(text, target);
        assertThat(target.flip().remaining()).isEqualTo(255);
        assertThat(FieldTableCodec.decodeShortString(target)).isEqualTo(text);
        assertThatThrownBy(() -> FieldTableCodec.encodeShortString("ü".repeat(128), target.clear()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(
                        FieldTableCodec.decodeLongString(
                                ByteBuffer.wrap("\0\0\0\1x".getBytes(StandardCharsets.ISO_8859_1))))
                .containsExactly('x');
    }
}
