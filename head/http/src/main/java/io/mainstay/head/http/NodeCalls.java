package io.mainstay.head.http;

import io.mainstay.head.web.Answers;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/// What concerns the node as a whole: health, metrics, overview, and the description of the API itself.
final class NodeCalls {

    private static final String DESCRIPTION = "openapi.yaml";

    private final AdminServices services;
    private final Buffer description = Buffer.buffer(description());

    NodeCalls(AdminServices services) {
        this.services = services;
    }

    List<Route> routes() {
        return List.of(
                new Route(HttpMethod.GET, "/livez", Right.OPEN, NodeCalls::alive),
                new Route(HttpMethod.GET, "/readyz", Right.OPEN, this::ready),
                new Route(HttpMethod.GET, "/metrics", Right.READ, this::metrics),
                new Route(HttpMethod.GET, "/api/v1/overview", Right.READ, this::overview),
                new Route(HttpMethod.GET, "/api/v1/openapi.yaml", Right.READ, this::describe));
    }

    private static void alive(AdminRequest request) {
        Answers.text(request.http(), 200, "alive\n");
    }

    private void ready(AdminRequest request) {
        boolean ready = services.ready().getAsBoolean();
        Answers.text(request.http(), ready ? 200 : 503, ready ? "ready\n" : "not ready\n");
    }

    private void metrics(AdminRequest request) {
        request.http()
                .response()
                .putHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
                .end(services.metrics().get());
    }

    private void overview(AdminRequest request) {
        request.answer(200, services.overview().get());
    }

    private void describe(AdminRequest request) {
        request.http()
                .response()
                .putHeader("Content-Type", "application/yaml")
                .putHeader("X-Content-Type-Options", "nosniff")
                .end(description);
    }

    private static byte[] description() {
        try (InputStream in = NodeCalls.class.getResourceAsStream(DESCRIPTION)) {
            if (in == null) {
                throw new IllegalStateException(DESCRIPTION + " is not on the class path");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
