package io.mainstay.it.amqp;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import io.mainstay.testkit.Conditions;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/// A collector of OpenTelemetry that takes spans by OTLP over HTTP and keeps them.
final class TraceCollector implements AutoCloseable {

    private final HttpServer server;
    private final List<Seen> spans = new CopyOnWriteArrayList<>();
    private final List<Map<String, String>> resources = new CopyOnWriteArrayList<>();

    /// @param attributes of any type, as text
    record Seen(
            String trace,
            String parent,
            String name,
            Span.SpanKind kind,
            boolean error,
            long nanos,
            Map<String, String> attributes) {

        String attribute(String key) {
            return attributes.getOrDefault(key, "");
        }
    }

    /// @param port 0: a free one
    TraceCollector(int port) throws IOException {
        server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/v1/traces", this::take);
        server.start();
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            ExportTraceServiceRequest request =
                    ExportTraceServiceRequest.parseFrom(exchange.getRequestBody());
            request.getResourceSpansList()
                    .forEach(
                            of -> {
                                resources.add(attributes(of.getResource()));
                                of.getScopeSpansList()
                                        .forEach(
                                                scope ->
                                                        scope.getSpansList()
                                                                .forEach(
                                                                        span ->
                                                                                spans.add(
                                                                                        seen(
                                                                                                span))));
                            });
            exchange.getResponseHeaders().add("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(200, -1);
        }
    }

    private static Seen seen(Span span) {
        HexFormat hex = HexFormat.of();
        return new Seen(
                hex.formatHex(span.getTraceId().toByteArray()),
                hex.formatHex(span.getParentSpanId().toByteArray()),
                span.getName(),
                span.getKind(),
                span.getStatus().getCode() == Status.StatusCode.STATUS_CODE_ERROR,
                span.getEndTimeUnixNano() - span.getStartTimeUnixNano(),
                attributes(span.getAttributesList()));
    }

    private static Map<String, String> attributes(Resource resource) {
        return attributes(resource.getAttributesList());
    }

    private static Map<String, String> attributes(List<KeyValue> values) {
        return values.stream()
                .collect(
                        Collectors.toMap(
                                KeyValue::getKey,
                                pair ->
                                        switch (pair.getValue().getValueCase()) {
                                            case INT_VALUE ->
                                                    Long.toString(pair.getValue().getIntValue());
                                            case BOOL_VALUE ->
                                                    Boolean.toString(
                                                            pair.getValue().getBoolValue());
                                            default -> pair.getValue().getStringValue();
                                        }));
    }

    int port() {
        return server.getAddress().getPort();
    }

    /// Everything that came so far.
    List<Seen> spans() {
        return List.copyOf(spans);
    }

    List<Map<String, String>> resources() {
        return List.copyOf(resources);
    }

    /// Waits for so many spans of one trace.
    List<Seen> await(String trace, int count) {
        return Conditions.value(
                count + " spans of trace " + trace + " among " + spans,
                Amqp.SOON,
                () -> {
                    List<Seen> of = spans.stream().filter(s -> s.trace().equals(trace)).toList();
                    return of.size() >= count ? of : null;
                });
    }

    /// Waits for the one span of a trace whose name begins so.
    Seen one(String trace, String name) {
        return Conditions.value(
                "a span " + name + " of trace " + trace,
                Amqp.SOON,
                () ->
                        spans.stream()
                                .filter(s -> s.trace().equals(trace) && s.name().startsWith(name))
                                .findFirst()
                                .orElse(null));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
