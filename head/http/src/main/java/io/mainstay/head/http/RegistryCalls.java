package io.mainstay.head.http;

import io.mainstay.head.web.Principal;
import io.mainstay.registry.api.ChangeOutcome;
import io.mainstay.registry.api.Instance;
import io.mainstay.registry.api.InstanceKey;
import io.mainstay.registry.api.InstanceStatus;
import io.mainstay.registry.api.LeaseView;
import io.mainstay.registry.api.ProtectionView;
import io.mainstay.registry.api.Registration;
import io.mainstay.registry.api.Registry;
import io.mainstay.registry.api.ServiceView;
import io.vertx.core.http.HttpMethod;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
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
                new Route(HttpMethod.GET, ROOT + "/namespaces", Right.READ, this::namespaces),
                new Route(HttpMethod.GET, ROOT + "/services", Right.READ_NAMESPACE, this::services),
                new Route(
                        HttpMethod.GET,
                        ROOT + "/services/{service}",
                        Right.READ_NAMESPACE,
                        this::service),
                new Route(HttpMethod.GET, ROOT + "/events", Right.READ_NAMESPACE, this::events),
                new Route(HttpMethod.GET, ROOT + "/protection", Right.READ, this::protection),
                new Route(HttpMethod.PUT, ROOT + "/protection", Right.CHANGE, this::protect),
                new Route(HttpMethod.GET, INSTANCE, Right.READ_NAMESPACE, this::show),
                new Route(HttpMethod.PUT, INSTANCE, Right.CHANGE_NAMESPACE, this::register),
                new Route(HttpMethod.DELETE, INSTANCE, Right.CHANGE_NAMESPACE, this::cancel),
                new Route(
                        HttpMethod.PUT,
                        INSTANCE + "/status",
                        Right.CHANGE_NAMESPACE,
                        this::override),
                new Route(
                        HttpMethod.DELETE,
                        INSTANCE + "/status",
                        Right.CHANGE_NAMESPACE,
                        this::clearOverride));
    }

    private static InstanceKey key(AdminRequest request) throws BadRequestException {
        return new InstanceKey(request.namespace(), request.name(0), request.name(1));
    }

    /// Those that hold services, and those that the caller may take for granted: its own, or `default`.
    private void namespaces(AdminRequest request) {
        Principal principal = request.principal();
        TreeSet<String> names = new TreeSet<>(registry.namespaces());
        names.add(InstanceKey.DEFAULT_NAMESPACE);
        names.addAll(principal.namespaces());
        List<Object> items = new ArrayList<>();
        for (String name : names) {
            if (Right.READ_NAMESPACE.reaches(principal, name)) {
                items.add(Json.namespace(registry.view(name)));
            }
        }
        request.answer(200, Map.of("items", items));
    }

    private void services(AdminRequest request) throws BadRequestException {
        List<Object> items = new ArrayList<>();
        registry.view(request.namespace())
                .services()
                .values()
                .forEach(service -> items.add(Json.service(service)));
        request.answer(200, Map.of("items", items));
    }

    private void service(AdminRequest request) throws BadRequestException {
        String name = request.name(0);
        ServiceView service = registry.view(request.namespace()).service(name);
        if (service == null) {
            request.error(404, "no-service", "there is no service " + name, "");
            return;
        }
        Map<String, LeaseView> leases = registry.leases(request.namespace(), name);
        List<Object> items = new ArrayList<>();
        for (Instance instance : service.instances()) {
            items.add(Json.instance(instance, leases.get(instance.key().instanceId())));
        }
        request.answer(200, Map.of("items", items));
    }

    private void events(AdminRequest request) throws BadRequestException {
        events.open(request, request.namespace());
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
        Principal principal = request.principal();
        ProtectionView all = registry.protection();
        List<ProtectionView.Scope> seen =
                all.services().stream()
                        .filter(scope -> Right.READ_NAMESPACE.reaches(principal, scope.namespace()))
                        .toList();
        request.answer(200, Json.protection(new ProtectionView(all.enabled(), all.global(), seen)));
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
