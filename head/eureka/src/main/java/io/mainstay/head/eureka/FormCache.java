package io.mainstay.head.eureka;

import io.mainstay.head.eureka.Envelope.App;
import io.mainstay.head.eureka.Envelope.Part;
import io.mainstay.registry.api.Instance;
import io.mainstay.registry.api.InstanceKey;
import io.mainstay.registry.api.RegistryView;
import io.mainstay.registry.api.RegistryView.Change;
import io.mainstay.registry.api.RegistryView.Kind;
import io.mainstay.registry.api.ServiceView;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/// What one [Form] needs: each instance encoded once for each of its revisions, the last full body and the last delta.
///
/// A body is built from one view alone, so its hash is the one of exactly these instances. Thread-safe. Two threads may build the same body at
/// the same time; both are right.
final class FormCache {

    /// A full body of more instances than this is built at most every [#FULL_EVERY_NANOS] while the registry changes.
    static final int SMALL_REGISTRY = 200;

    private static final long FULL_EVERY_NANOS = 500_000_000L;

    private record Encoded(long revision, long registration, byte[] bytes) {}

    private record Built(RegistryView view, long nanoTime, Body body) {}

    private final Form form;
    private final Map<InstanceKey, Encoded> encoded = new ConcurrentHashMap<>();
    private volatile @Nullable Built full;
    private volatile @Nullable Built delta;

    FormCache(Form form) {
        this.form = form;
    }

    /// The full body if it is fresh enough to be sent; `null`: build it. Never blocks.
    @Nullable Body freshFull(RegistryView view, long nowNanos) {
        Built present = full;
        if (present == null) {
            return null;
        }
        boolean young = nowNanos - present.nanoTime < FULL_EVERY_NANOS;
        boolean large = encoded.size() > SMALL_REGISTRY;
        return present.view == view || young && large ? present.body : null;
    }

    /// Takes time in proportion to the registry.
    Body buildFull(RegistryView view, long nowNanos) {
        List<App> apps = new ArrayList<>(view.services().size());
        int instances = 0;
        for (ServiceView service : view.services().values()) {
            apps.add(app(service));
            instances += service.instances().size();
        }
        Body body = applications(view, apps);
        Built present = full;
        // A slow builder must not put an older view in the place of a newer one.
        if (present == null || present.view.sequence() <= view.sequence()) {
            full = new Built(view, nowNanos, body);
        }
        if (encoded.size() > 2 * instances + SMALL_REGISTRY) {
            forgetGone(view);
        }
        return body;
    }

    Body delta(RegistryView view, long nowNanos) {
        Built present = delta;
        if (present != null && present.view == view) {
            return present.body;
        }
        Map<String, App> apps = new TreeMap<>();
        for (Change change : view.recent()) {
            String service = change.instance().key().service();
            apps.computeIfAbsent(service, name -> new App(name, new ArrayList<>()))
                    .instances()
                    .add(part(change.instance(), change.kind()));
        }
        Body body = applications(view, List.copyOf(apps.values()));
        delta = new Built(view, nowNanos, body);
        return body;
    }

    App app(ServiceView service) {
        List<Part> parts = new ArrayList<>(service.instances().size());
        for (Instance instance : service.instances()) {
            parts.add(part(instance, Kind.ADDED));
        }
        return new App(service.service(), parts);
    }

    Part part(Instance instance, Kind kind) {
        Encoded present = encoded.get(instance.key());
        if (present == null
                || present.revision != instance.revision()
                || present.registration != instance.registration()) {
            byte[] bytes = form.encode(instance);
            present = new Encoded(instance.revision(), instance.registration(), bytes);
            encoded.put(instance.key(), present);
        }
        return new Part(present.bytes, kind);
    }

    /// Forgets everything: nobody reads this form.
    void clear() {
        full = null;
        delta = null;
        encoded.clear();
    }

    private Body applications(RegistryView view, List<App> apps) {
        long version = Math.max(1, view.sequence());
        return new Body(
                Envelope.applications(form, version, AppsHash.of(view.statusCounts()), apps));
    }

    private void forgetGone(RegistryView view) {
        encoded.keySet()
                .removeIf(
                        key -> {
                            ServiceView service = view.service(key.service());
                            return service == null
                                    || service.instances().stream()
                                            .noneMatch(instance -> instance.key().equals(key));
                        });
    }
}
