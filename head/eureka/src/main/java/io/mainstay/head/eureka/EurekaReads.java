package io.mainstay.head.eureka;

import io.mainstay.head.eureka.Envelope.App;
import io.mainstay.head.eureka.Envelope.Part;
import io.mainstay.head.web.Answers;
import io.mainstay.platform.Clock;
import io.mainstay.registry.api.Instance;
import io.mainstay.registry.api.InstanceKey;
import io.mainstay.registry.api.InstanceStatus;
import io.mainstay.registry.api.Registry;
import io.mainstay.registry.api.RegistryView;
import io.mainstay.registry.api.RegistryView.Kind;
import io.mainstay.registry.api.ServiceView;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Answers what clients fetch. One service, one instance and the delta come from the present view; the full body of a large registry is up to
/// half a second old, and its hash with it.
final class EurekaReads {

    private final Vertx vertx;
    private final Registry registry;
    private final Clock clock;
    private final NamespaceCaches caches;

    EurekaReads(Vertx vertx, Registry registry, Clock clock, NamespaceCaches caches) {
        this.vertx = vertx;
        this.registry = registry;
        this.clock = clock;
        this.caches = caches;
    }

    void full(HttpServerRequest request, Form form, String namespace) {
        RegistryView view = registry.view(namespace);
        FormCache cache = caches.of(view, form);
        long now = clock.nanoTime();
        boolean pack = EurekaAnswers.wantsGzip(request);
        Body fresh = cache.freshFull(view, now);
        if (fresh != null && fresh.ready(pack)) {
            EurekaAnswers.document(request, form, fresh);
        } else if (view.services().size() + view.recent().size() == 0) {
            EurekaAnswers.document(request, form, cache.buildFull(view, now));
        } else {
            // Megabytes are joined and packed beside the event loop, one at a time: who comes
            // second finds it done.
            vertx.executeBlocking(() -> built(cache, view, now, pack), true)
                    .onSuccess(body -> EurekaAnswers.document(request, form, body))
                    .onFailure(broken -> Answers.refuse(request, 500, ""));
        }
    }

    private static Body built(FormCache cache, RegistryView view, long now, boolean pack) {
        Body present = cache.freshFull(view, now);
        Body body = present != null ? present : cache.buildFull(view, now);
        if (pack) {
            body.packed();
        } else {
            body.plain();
        }
        return body;
    }

    void delta(HttpServerRequest request, Form form, String namespace) {
        RegistryView view = registry.view(namespace);
        EurekaAnswers.document(request, form, caches.of(view, form).delta(view, clock.nanoTime()));
    }

    void app(HttpServerRequest request, Form form, String namespace, String app) {
        RegistryView view = registry.view(namespace);
        ServiceView service = view.service(app);
        if (service == null || service.instances().isEmpty()) {
            Answers.empty(request, 404);
            return;
        }
        App part = caches.of(view, form).app(service);
        EurekaAnswers.document(request, form, new Body(Envelope.application(form, part)));
    }

    void instance(HttpServerRequest request, Form form, InstanceKey key) {
        one(request, form, registry.instance(key).orElse(null));
    }

    /// By id alone: the first service that has it, by name.
    void anyInstance(HttpServerRequest request, Form form, String namespace, String id) {
        for (String service : registry.view(namespace).services().keySet()) {
            Optional<Instance> found = registry.instance(new InstanceKey(namespace, service, id));
            if (found.isPresent()) {
                one(request, form, found.get());
                return;
            }
        }
        Answers.empty(request, 404);
    }

    void vip(
            HttpServerRequest request,
            Form form,
            String namespace,
            String address,
            boolean secure) {
        Function<Instance, String> vips = secure ? Instance::secureVip : Instance::vip;
        RegistryView view = registry.view(namespace);
        FormCache cache = caches.of(view, form);
        Map<InstanceStatus, Integer> counts = new EnumMap<>(InstanceStatus.class);
        List<App> apps = new ArrayList<>();
        for (ServiceView service : view.services().values()) {
            List<Part> parts = new ArrayList<>();
            for (Instance instance : service.instances()) {
                if (Arrays.asList(vips.apply(instance).split(",")).contains(address)) {
                    parts.add(cache.part(instance, Kind.ADDED));
                    counts.merge(instance.status(), 1, Integer::sum);
                }
            }
            if (!parts.isEmpty()) {
                apps.add(new App(service.service(), parts));
            }
        }
        byte[] bytes = Envelope.applications(form, -1, AppsHash.of(counts), apps);
        EurekaAnswers.document(request, form, new Body(bytes));
    }

    private void one(HttpServerRequest request, Form form, @Nullable Instance instance) {
        if (instance == null) {
            Answers.empty(request, 404);
            return;
        }
        RegistryView view = registry.view(instance.key().namespace());
        Part part = caches.of(view, form).part(instance, Kind.ADDED);
        EurekaAnswers.document(request, form, new Body(Envelope.instance(form, part)));
    }
}
