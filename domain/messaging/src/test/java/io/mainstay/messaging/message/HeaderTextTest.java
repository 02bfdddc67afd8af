package io.mainstay.messaging.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.messaging.message.MessageProperties.Property;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

class HeaderTextTest {

    private static final String NAME = "traceparent";

    private static @Nullable String in(MessageProperties properties) {
        return in(properties.stored());
    }

    private static @Nullable String in(ByteBuffer properties) {
        int before = properties.position();
        String found = HeaderText.of(properties, NAME.getBytes(StandardCharsets.ISO_8859_1));
        assertThat(properties.position()).isEqualTo(before);
        return found;
    }

    private static FieldTable everyType() {
        return FieldTable.EMPTY
                .with("t", true)
                .with("b", (byte) 1)
                .with("B", new FieldValue.UnsignedByte(200))
                .with("s", (short) 1)
                .with("u", new FieldValue.UnsignedShort(60_000))
                .with("I", 1)
                .with("i", new FieldValue.UnsignedInt(4_000_000_000L))
                .with("l", 1L)
                .with("f", 1f)
                .with("d", 1d)
                .with("D", new BigDecimal("1.5"))
                .with("S", "traceparent")
                .with("x", new FieldValue.Bytes(new byte[] {1, 2}))
                .with("T", new FieldValue.Timestamp(1))
                .with("A", List.of("traceparent", 1))
                .with("F", FieldTable.EMPTY.with(NAME, "of a table within"))
                .with("V", FieldValue.Void.VOID)
                .with("traceparen", "shorter")
                .with("traceparenT", "another");
    }

    @Test
    void textIsFoundBehindValuesOfEveryType() {
        MessageProperties properties =
                MessageProperties.NONE
                        .withText(Property.CONTENT_TYPE, "text/plain")
                        .withText(Property.CONTENT_ENCODING, "gzip")
                        .withText(Property.MESSAGE_ID, "m")
                        .withHeaders(everyType().with(NAME, "00-a").with("z", 1));

        assertThat(in(properties)).isEqualTo("00-a");
    }

    @Test
    void bytesAreText() {
        byte[] bytes = "00-b".getBytes(StandardCharsets.ISO_8859_1);
        FieldTable headers = FieldTable.EMPTY.with(NAME, new FieldValue.Bytes(bytes));

        assertThat(in(MessageProperties.NONE.withHeaders(headers))).isEqualTo("00-b");
    }

    @Test
    void whatIsNotThereOrNoTextIsNotFound() {
        assertThat(in(MessageProperties.NONE)).isNull();
        assertThat(in(ByteBuffer.allocate(0))).isNull();
        assertThat(in(MessageProperties.NONE.withText(Property.CONTENT_TYPE, NAME))).isNull();
        assertThat(in(MessageProperties.NONE.withHeaders(FieldTable.EMPTY))).isNull();
        assertThat(in(MessageProperties.NONE.withHeaders(everyType()))).isNull();
        assertThat(in(MessageProperties.NONE.withHeaders(FieldTable.EMPTY.with(NAME, 1L))))
                .isNull();
    }

    @Test
    void theLastOneOfANameCounts() {
        byte[] name = FieldTableCodec.shortString(NAME);
        ByteBuffer table = ByteBuffer.allocate(200);
        table.putShort((short) 0x2000).putInt(0);
        for (String value : List.of("first", "second")) {
            table.put((byte) name.length).put(name).put((byte) 'S').putInt(value.length());
            table.put(value.getBytes(StandardCharsets.ISO_8859_1));
        }
        table.putInt(2, table.position() - 6).flip();

        assertThat(in(table)).isEqualTo("second");
    }

    @Test
    void headersWithBlindCopiesAreRead() {
        FieldTable headers = FieldTable.EMPTY.with("BCC", List.of("somewhere")).with(NAME, "00-c");

        assertThat(in(MessageProperties.NONE.withHeaders(headers))).isEqualTo("00-c");
    }
}
