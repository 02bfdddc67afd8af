package io.mainstay.registry.view;

import io.mainstay.registry.api.Instance;
import io.mainstay.registry.api.InstanceKey;
import io.mainstay.registry.api.Registry.Subscription;
import io.mainstay.registry.api.RegistryView;
import io.mainstay.registry.api.ServiceView;
import io.mainstay.registry.state.AppliedChanges;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/// The views of all namespaces of this node. Thread-safe.
public final class RegistryViews implements AppliedChanges.Sink {
    private final long windowMs;
    private final ConcurrentHashMap<String, NamespaceViews> namespaces = new ConcurrentHashMap<>();

    /// @param windowMs how long a change stays in [RegistryView#recent()]
    public RegistryViews(long windowMs) {
        this.windowMs = windowMs;
    }

    static RegistryView empty(String namespace) {
        return new RegistryView(
                namespace,
                1,
                Collections.emptySortedMap(),
                Collections.emptySortedMap(),
                List.of());
    }

    @Override
    public void applied(AppliedChanges applied) {
        TreeMap<String, List<ServiceView>> services = new TreeMap<>();
        for (ServiceView service : applied.services()) {
            services.computeIfAbsent(service.namespace(), _ -> new ArrayList<>()).add(service);
        }
        TreeMap<String, List<AppliedChanges.Entry>> changes = new TreeMap<>();
        for (AppliedChanges.Entry change : applied.changes()) {
            String namespace = change.instance().key().namespace();
            changes.computeIfAbsent(namespace, _ -> new ArrayList<>()).add(change);
        }
        services.forEach(
                (namespace, changed) ->
                        of(namespace).apply(changed, changes.getOrDefault(namespace, List.of())));
    }

    public RegistryView view(String namespace) {
        NamespaceViews views = namespaces.get(namespace);
        return views == null ? empty(namespace) : views.present();
    }

    /// Those that have services, sorted.
    public List<String> namespaces() {
        return namespaces.values().stream()
                .map(NamespaceViews::present)
                .filter(view -> !view.services().isEmpty())
                .map(RegistryView::namespace)
                .sorted()
                .toList();
    }

    public Optional<Instance> instance(InstanceKey key) {
        ServiceView service = view(key.namespace()).service(key.service());
        if (service == null) {
            return Optional.empty();
        }
        int at = indexOf(service.instances(), key.instanceId());
        return at < 0 ? Optional.empty() : Optional.of(service.instances().get(at));
    }

    /// Instances are in order of their ids.
    private static int indexOf(List<Instance> instances, String instanceId) {
        int low = 0;
        int high = instances.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = instances.get(middle).key().instanceId().compareTo(instanceId);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
    }

    public Subscription subscribe(String namespace, Consumer<RegistryView> listener) {
        return of(namespace).subscribe(listener);
    }

    /// Forgets changes older than the window.
    public void prune(long nowMs) {
        namespaces.values().stream()
                .sorted(Comparator.comparing(views -> views.present().namespace()))
                .forEach(views -> views.prune(nowMs));
    }

    private NamespaceViews of(String namespace) {
        return namespaces.computeIfAbsent(namespace, name -> new NamespaceViews(name, windowMs));
    }
}
