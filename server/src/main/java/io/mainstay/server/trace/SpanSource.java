package io.mainstay.server.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.ThreadLocalRandom;

/// Decides what is traced, and begins spans. Thread-safe.
///
/// A `traceparent` decides: sampled or not. Without one, or with one that is malformed, chance does, which is off by default. For most messages that is one look
/// at a header.
final class SpanSource {

    private static final String PARENT = "traceparent";

    /// Characters of version 00, and where its flags end: the lowest bit says sampled.
    private static final int PARENT_LENGTH = 55;

    private static final W3CTraceContextPropagator W3C = W3CTraceContextPropagator.getInstance();

    private final Tracer tracer;
    private final double ratio;
    private final SpanBudget budget;

    /// @param ratio share of what has no parent that is traced, 0 to 1
    SpanSource(Tracer tracer, double ratio, SpanBudget budget) {
        this.tracer = tracer;
        this.ratio = ratio;
        this.budget = budget;
    }

    /// The parent of a span for what `carrier` carries; the root if it is to be traced and has none; `null` if it is not traced.
    <C> @Nullable Context parent(C carrier, TextMapGetter<C> getter) {
        String parent = getter.get(carrier, PARENT);
        if (parent != null) {
            if (saysUnsampled(parent)) {
                return null;
            }
            Context context = W3C.extract(Context.root(), carrier, getter);
            var remote = Span.fromContext(context).getSpanContext();
            if (remote.isValid()) {
                return remote.isSampled() ? context : null;
            }
        }
        // Chance needs no seed here: nothing that is kept depends on it.
        return ratio > 0 && ThreadLocalRandom.current().nextDouble() < ratio
                ? Context.root()
                : null;
    }

    /// Whether it is one of version 00 without the flag, which is what most are where few are sampled. The rest of it is not looked at.
    private static boolean saysUnsampled(String parent) {
        return parent.length() == PARENT_LENGTH
                && parent.startsWith("00-")
                && (Character.digit(parent.charAt(PARENT_LENGTH - 1), 16) & 1) == 0;
    }

    SpanBuilder span(String name, SpanKind kind, Context parent) {
        return tracer.spanBuilder(name).setParent(parent).setSpanKind(kind);
    }

    /// @return `null` if too many spans are under way
    @Nullable Span start(SpanBuilder builder) {
        return budget.take() ? builder.startSpan() : null;
    }

    /// Spans that were not made as too many were under way.
    long refused() {
        return budget.refused();
    }
}
