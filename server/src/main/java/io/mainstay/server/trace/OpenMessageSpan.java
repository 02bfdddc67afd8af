package io.mainstay.server.trace;

import io.mainstay.messaging.api.MessageSpan;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;

import org.jspecify.annotations.Nullable;

/// A span of OpenTelemetry as messaging sees it.
///
/// @param deadLetterExchange where the queue sends what is refused; `null`: nowhere
record OpenMessageSpan(Span span, @Nullable String deadLetterExchange) implements MessageSpan {

    private static final AttributeKey<Long> QUEUES = AttributeKey.longKey("mainstay.queues");
    private static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("mainstay.outcome");
    static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");

    @Override
    public void routed(int queues) {
        span.setAttribute(QUEUES, (long) queues);
    }

    @Override
    public void end(Outcome outcome) {
        span.setAttribute(OUTCOME, outcome.word());
        if (outcome == Outcome.REJECTED && deadLetterExchange != null) {
            span.setAttribute(MessageSpans.DEAD_LETTER_EXCHANGE, deadLetterExchange);
        }
        span.end();
    }

    @Override
    public void fail(String type, String sentence) {
        span.setAttribute(ERROR_TYPE, type);
        span.setStatus(StatusCode.ERROR, sentence);
        span.end();
    }
}
