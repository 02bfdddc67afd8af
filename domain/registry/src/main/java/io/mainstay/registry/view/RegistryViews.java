package io.mainstay.registry.view;

import io.mainstay.registry.api.Instance;
import io.mainstay.registry.api.InstanceKey;
import io.mainstay.registry.api.Registry.Subscription;
import io.mainstay.registry.api.RegistryView;
import io.mainstay.registry.api.ServiceView;
import io.mainstay.registry.state.AppliedChanges;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// The views of all namespaces of this node. Thread-safe.
public final class RegistryViews implements AppliedChanges.Sink {
    private static final Logger LOG = LoggerFactory.getLogger(RegistryViews.class);

    private final long windowMs;
    private final ConcurrentHashMap<String, NamespaceViews> namespaces = new ConcurrentHashMap<>();

    /// Where a namespace begins to count: above all that were dropped, so that one that comes back never goes back.
    private final AtomicLong firstSequence = new AtomicLong(1);

    /// @param windowMs how long a change stays in [RegistryView#recent()]
    public RegistryViews(long windowMs) {
        this.windowMs = windowMs;
    }

    static RegistryView empty(String namespace, long sequence) {
        return new RegistryView(
                namespace,
                sequence,
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
                        apply(namespace, changed, changes.getOrDefault(namespace, List.of())));
    }

    private void apply(
            String namespace, List<ServiceView> changed, List<AppliedChanges.Entry> changes) {
        // Who prunes may have dropped the namespace since it was looked up; then there is another.
        while (!of(namespace).apply(changed, changes)) {
            LOG.debug("{} was dropped and comes back", namespace);
        }
    }

    public RegistryView view(String namespace) {
        NamespaceViews views = namespaces.get(namespace);
        return views == null ? empty(namespace, firstSequence.get()) : views.present();
    }

    /// Whether the namespace has services, or had some within the window.
    public boolean isUsed(String namespace) {
        NamespaceViews views = namespaces.get(namespace);
        return views != null && views.isUsed();
    }

    /// The names of those besides `default`.
    public Set<String> used() {
        Set<String> used = new TreeSet<>();
        namespaces.forEach(
                (name, views) -> {
                    if (views.isUsed() && !name.equals(InstanceKey.DEFAULT_NAMESPACE)) {
                        used.add(name);
                    }
                });
        return used;
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
        Subscription made = null;
        while (made == null) {
            made = of(namespace).subscribe(listener);
        }
        return made;
    }

    /// Forgets changes older than the window, and namespaces in which there is nothing and that nobody watches.
    public void prune(long nowMs) {
        namespaces.values().stream()
                .sorted(Comparator.comparing(views -> views.present().namespace()))
                .forEach(views -> prune(views, nowMs));
    }

    private void prune(NamespaceViews views, long nowMs) {
        views.prune(nowMs);
        if (views.retire()) {
            RegistryView last = views.present();
            firstSequence.accumulateAndGet(last.sequence() + 1, Math::max);
            namespaces.remove(last.namespace(), views);
        }
    }

    private NamespaceViews of(String namespace) {
        return namespaces.computeIfAbsent(
                namespace, name -> new NamespaceViews(name, windowMs, firstSequence.get()));
    }
}
