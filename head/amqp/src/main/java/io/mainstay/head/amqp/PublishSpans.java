package io.mainstay.head.amqp;

import io.mainstay.head.amqp.wire.AmqpException;
import io.mainstay.messaging.api.MessageSpan;
import io.mainstay.messaging.api.MessageSpan.Outcome;
import io.mainstay.messaging.api.MessageTraces;
import io.mainstay.messaging.api.QueueSession.PublishListener;
import io.mainstay.messaging.api.QueueSession.PublishOutcome;

import org.jspecify.annotations.Nullable;

import java.util.HashSet;
import java.util.Set;

/// The spans of a channel's publishes. Those that messaging has not answered are known here, for the end of the channel. Event loop only.
final class PublishSpans {

    private final MessageTraces traces;
    private final String vhost;
    private final Set<MessageSpan> unanswered = new HashSet<>();

    PublishSpans(MessageTraces traces, String vhost) {
        this.traces = traces;
        this.vhost = vhost;
    }

    /// A message is to be published: it has a span from here on, if it is traced.
    void begin(Content content) {
        content.span(traces.publish(vhost, content));
    }

    /// The message was refused.
    static void refused(Content content, AmqpException why) {
        MessageSpan span = content.span();
        if (span != null) {
            span.fail(why.code().name(), why.replyText());
        }
    }

    static void end(Content content, Outcome outcome) {
        MessageSpan span = content.span();
        if (span != null) {
            span.end(outcome);
        }
    }

    /// The transaction of the message was committed, or failed.
    static void committed(Content content, boolean done) {
        MessageSpan span = content.span();
        if (span != null && done) {
            span.end(Outcome.CONFIRMED);
        } else if (span != null) {
            span.fail("COMMIT_FAILED", "partial tx completion");
        }
    }

    /// Who is told of the answer: `listener`, and the span before it if there is one.
    PublishListener answered(@Nullable MessageSpan span, int queues, PublishListener listener) {
        if (span == null) {
            return listener;
        }
        span.routed(queues);
        unanswered.add(span);
        return (sequence, outcome) -> {
            unanswered.remove(span);
            tell(span, outcome);
            listener.published(sequence, outcome);
        };
    }

    private static void tell(MessageSpan span, PublishOutcome outcome) {
        switch (outcome) {
            case CONFIRMED -> span.end(Outcome.CONFIRMED);
            case REJECTED -> span.fail("QUEUE_FULL", "a queue is full and refuses messages");
            case FAILED -> span.fail("UNCONFIRMED", "the message may have got lost");
        }
    }

    /// The channel ends, perhaps with its connection: then nothing is answered any more.
    void end() {
        unanswered.forEach(
                span -> span.fail("CHANNEL_CLOSED", "the channel ended before the confirm"));
        unanswered.clear();
    }
}
