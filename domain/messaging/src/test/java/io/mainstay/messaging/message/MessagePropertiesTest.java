package io.mainstay.messaging.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mainstay.messaging.message.MessageProperties.Property;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Map;

class MessagePropertiesTest {

    private static final FieldTable HEADERS = new FieldTable(Map.of("x", "y"));

    private static MessageProperties all() {
        MessageProperties all = MessageProperties.NONE;
        for (Property property : Property.values()) {
            if (property.form() == Property.Form.TEXT) {
                all = all.withText(property, "the " + property.shown());
            }
        }
        return all.withHeaders(HEADERS).withDeliveryMode(2).withPriority(200).withTimestamp(77);
    }

    @Test
    void bytesOfAClientAreRead() throws Exception {
        // content-type text/plain, delivery-mode 2, priority 0: what amqp-client sends for
        // PERSISTENT_TEXT_PLAIN.
        MessageProperties properties =
                MessageProperties.of(hex("9800" + "0a746578742f706c61696e" + "02" + "00"));
        assertThat(properties.contentType()).isEqualTo("text/plain");
        assertThat(properties.persistent()).isTrue();
        assertThat(properties.has(Property.PRIORITY)).isTrue();
        assertThat(properties.priority()).isZero();
        assertThat(properties.headers()).isEqualTo(FieldTable.EMPTY);
        assertThat(properties.expiration()).isNull();
        assertThat(properties.timestamp()).isEqualTo(-1);
    }

    @Test
    void everyPropertyIsFoundInItsPlace() throws Exception {
        MessageProperties read = MessageProperties.of(all().bytes());
        for (Property property : Property.values()) {
            assertThat(read.has(property)).isTrue();
            if (property.form() == Property.Form.TEXT) {
                assertThat(read.text(property)).isEqualTo("the " + property.shown());
            }
        }
        assertThat(read.headers()).isEqualTo(HEADERS);
        assertThat(read.deliveryMode()).isEqualTo(2);
        assertThat(read.priority()).isEqualTo(200);
        assertThat(read.timestamp()).isEqualTo(77);
        assertThat(read.bytes()).isEqualTo(all().bytes());
    }

    @Test
    void headersAreReplacedAndExpirationIsTakenAway() throws Exception {
        FieldTable more = HEADERS.with("x-death", 1L);
        MessageProperties dead =
                MessageProperties.of(all().withHeaders(more).withoutExpiration().bytes());
        assertThat(dead.headers()).isEqualTo(more);
        assertThat(dead.expiration()).isNull();
        assertThat(dead.messageId()).isEqualTo("the message_id");
        assertThat(dead.correlationId()).isEqualTo("the correlation_id");
        assertThat(dead.clusterId()).isEqualTo("the cluster_id");

        MessageProperties bare = MessageProperties.NONE.withHeaders(more);
        assertThat(MessageProperties.of(bare.bytes()).headers()).isEqualTo(more);
        assertThat(bare.withoutExpiration()).isSameAs(bare);
        assertThat(bare.without(Property.HEADERS).bytes())
                .isEqualTo(MessageProperties.NONE.bytes());
    }

    @Test
    void oneHeaderIsAddedOrReplacedAndNothingElseChanges() throws Exception {
        FieldTable many = HEADERS.with("nested", HEADERS).with("n", 1);
        FieldTable deceptive = HEADERS.with("text", "in x-stream-offset of it");
        FieldTable there = HEADERS.with("x-stream-offset", "of another stream");
        for (FieldTable before : new FieldTable[] {FieldTable.EMPTY, many, deceptive, there}) {
            MessageProperties read =
                    MessageProperties.of(
                            all().withHeaders(before).withHeader("x-stream-offset", 7L).bytes());
            assertThat(read.headers()).isEqualTo(before.with("x-stream-offset", 7L));
            assertThat(read.withHeaders(HEADERS).bytes()).isEqualTo(all().bytes());
        }
        MessageProperties bare = MessageProperties.NONE.withHeader("x-stream-offset", -1L);
        assertThat(MessageProperties.of(bare.bytes()).headers())
                .isEqualTo(FieldTable.EMPTY.with("x-stream-offset", -1L));
    }

    @Test
    void brokenPropertiesAreRefused() {
        refused("80", "property flags needs 2 bytes");
        refused("8000", "the length of a short string");
        refused("8000" + "05" + "61", "content_type needs 5 bytes, 1 are there");
        refused("2000" + "00000009", "a field table declares 9 bytes");
        refused("0040" + "0000", "timestamp needs 8 bytes");
        refused("0000" + "00", "1 bytes are left over");
        refused("0001", "unknown property flags: 0x0001");
    }

    private static void refused(String hex, String sentence) {
        assertThatThrownBy(() -> MessageProperties.of(hex(hex)))
                .isInstanceOf(FieldTableException.class)
                .hasMessageContaining(sentence);
    }

    private static ByteBuffer hex(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex));
    }
}
