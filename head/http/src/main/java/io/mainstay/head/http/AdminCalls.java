package io.mainstay.head.http;

import io.mainstay.access.api.Access;
import io.mainstay.head.web.AuthGate;
import io.mainstay.head.web.Authenticator;
import io.mainstay.head.web.HostCheck;
import io.mainstay.head.web.PathParts;
import io.mainstay.head.web.Principal;
import io.mainstay.head.web.RateBook;
import io.mainstay.head.web.WebServerConfig;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// From a request to its call, in this order: the name it asks for ([HostCheck]), the files of the console, who it is, whether a page
/// of another site sent it, which call it means, and whether its sender may do that ([Right]).
final class AdminCalls implements Handler<HttpServerRequest> {

    /// Whatever it says, it says that our page sent the request.
    private static final String CONSOLE = "X-Mainstay-Console";

    private final ConsoleFiles console;
    private final AuthGate gate;
    private final HostCheck hosts;
    private final Sessions sessions;
    private final List<Route> routes;
    private final boolean tls;

    AdminCalls(
            AdminServices services,
            ConsoleFiles console,
            Authenticator authenticator,
            WebServerConfig web) {
        this.console = console;
        this.gate = new AuthGate(authenticator, AdminCalls::challenge);
        this.hosts = HostCheck.of(web.host(), services.loopback());
        this.sessions = new Sessions(services.access(), services.clock(), web.tls());
        this.tls = web.tls();
        List<Route> all = new ArrayList<>();
        all.addAll(new NodeCalls(services).routes());
        all.addAll(new SessionCalls(services.access(), sessions).routes());
        all.addAll(new SecretCalls(services.access()).routes());
        EventStreams events =
                new EventStreams(
                        services.registry(),
                        (principal, namespace) -> isStill(principal, namespace, services.access()));
        all.addAll(new RegistryCalls(services.registry(), events).routes());
        all.addAll(new SubscriberCalls(services.push()).routes());
        MessagingDoor messaging = new MessagingDoor(services.messaging());
        all.addAll(
                new UserCalls(services.access(), !services.loopback(), services.messaging())
                        .routes());
        all.addAll(TopologyCalls.routes(messaging, services.access()));
        all.addAll(new LimitCalls(services.access()).routes(messaging));
        RateBook rates = new RateBook(services.clock());
        all.addAll(new QueueCalls(rates).routes(messaging));
        all.addAll(MessageCalls.routes(messaging, services.alarm()));
        all.addAll(new ConnectionCalls(rates).routes(messaging));
        all.addAll(new DefinitionCalls(services.definitions()).routes());
        this.routes = List.copyOf(all);
    }

    /// Every call there is.
    List<Route> routes() {
        return routes;
    }

    /// Whether somebody who was let in a while ago would be let in again.
    private static boolean isStill(Principal principal, String namespace, Access access) {
        return principal.name().isEmpty()
                ? !access.required()
                : access.user(principal.name())
                        .map(user -> new Principal(user.name(), user.role(), user.namespaces()))
                        .filter(now -> Right.READ_NAMESPACE.isOf(now.role()))
                        .filter(now -> Right.READ_NAMESPACE.reaches(now, namespace))
                        .isPresent();
    }

    @Override
    public void handle(HttpServerRequest request) {
        String path = request.path();
        List<String> parts = PathParts.of(path == null ? "" : path);
        Route route = route(request.method(), parts);
        if (route != null) {
            request.routed(route.path());
        }
        if (!hosts.passes(request) && !isProbe(parts)) {
            Json.error(
                    request,
                    403,
                    "host",
                    "this node listens on loopback and is not called what the header Host says",
                    hosts.allowed());
        } else if (route == null && console.answer(request)) {
            return;
        } else if (route != null && route.right() == Right.OPEN) {
            call(request, Principal.ANONYMOUS, false, route, parts);
        } else {
            enter(request, route, parts);
        }
    }

    private static boolean isProbe(List<String> parts) {
        return parts.equals(List.of("livez")) || parts.equals(List.of("readyz"));
    }

    private void enter(HttpServerRequest request, @Nullable Route route, List<String> parts) {
        Principal signedIn =
                request.headers().contains("Authorization") ? null : sessions.principal(request);
        if (signedIn != null) {
            call(request, signedIn, true, route, parts);
        } else {
            gate.enter(request, principal -> call(request, principal, false, route, parts));
        }
    }

    /// A browser that is offered Basic asks with a window of its own; the console has its form for that, so its requests are not.
    private static void challenge(HttpServerRequest request, int status, String sentence) {
        if (status == 401) {
            String accept = request.getHeader("Accept");
            boolean console =
                    request.headers().contains(CONSOLE)
                            || (accept != null && accept.contains("text/event-stream"));
            List<String> offered = new ArrayList<>();
            if (!console) {
                offered.add(AuthGate.challenge("mainstay"));
            }
            offered.add("Bearer realm=\"mainstay\"");
            request.response().putHeader("WWW-Authenticate", offered);
        }
        Json.error(request, status, status == 401 ? "credentials" : "busy", sentence, "");
    }

    private void call(
            HttpServerRequest request,
            Principal principal,
            boolean bySession,
            @Nullable Route route,
            List<String> parts) {
        if (request.method() != HttpMethod.GET && isFromAnotherSite(request, bySession)) {
            Json.error(
                    request,
                    403,
                    "cross-site",
                    "a page of another site may not change anything here",
                    "requests whose Origin is this server, or without Origin and session");
        } else if (route == null) {
            none(request, parts);
        } else if (!route.right().isOf(principal.role())) {
            Json.error(
                    request,
                    403,
                    "role",
                    "the user %s is a %s and may not %s %s"
                            .formatted(
                                    principal.shown(),
                                    principal.role(),
                                    request.method(),
                                    route.path()),
                    route.right().roles());
        } else {
            List<String> names = route.match(parts);
            run(route, new AdminRequest(request, principal, names == null ? List.of() : names));
        }
    }

    private static void run(Route route, AdminRequest request) {
        Principal principal = request.principal();
        try {
            if (!route.right().isOfNamespace()
                    || route.right().reaches(principal, request.namespace())) {
                route.call().run(request);
            } else {
                request.error(
                        403,
                        "namespace",
                        "the user %s has no part in the namespace %s"
                                .formatted(principal.shown(), request.namespace()),
                        "namespace=" + String.join(", ", principal.namespaces()));
            }
        } catch (BadRequestException bad) {
            request.refuse(bad);
        }
    }

    private void none(HttpServerRequest request, List<String> parts) {
        String methods =
                routes.stream()
                        .filter(route -> route.match(parts) != null)
                        .map(route -> route.method().name())
                        .collect(Collectors.joining(", "));
        if (methods.isEmpty()) {
            Json.error(request, 404, "not-found", "there is no " + request.path(), "");
        } else {
            request.response().putHeader("Allow", methods);
            Json.error(request, 405, "method", request.method() + " is not taken here", methods);
        }
    }

    private @Nullable Route route(HttpMethod method, List<String> parts) {
        for (Route route : routes) {
            if (route.takes(method) && route.match(parts) != null) {
                return route;
            }
        }
        return null;
    }

    /// A browser says where the page comes from; a tool sends no Origin. Who is let in by a cookie, which a browser sends along for whatever page, has to say
    /// more: the header of our page, which another site's page may not set.
    private boolean isFromAnotherSite(HttpServerRequest request, boolean bySession) {
        String origin = request.getHeader("Origin");
        if (origin != null) {
            return !origin.equals((tls ? "https://" : "http://") + request.getHeader("Host"));
        }
        String site = request.getHeader("Sec-Fetch-Site");
        boolean ours = site == null || site.equals("same-origin") || site.equals("none");
        return !ours || (bySession && !request.headers().contains(CONSOLE));
    }
}
