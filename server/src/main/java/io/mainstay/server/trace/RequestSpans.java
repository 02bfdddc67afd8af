package io.mainstay.server.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.vertx.core.MultiMap;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerConfig;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.spi.VertxMetricsFactory;
import io.vertx.core.spi.metrics.HttpServerMetrics;
import io.vertx.core.spi.metrics.VertxMetrics;
import io.vertx.core.spi.observability.HttpRequest;
import io.vertx.core.spi.observability.HttpResponse;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Set;

/// Spans of HTTP requests to any head, by OpenTelemetry's conventions for HTTP. Vert.x tells its metrics of each request's begin, route and end, which is what a span needs;
/// its interface for tracers does not tell the route.
final class RequestSpans implements VertxMetricsFactory, VertxMetrics {

    private static final AttributeKey<String> METHOD =
            AttributeKey.stringKey("http.request.method");
    private static final AttributeKey<String> ROUTE = AttributeKey.stringKey("http.route");
    private static final AttributeKey<Long> STATUS =
            AttributeKey.longKey("http.response.status_code");
    private static final AttributeKey<String> PATH = AttributeKey.stringKey("url.path");
    private static final AttributeKey<String> SCHEME = AttributeKey.stringKey("url.scheme");
    private static final AttributeKey<String> PEER = AttributeKey.stringKey("network.peer.address");
    private static final AttributeKey<Long> PEER_PORT = AttributeKey.longKey("network.peer.port");

    /// Others become `_OTHER`, so that strangers do not make names of spans.
    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT");

    private final SpanSource source;

    RequestSpans(SpanSource source) {
        this.source = source;
    }

    @Override
    public VertxMetrics metrics(VertxOptions options) {
        return this;
    }

    @Override
    public HttpServerMetrics<?, ?> createHttpServerMetrics(
            HttpServerConfig config, SocketAddress tcp, SocketAddress udp) {
        return new Listener(source);
    }

    /// One listener's requests.
    private record Listener(SpanSource source)
            implements HttpServerMetrics<@Nullable RequestSpan, Void> {

        @Override
        public @Nullable RequestSpan requestBegin(SocketAddress remote, HttpRequest request) {
            Context parent = source.parent(request.headers(), Headers.GETTER);
            if (parent == null) {
                return null;
            }
            String method = request.method().name();
            String shown = METHODS.contains(method) ? method : "_OTHER";
            SpanBuilder builder =
                    source.span(shown, SpanKind.SERVER, parent)
                            .setAttribute(METHOD, shown)
                            .setAttribute(SCHEME, scheme(request))
                            .setAttribute(PATH, path(request.uri()));
            if (remote != null && remote.hostAddress() != null) {
                builder.setAttribute(PEER, remote.hostAddress())
                        .setAttribute(PEER_PORT, (long) remote.port());
            }
            Span span = source.start(builder);
            return span == null ? null : new RequestSpan(span, shown);
        }

        private static String scheme(HttpRequest request) {
            String uri = request.absoluteURI();
            return uri != null && uri.startsWith("https:") ? "https" : "http";
        }

        /// Without the query, which may hold what nobody should keep.
        private static String path(String uri) {
            int end = uri.indexOf('?');
            return end < 0 ? uri : uri.substring(0, end);
        }

        @Override
        public void requestRouted(@Nullable RequestSpan request, String route) {
            if (request != null) {
                request.span.setAttribute(ROUTE, route);
                request.span.updateName(request.method + " " + route);
            }
        }

        @Override
        public void responseEnd(
                @Nullable RequestSpan request, HttpResponse response, long bytesWritten) {
            if (request == null) {
                return;
            }
            int status = response.statusCode();
            request.span.setAttribute(STATUS, (long) status);
            if (status >= 500) {
                request.span.setAttribute(OpenMessageSpan.ERROR_TYPE, Integer.toString(status));
                request.span.setStatus(StatusCode.ERROR);
            }
            request.span.end();
        }

        @Override
        public void requestReset(@Nullable RequestSpan request) {
            if (request != null) {
                request.span.setAttribute(OpenMessageSpan.ERROR_TYPE, "CONNECTION_CLOSED");
                request.span.setStatus(StatusCode.ERROR, "the client closed the connection");
                request.span.end();
            }
        }
    }

    private record RequestSpan(Span span, String method) {}

    private enum Headers implements TextMapGetter<MultiMap> {
        GETTER;

        @Override
        public Iterable<String> keys(MultiMap headers) {
            return List.of();
        }

        @Override
        public @Nullable String get(@Nullable MultiMap headers, String name) {
            return headers == null ? null : headers.get(name);
        }
    }
}
