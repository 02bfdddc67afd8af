package io.mainstay.head.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.messaging.api.QueueSession.StreamOffset;
import io.mainstay.messaging.api.QueueSettings;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.message.FieldTable;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Map;

/// Where a reader of a stream begins.
class ConsumerArgumentsTest {

    private static final long NOW_MS = 1_800_000_000_000L;

    private static final QueueView STREAM =
            new QueueView(
                    1,
                    1,
                    "/",
                    "s",
                    QueueView.Type.STREAM,
                    true,
                    false,
                    "",
                    FieldTable.EMPTY,
                    QueueSettings.DEFAULT,
                    "",
                    "");

    /// An interval that is longer than any clock means everything.
    @ParameterizedTest
    @CsvSource({
        "10s, 1799999990000",
        "1h, 1799996400000",
        "1Y, 1768464000000",
        "100Y, 0",
        "292471208Y, 0",
        "584942417Y, 0",
        "999999999Y, 0"
    })
    void anIntervalCountsBackFromNow(String text, long expectedMs) throws Exception {
        assertThat(
                        ConsumerArguments.offset(
                                STREAM, new FieldTable(Map.of("x-stream-offset", text)), NOW_MS))
                .isEqualTo(new StreamOffset.Since(expectedMs));
    }
}
