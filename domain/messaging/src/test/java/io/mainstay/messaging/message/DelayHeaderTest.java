package io.mainstay.messaging.message;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

class DelayHeaderTest {

    /// A header, the milliseconds that it means, and the header of the message that has waited.
    static List<Arguments> values() {
        return List.of(
                Arguments.of((byte) 5, 5L, (byte) -5),
                Arguments.of((short) 5, 5L, (short) -5),
                Arguments.of(5, 5L, -5),
                Arguments.of(5L, 5L, -5L),
                Arguments.of(new FieldValue.UnsignedByte(200), 200L, -200L),
                Arguments.of(new FieldValue.UnsignedShort(60_000), 60_000L, -60_000L),
                Arguments.of(
                        new FieldValue.UnsignedInt(4_294_967_295L),
                        4_294_967_295L,
                        -4_294_967_295L),
                Arguments.of(5.9f, 5L, -5L),
                Arguments.of(5.9d, 5L, -5L),
                Arguments.of(new BigDecimal("5.9"), 5L, -5L),
                Arguments.of(1e300, Long.MAX_VALUE, -Long.MAX_VALUE),
                Arguments.of("5", 5L, -5L),
                Arguments.of("soon", 0L, 0L),
                Arguments.of(0, 0L, 0),
                Arguments.of(-5, 0L, 5),
                Arguments.of(true, 0L, 0L));
    }

    @ParameterizedTest
    @MethodSource("values")
    void everyNumberIsUnderstoodAndNegated(Object header, long ms, Object negated) {
        FieldTable headers = new FieldTable(Map.of("x-delay", header, "other", 1));
        assertThat(DelayHeader.ms(headers)).isEqualTo(ms);
        assertThat(DelayHeader.negated(headers).get("x-delay")).isEqualTo(negated);
        assertThat(DelayHeader.negated(headers).get("other")).isEqualTo(1);
    }
}
