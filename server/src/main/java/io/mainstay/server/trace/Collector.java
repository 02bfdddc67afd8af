package io.mainstay.server.trace;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Collection;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/// The exporter, watched: counts what the collector takes and what it does not, and says once that it does not take spans and once that it does again.
final class Collector implements SpanExporter {

    private static final Logger LOG = LoggerFactory.getLogger(Collector.class);

    private final SpanExporter exporter;
    private final String url;
    private final SpanBudget budget;
    private final LongAdder sent = new LongAdder();
    private final LongAdder lost = new LongAdder();
    private final AtomicBoolean failing = new AtomicBoolean();

    Collector(SpanExporter exporter, String url, SpanBudget budget) {
        this.exporter = exporter;
        this.url = url;
        this.budget = budget;
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        int count = spans.size();
        CompletableResultCode result = exporter.export(spans);
        return result.whenComplete(() -> completed(count, result));
    }

    private void completed(int count, CompletableResultCode result) {
        budget.giveBack(count);
        if (result.isSuccess()) {
            sent.add(count);
            if (failing.compareAndSet(true, false)) {
                LOG.info("The collector {} takes traces again; {} spans were lost", url, lost());
            }
        } else {
            lost.add(count);
            if (failing.compareAndSet(false, true)) {
                LOG.warn(
                        "The collector {} takes no traces: {}. Spans are lost until it does; everything else goes on",
                        url,
                        result.getFailureThrowable() == null
                                ? "no reason was given"
                                : result.getFailureThrowable().toString());
            }
        }
    }

    long sent() {
        return sent.sum();
    }

    long lost() {
        return lost.sum();
    }

    @Override
    public CompletableResultCode flush() {
        return exporter.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
        return exporter.shutdown();
    }
}
