package io.mainstay.head.rabbitmq;

import io.mainstay.access.api.UserTags;
import io.mainstay.head.web.AuthGate;
import io.mainstay.head.web.Authenticator;
import io.mainstay.head.web.HostCheck;
import io.mainstay.head.web.PathParts;
import io.mainstay.head.web.Principal;
import io.mainstay.messaging.api.TopologyView;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// From a request to its call, in this order: the name it asks for ([HostCheck]), a browser's way to the console, who it is, which call it means, and
/// whether its sender may do that ([Need], and the virtual host that the path names).
final class RabbitCalls implements Handler<HttpServerRequest> {

    private static final Logger LOG = LoggerFactory.getLogger(RabbitCalls.class);

    private final Services services;
    private final AuthGate gate;
    private final HostCheck hosts;
    private final List<Route> routes = allRoutes();
    private final String scheme;

    RabbitCalls(Services services, Authenticator authenticator) {
        this.services = services;
        this.gate = new AuthGate(new GuestAuthenticator(authenticator), RabbitCalls::challenge);
        this.hosts = HostCheck.of(services.config().web().host(), services.config().loopback());
        this.scheme = services.config().web().tls() ? "https://" : "http://";
    }

    /// Every call there is.
    static List<Route> allRoutes() {
        List<Route> all = new ArrayList<>();
        all.addAll(NodeCalls.routes());
        all.addAll(HealthCalls.routes());
        all.addAll(VhostCalls.routes());
        all.addAll(UserCalls.routes());
        all.addAll(PermissionCalls.routes());
        all.addAll(ExchangeCalls.routes());
        all.addAll(QueueCalls.routes());
        all.addAll(MessageCalls.routes());
        all.addAll(BindingCalls.routes());
        all.addAll(ConnectionCalls.routes());
        all.addAll(PolicyCalls.routes());
        all.addAll(ParameterCalls.routes());
        all.addAll(LimitCalls.routes());
        all.addAll(DefinitionCalls.routes());
        return List.copyOf(all);
    }

    @Override
    public void handle(HttpServerRequest request) {
        String path = request.path();
        List<String> parts = PathParts.of(path == null ? "" : path);
        if (!hosts.passes(request)) {
            Json.error(
                    request,
                    403,
                    "host",
                    "this node listens on loopback and is not called what the header Host says; allowed: "
                            + hosts.allowed());
        } else if (parts.isEmpty()) {
            request.response()
                    .setStatusCode(302)
                    .putHeader("Location", services.adminUrl().get())
                    .end();
        } else {
            gate.enter(request, principal -> call(request, caller(principal), parts));
        }
    }

    private Caller caller(Principal principal) {
        List<String> tags =
                services.access()
                        .user(principal.name())
                        .map(user -> UserTags.of(user.role(), user.tags()))
                        .orElseGet(() -> UserTags.of(principal.role()));
        return new Caller(principal.name(), tags);
    }

    private static void challenge(HttpServerRequest request, int status, String sentence) {
        if (status == 401) {
            request.response()
                    .putHeader("WWW-Authenticate", AuthGate.challenge("RabbitMQ Management"));
        }
        Json.error(
                request,
                status,
                status == 401 ? "not_authorised" : "unavailable",
                status == 401 ? "Login failed" : sentence);
    }

    private void call(HttpServerRequest request, Caller caller, List<String> parts) {
        try {
            if (request.method() != HttpMethod.GET && isFromAnotherSite(request)) {
                throw new RefusedException(
                        403, "cross_site", "a page of another site may not change anything here");
            }
            for (Route route : routes) {
                Map<String, String> names =
                        route.takes(request.method()) ? route.match(parts) : null;
                if (names != null) {
                    request.routed(route.path());
                    check(route, caller, names);
                    route.call().run(new RabbitRequest(request, caller, services, names));
                    return;
                }
            }
            none(request, parts);
        } catch (RefusedException refused) {
            Json.error(request, refused.status(), refused.error(), refused.reason());
        }
    }

    private void check(Route route, Caller caller, Map<String, String> names)
            throws RefusedException {
        if (!route.need().isMetBy(caller)) {
            throw RefusedException.notAuthorised(route.need().refusal(caller));
        }
        String vhost = names.get(Route.VHOST);
        if (vhost == null || route.isOfPermissions()) {
            return;
        }
        TopologyView view = services.view();
        if (view.vhost(vhost) == null) {
            throw RefusedException.notFound("vhost_not_found");
        }
        if (!(route.isRead() ? caller.sees(view, vhost) : caller.enters(view, vhost))) {
            throw RefusedException.notAuthorised("User not authorised to access virtual host");
        }
    }

    private void none(HttpServerRequest request, List<String> parts) throws RefusedException {
        String methods =
                routes.stream()
                        .filter(route -> route.match(parts) != null)
                        .map(route -> route.method().name())
                        .distinct()
                        .collect(Collectors.joining(", "));
        if (methods.isEmpty()) {
            throw RefusedException.notFound();
        }
        request.response().putHeader("Allow", methods);
        throw new RefusedException(
                405, "Method Not Allowed", request.method() + " is not taken here");
    }

    /// A browser says where the page comes from; a tool sends no Origin.
    private boolean isFromAnotherSite(HttpServerRequest request) {
        String origin = request.getHeader("Origin");
        return origin != null && !origin.equals(scheme + request.getHeader("Host"));
    }

    /// An answer to a request that hit a fault of ours.
    static void broken(HttpServerRequest request, @Nullable Throwable cause) {
        LOG.error("{} {} could not be answered", request.method(), request.path(), cause);
        Json.error(request, 500, "internal_error", "see the node's log");
    }
}
