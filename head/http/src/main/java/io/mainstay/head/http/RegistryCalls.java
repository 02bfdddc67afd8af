package io.mainstay.head.http;

import io.mainstay.head.web.Principal;
import io.mainstay.registry.api.ChangeOutcome;
import io.mainstay.registry.api.Instance;
import io.mainstay.registry.api.InstanceKey;
import io.mainstay.registry.api.InstanceStatus;
import io.mainstay.registry.api.LeaseView;
import io.mainstay.registry.api.Registry;
import io.mainstay.registry.api.ServiceView;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// `/api/v1/registry/…`
///
/// | call | answer |
/// |---|---|
/// | `GET services` | all services of a namespace |
/// | `GET services/{service}` | its instances with their leases |
/// | `GET instances/{service}/{id}` | one instance |
/// | `DELETE instances/{service}/{id}` | cancels it |
/// | `PUT instances/{service}/{id}/status?value=` | sets an operator's status; `DELETE` clears it |
/// | `GET protection`, `PUT protection?enabled=` | why evictions are held; turns it on or off |
/// | `GET events` | changes as server-sent events |
final class RegistryCalls {

    private static final Logger AUDIT = LoggerFactory.getLogger("audit");

    private final Registry registry;
    private final EventStreams events;

    RegistryCalls(Registry registry) {
        this.registry = registry;
        this.events = new EventStreams(registry);
    }

    void call(HttpServerRequest request, Principal principal, List<String> path) {
        String namespace = request.getParam("namespace", InstanceKey.DEFAULT_NAMESPACE);
        HttpMethod method = request.method();
        String what = path.getFirst();
        if (what.equals("services") && method == HttpMethod.GET) {
            services(request, namespace, path);
        } else if (what.equals("events") && method == HttpMethod.GET) {
            events.open(request, namespace);
        } else if (what.equals("protection")) {
            protection(request, principal);
        } else if (what.equals("instances") && (path.size() == 3 || path.size() == 4)) {
            InstanceKey key = new InstanceKey(namespace, path.get(1), path.get(2));
            instance(request, principal, key, path.size() == 4 ? path.get(3) : "");
        } else {
            Json.error(request, 404, "not-found", "there is no " + request.path(), "");
        }
    }

    private void services(HttpServerRequest request, String namespace, List<String> path) {
        var view = registry.view(namespace);
        if (path.size() == 1) {
            List<Object> items = new ArrayList<>();
            view.services().values().forEach(service -> items.add(Json.service(service)));
            Json.answer(request, 200, AdminCalls.items(items));
            return;
        }
        ServiceView service = view.service(path.get(1));
        if (service == null) {
            Json.error(request, 404, "no-service", "there is no service " + path.get(1), "");
            return;
        }
        Map<String, LeaseView> leases = registry.leases(namespace, path.get(1));
        List<Object> items = new ArrayList<>();
        for (Instance instance : service.instances()) {
            items.add(Json.instance(instance, leases.get(instance.key().instanceId())));
        }
        Json.answer(request, 200, AdminCalls.items(items));
    }

    private void instance(
            HttpServerRequest request, Principal principal, InstanceKey key, String part) {
        HttpMethod method = request.method();
        if (part.isEmpty() && method == HttpMethod.GET) {
            Optional<Instance> instance = registry.instance(key);
            if (instance.isPresent()) {
                LeaseView lease =
                        registry.leases(key.namespace(), key.service()).get(key.instanceId());
                Json.answer(request, 200, Json.instance(instance.get(), lease));
            } else {
                answer(request, new ChangeOutcome.NotFound());
            }
        } else if (part.isEmpty() && method == HttpMethod.DELETE) {
            registry.cancel(key, done(request, principal, "cancel " + key));
        } else if (part.equals("status") && method == HttpMethod.PUT) {
            InstanceStatus status = status(request);
            if (status != null) {
                registry.override(
                        key, status, done(request, principal, "status of " + key + " = " + status));
            }
        } else if (part.equals("status") && method == HttpMethod.DELETE) {
            InstanceStatus declared =
                    registry.instance(key).map(Instance::declared).orElse(InstanceStatus.UNKNOWN);
            registry.clearOverride(
                    key, declared, done(request, principal, "status of " + key + " cleared"));
        } else {
            Json.error(request, 405, "method", method + " is not taken here", "GET, PUT, DELETE");
        }
    }

    private static @org.jspecify.annotations.Nullable InstanceStatus status(
            HttpServerRequest request) {
        String value = request.getParam("value", "");
        for (InstanceStatus status : InstanceStatus.values()) {
            if (status.name().equals(value)) {
                return status;
            }
        }
        Json.error(
                request,
                400,
                "status",
                "the status is '" + value + "'",
                Arrays.toString(InstanceStatus.values()));
        return null;
    }

    private void protection(HttpServerRequest request, Principal principal) {
        if (request.method() == HttpMethod.PUT) {
            String enabled = request.getParam("enabled", "");
            if (!enabled.equals("true") && !enabled.equals("false")) {
                Json.error(
                        request, 400, "enabled", "enabled is '" + enabled + "'", "true or false");
                return;
            }
            registry.enableProtection(
                    enabled.equals("true"),
                    done(request, principal, "protection enabled = " + enabled));
        } else {
            Json.answer(request, 200, Json.protection(registry.protection()));
        }
    }

    /// Answers on the request's event loop, and writes what an operator did into the audit log.
    private static Consumer<ChangeOutcome> done(
            HttpServerRequest request, Principal principal, String what) {
        Context loop = Vertx.currentContext();
        return outcome -> {
            String who = principal.name().isEmpty() ? "anonymous" : principal.name();
            AUDIT.info("{} by {}: {}", what, who, outcome);
            loop.runOnContext(ignored -> answer(request, outcome));
        };
    }

    private static void answer(HttpServerRequest request, ChangeOutcome outcome) {
        switch (outcome) {
            case ChangeOutcome.Done done ->
                    Json.answer(request, 200, Map.of("revision", done.revision()));
            case ChangeOutcome.NotFound notFound ->
                    Json.error(request, 404, "no-instance", "there is no such instance", "");
            case ChangeOutcome.Refused refused ->
                    Json.error(
                            request,
                            switch (refused.reason()) {
                                case INVALID -> 400;
                                case STALE -> 409;
                                case LIMIT -> 413;
                                case UNAVAILABLE -> 503;
                            },
                            refused.reason().name(),
                            refused.why(),
                            "");
            case ChangeOutcome.Unknown unknown ->
                    Json.error(request, 503, "UNKNOWN", unknown.why(), "the same call again");
        }
    }
}
