package io.mainstay.server.trace;

import io.mainstay.messaging.api.MessageTraces;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.common.export.RetryPolicy;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanLimits;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.vertx.core.spi.VertxMetricsFactory;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/// Traces of the node, sent to a collector by OTLP over HTTP.
///
/// What is sampled is decided where a message or a request comes in ([SpanSource]); spans that ended wait in a queue for a thread of their own, which sends them. Nothing
/// else ever waits for the collector: where it is slow or gone, spans are lost and counted.
public final class Tracing implements AutoCloseable {

    private static final String NAME = "io.mainstay";
    private static final Duration DELAY = Duration.ofSeconds(1);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration RETRY = Duration.ofMillis(500);
    private static final int BATCH_SPANS = 512;

    /// A stranger's text in an attribute.
    private static final int MAX_TEXT = 1_024;

    private static final long CLOSE_SECONDS = 2;

    /// The exporter tells of each failure by itself; [Collector] tells once. Held here, as the JDK forgets levels of loggers that nobody holds.
    private static final Logger EXPORTERS_LOG = Logger.getLogger("io.opentelemetry.exporter");

    static {
        EXPORTERS_LOG.setLevel(Level.OFF);
    }

    private final SdkTracerProvider provider;
    private final SpanSource source;
    private final Collector collector;

    private Tracing(SdkTracerProvider provider, SpanSource source, Collector collector) {
        this.provider = provider;
        this.source = source;
        this.collector = collector;
    }

    /// Does not talk to the collector before there is a span.
    ///
    /// @param endpoint where the collector takes traces: a URL with http or https; without a path, `/v1/traces` is its path
    /// @param ratio share of messages and requests without a `traceparent` that are traced, 0 to 1
    /// @param maxSpans that are open or wait for the collector
    /// @param node the node's name
    public static Tracing start(
            String endpoint, double ratio, int maxSpans, String node, String version) {
        SpanBudget budget = new SpanBudget(maxSpans);
        String url = url(endpoint);
        Collector collector =
                new Collector(
                        OtlpHttpSpanExporter.builder()
                                .setEndpoint(url)
                                .setTimeout(TIMEOUT)
                                .setConnectTimeout(TIMEOUT)
                                .setRetryPolicy(
                                        RetryPolicy.builder()
                                                .setMaxAttempts(3)
                                                .setInitialBackoff(RETRY)
                                                .build())
                                .build(),
                        url,
                        budget);
        SdkTracerProvider provider =
                SdkTracerProvider.builder()
                        .setResource(
                                Resource.getDefault().toBuilder()
                                        .put(AttributeKey.stringKey("service.name"), "mainstay")
                                        .put(AttributeKey.stringKey("service.instance.id"), node)
                                        .put(AttributeKey.stringKey("service.version"), version)
                                        .build())
                        // What comes here is sampled already.
                        .setSampler(Sampler.alwaysOn())
                        .setSpanLimits(
                                SpanLimits.builder().setMaxAttributeValueLength(MAX_TEXT).build())
                        .addSpanProcessor(
                                BatchSpanProcessor.builder(collector)
                                        .setScheduleDelay(DELAY)
                                        .setExporterTimeout(TIMEOUT)
                                        // The budget bounds them, so that none is lost uncounted.
                                        .setMaxQueueSize(Math.max(maxSpans, BATCH_SPANS))
                                        .setMaxExportBatchSize(BATCH_SPANS)
                                        .build())
                        .build();
        return new Tracing(
                provider, new SpanSource(provider.get(NAME, version), ratio, budget), collector);
    }

    static String url(String endpoint) {
        String path = URI.create(endpoint).getPath();
        if (path == null || path.isEmpty()) {
            return endpoint + "/v1/traces";
        }
        return path.equals("/") ? endpoint + "v1/traces" : endpoint;
    }

    public MessageTraces messages() {
        return new MessageSpans(source);
    }

    /// For the event loops of the HTTP heads.
    public VertxMetricsFactory requests() {
        return new RequestSpans(source);
    }

    /// Spans that the collector has taken.
    public long sent() {
        return collector.sent();
    }

    /// Spans that were not made as too many were under way, and those that the collector has not taken.
    public long lost() {
        return source.refused() + collector.lost();
    }

    /// Sends what waits, for 2 seconds at most.
    @Override
    public void close() {
        provider.shutdown().join(CLOSE_SECONDS, TimeUnit.SECONDS);
    }
}
