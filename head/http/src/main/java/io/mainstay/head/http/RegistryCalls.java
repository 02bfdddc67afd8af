package io.mainstay.head.http;

import io.mainstay.registry.api.ChangeOutcome;
import io.mainstay.registry.api.Instance;
import io.mainstay.registry.api.InstanceKey;
import io.mainstay.registry.api.InstanceStatus;
import io.mainstay.registry.api.LeaseView;
import io.mainstay.registry.api.Registration;
import io.mainstay.registry.api.Registry;
import io.mainstay.registry.api.ServiceView;
import io.vertx.core.http.HttpMethod;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// `/api/v1/registry/…`: what is registered, and what an operator changes of it.
final class RegistryCalls {

    private static final String ROOT = "/api/v1/registry";
    private static final String INSTANCE = ROOT + "/instances/{service}/{id}";

    private final Registry registry;
    private final EventStreams events;

    RegistryCalls(Registry registry, EventStreams events) {
        this.registry = registry;
        this.events = events;
    }

    List<Route> routes() {
        return List.of(
                new Route(HttpMethod.GET, ROOT + "/services", Right.READ, this::services),
                new Route(HttpMethod.GET, ROOT + "/services/{service}", Right.READ, this::service),
                new Route(HttpMethod.GET, ROOT + "/events", Right.READ, this::events),
                new Route(HttpMethod.GET, ROOT + "/protection", Right.READ, this::protection),
                new Route(HttpMethod.PUT, ROOT + "/protection", Right.CHANGE, this::protect),
                new Route(HttpMethod.GET, INSTANCE, Right.READ, this::show),
                new Route(HttpMethod.PUT, INSTANCE, Right.CHANGE, this::register),
                new Route(HttpMethod.DELETE, INSTANCE, Right.CHANGE, this::cancel),
                new Route(HttpMethod.PUT, INSTANCE + "/status", Right.CHANGE, this::override),
                new Route(
                        HttpMethod.DELETE,
                        INSTANCE + "/status",
                        Right.CHANGE,
                        this::clearOverride));
    }

    private static String namespace(AdminRequest request) throws BadRequestException {
        return request.query("namespace", InstanceKey.DEFAULT_NAMESPACE);
    }

    private static InstanceKey key(AdminRequest request) throws BadRequestException {
        return new InstanceKey(namespace(request), request.name(0), request.name(1));
    }

    private void services(AdminRequest request) throws BadRequestException {
        List<Object> items = new ArrayList<>();
        registry.view(namespace(request))
                .services()
                .values()
                .forEach(service -> items.add(Json.service(service)));
        request.answer(200, Map.of("items", items));
    }

    private void service(AdminRequest request) throws BadRequestException {
        String name = request.name(0);
        ServiceView service = registry.view(namespace(request)).service(name);
        if (service == null) {
            request.error(404, "no-service", "there is no service " + name, "");
            return;
        }
        Map<String, LeaseView> leases = registry.leases(namespace(request), name);
        List<Object> items = new ArrayList<>();
        for (Instance instance : service.instances()) {
            items.add(Json.instance(instance, leases.get(instance.key().instanceId())));
        }
        request.answer(200, Map.of("items", items));
    }

    private void events(AdminRequest request) throws BadRequestException {
        events.open(request, namespace(request));
    }

    private void show(AdminRequest request) throws BadRequestException {
        InstanceKey key = key(request);
        Optional<Instance> instance = registry.instance(key);
        if (instance.isPresent()) {
            LeaseView lease = registry.leases(key.namespace(), key.service()).get(key.instanceId());
            request.answer(200, Json.instance(instance.get(), lease));
        } else {
            answer(request, new ChangeOutcome.NotFound());
        }
    }

    private void register(AdminRequest request) throws BadRequestException {
        InstanceKey key = key(request);
        request.body(
                RegistrationBody.MAX_BYTES,
                body -> {
                    Registration registration = RegistrationBody.registration(key, body);
                    registry.register(
                            registration, done(request, "registration of " + registration.key()));
                });
    }

    private void cancel(AdminRequest request) throws BadRequestException {
        InstanceKey key = key(request);
        registry.cancel(key, done(request, "cancel " + key));
    }

    private void override(AdminRequest request) throws BadRequestException {
        InstanceKey key = key(request);
        InstanceStatus status = RegistrationBody.status(request.query("value", ""));
        registry.override(key, status, done(request, "status of " + key + " = " + status));
    }

    private void clearOverride(AdminRequest request) throws BadRequestException {
        InstanceKey key = key(request);
        String value = request.query("value", "");
        InstanceStatus declared =
                value.isEmpty() ? afterOverride(key) : RegistrationBody.status(value);
        registry.clearOverride(key, declared, done(request, "status of " + key + " cleared"));
    }

    /// The registry knows no longer what the instance said before an operator spoke. One that beats is asked: its next beat is
    /// refused, as Eureka does it, and it registers anew. Nobody else is there to be asked.
    private InstanceStatus afterOverride(InstanceKey key) {
        LeaseView lease = registry.leases(key.namespace(), key.service()).get(key.instanceId());
        return lease != null && lease.beats() > 0 ? InstanceStatus.UNKNOWN : InstanceStatus.UP;
    }

    private void protection(AdminRequest request) {
        request.answer(200, Json.protection(registry.protection()));
    }

    private void protect(AdminRequest request) throws BadRequestException {
        String enabled = request.query("enabled", "");
        if (!enabled.equals("true") && !enabled.equals("false")) {
            throw new BadRequestException(
                    "enabled", "enabled is '" + enabled + "'", "true or false");
        }
        registry.enableProtection(
                enabled.equals("true"), done(request, "protection enabled = " + enabled));
    }

    /// Answers on the request's event loop, and writes what an operator did into the audit log.
    private static Consumer<ChangeOutcome> done(AdminRequest request, String what) {
        Consumer<ChangeOutcome> answer = request.onLoop(outcome -> answer(request, outcome));
        return outcome -> {
            Audit.note(request.principal(), what, outcome);
            answer.accept(outcome);
        };
    }

    private static void answer(AdminRequest request, ChangeOutcome outcome) {
        switch (outcome) {
            case ChangeOutcome.Done done ->
                    request.answer(200, Map.of("revision", done.revision()));
            case ChangeOutcome.NotFound notFound ->
                    request.error(404, "no-instance", "there is no such instance", "");
            case ChangeOutcome.Refused refused ->
                    request.error(
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
                    request.error(503, "UNKNOWN", unknown.why(), "the same call again");
        }
    }
}
