package io.mainstay.head.http;

import io.mainstay.head.web.Answers;
import io.mainstay.head.web.AuthGate;
import io.mainstay.head.web.Principal;
import io.mainstay.head.web.WebServerConfig;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Finds the call that a request means. Credentials are checked once, here, before any path is looked at; only liveness,
/// readiness and the files of the console are open to everybody.
final class AdminCalls implements Handler<HttpServerRequest> {

    private final AdminServices services;
    private final ConsoleFiles console;
    private final AuthGate gate;
    private final RegistryCalls registry;
    private final boolean tls;

    AdminCalls(AdminServices services, ConsoleFiles console, AuthGate gate, WebServerConfig web) {
        this.services = services;
        this.console = console;
        this.gate = gate;
        this.registry = new RegistryCalls(services.registry());
        this.tls = web.tls();
    }

    @Override
    public void handle(HttpServerRequest request) {
        switch (request.path()) {
            case "/livez" -> Answers.text(request, 200, "alive\n");
            case "/readyz" -> {
                boolean ready = services.ready().getAsBoolean();
                Answers.text(request, ready ? 200 : 503, ready ? "ready\n" : "not ready\n");
            }
            default -> {
                if (!console.answer(request)) {
                    gate.enter(request, principal -> call(request, principal));
                }
            }
        }
    }

    private void call(HttpServerRequest request, Principal principal) {
        if (request.method() != HttpMethod.GET && isFromAnotherSite(request)) {
            Json.error(
                    request,
                    403,
                    "cross-site",
                    "a page of another site may not change anything here",
                    "requests whose Origin is this server, or without Origin");
            return;
        }
        List<String> path = segments(request.path());
        if (request.path().equals("/metrics") && request.method() == HttpMethod.GET) {
            request.response()
                    .putHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
                    .end(services.metrics().get());
        } else if (path.equals(List.of("api", "v1", "overview"))
                && request.method() == HttpMethod.GET) {
            Json.answer(request, 200, services.overview().get());
        } else if (path.size() > 3 && path.subList(0, 3).equals(List.of("api", "v1", "registry"))) {
            registry.call(request, principal, path.subList(3, path.size()));
        } else {
            Json.error(request, 404, "not-found", "there is no " + request.path(), "");
        }
    }

    /// A browser says where the page comes from; a tool sends no Origin.
    private boolean isFromAnotherSite(HttpServerRequest request) {
        String origin = request.getHeader("Origin");
        String host = request.getHeader("Host");
        return origin != null && !origin.equals((tls ? "https://" : "http://") + host);
    }

    private static List<String> segments(String path) {
        List<String> segments = new ArrayList<>();
        for (String part : path.split("/", -1)) {
            if (!part.isEmpty()) {
                segments.add(decode(part));
            }
        }
        return segments;
    }

    private static String decode(String part) {
        try {
            // A path's plus is a plus.
            return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notPercentEncoded) {
            return part;
        }
    }

    static Map<String, Object> items(List<?> items) {
        return Map.of("items", items);
    }
}
