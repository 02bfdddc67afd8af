package io.mainstay.server.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.messaging.message.FieldTable;
import io.mainstay.messaging.message.FieldValue;
import io.mainstay.messaging.message.MessageProperties;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;

class SpanSourceTest {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String SPAN = "00f067aa0ba902b7";
    private static final String SAMPLED = "00-" + TRACE + "-" + SPAN + "-01";

    private static final Tracer NOTHING = OpenTelemetry.noop().getTracer("test");

    private final SpanBudget budget = new SpanBudget(1);

    private @Nullable Context parent(double ratio, FieldTable headers) {
        return new SpanSource(NOTHING, ratio, budget)
                .parent(
                        MessageProperties.NONE.withHeaders(headers).stored(),
                        MessageSpans.Headers.GETTER);
    }

    private static FieldTable traceparent(Object value) {
        return FieldTable.EMPTY.with("traceparent", value);
    }

    @Test
    void aSampledParentIsTaken() {
        Context context = parent(0, traceparent(SAMPLED).with("tracestate", "vendor=1,other=2"));

        assertThat(context).isNotNull();
        SpanContext parent = Span.fromContext(context).getSpanContext();
        assertThat(parent.getTraceId()).isEqualTo(TRACE);
        assertThat(parent.getSpanId()).isEqualTo(SPAN);
        assertThat(parent.isRemote()).isTrue();
        assertThat(parent.getTraceState().get("vendor")).isEqualTo("1");
        assertThat(parent.getTraceState().get("other")).isEqualTo("2");
    }

    @Test
    void aParentOfBytesIsTaken() {
        byte[] bytes = SAMPLED.getBytes(StandardCharsets.ISO_8859_1);

        assertThat(parent(0, traceparent(new FieldValue.Bytes(bytes)))).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"00", "02", "fe"})
    void anUnsampledParentIsNotTracedWhateverChanceSays(String flags) {
        assertThat(parent(1, traceparent("00-" + TRACE + "-" + SPAN + "-" + flags))).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                "nonsense",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0x",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
                "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "00-4BF92F3577B34DA6A3CE929D0E0E473G-00f067aa0ba902b7-01"
            })
    void aMalformedParentIsNoParent(String malformed) {
        assertThat(parent(0, traceparent(malformed))).isNull();
        assertThat(parent(1, traceparent(malformed))).isEqualTo(Context.root());
    }

    @Test
    void withoutAParentChanceDecides() {
        assertThat(parent(0, FieldTable.EMPTY)).isNull();
        assertThat(parent(1, FieldTable.EMPTY)).isEqualTo(Context.root());
        assertThat(parent(0, traceparent(1L))).isNull();
    }

    @Test
    void thereAreNoMoreSpansThanTheBudgetHas() {
        SpanSource source = new SpanSource(NOTHING, 1, budget);

        assertThat(source.start(source.span("a", SpanKind.SERVER, Context.root()))).isNotNull();
        assertThat(source.start(source.span("b", SpanKind.SERVER, Context.root()))).isNull();
        assertThat(source.refused()).isEqualTo(1);
        budget.giveBack(1);
        assertThat(source.start(source.span("c", SpanKind.SERVER, Context.root()))).isNotNull();
    }

    @ParameterizedTest
    @CsvSource(
            value = {
                "orders, paid, billing, orders:paid:billing",
                "orders, paid, paid, orders:paid",
                "orders, paid, '', orders:paid",
                "orders, '', '', orders",
                "'', billing, billing, billing",
                "'', '', '', amq.default"
            })
    void destinationsAreNamedAsTheConventionsSay(
            String exchange, String key, String queue, String name) {
        assertThat(MessageSpans.destination(exchange, key, queue)).isEqualTo(name);
    }

    @ParameterizedTest
    @CsvSource({
        "http://127.0.0.1:4318, http://127.0.0.1:4318/v1/traces",
        "http://127.0.0.1:4318/, http://127.0.0.1:4318/v1/traces",
        "https://collector/otlp, https://collector/otlp"
    })
    void aCollectorWithoutAPathGetsTheUsualOne(String endpoint, String url) {
        assertThat(Tracing.url(endpoint)).isEqualTo(url);
    }
}
