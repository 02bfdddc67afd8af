package io.mainstay.head.eureka;

import io.mainstay.registry.api.ChangeOutcome;
import io.mainstay.registry.api.Instance;
import io.mainstay.registry.api.InstanceKey;
import io.mainstay.registry.api.InstanceStatus;
import io.mainstay.registry.api.LeaseView;
import io.mainstay.registry.api.ProtectionView;
import io.mainstay.registry.api.Registration;
import io.mainstay.registry.api.Registry;
import io.mainstay.registry.api.RegistryTotals;
import io.mainstay.registry.api.RegistryView;
import io.mainstay.registry.api.RegistryView.Change;
import io.mainstay.registry.api.RegistryView.Kind;
import io.mainstay.registry.api.RenewOutcome;
import io.mainstay.registry.api.ServiceView;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// A registry in a map, for tests of heads: exact about what changes, without leases, log or protection. Time stands at [#NOW_MS].
final class MapRegistry implements Registry {

    static final long NOW_MS = 1_700_000_000_000L;

    private final TreeMap<InstanceKey, Instance> instances = new TreeMap<>();
    private final Map<InstanceKey, Change> recent = new TreeMap<>();
    private long revision;
    private volatile Map<String, RegistryView> views = Map.of();

    @Override
    public synchronized void register(Registration r, Consumer<ChangeOutcome> done) {
        Instance old = instances.get(r.key());
        revision++;
        InstanceStatus override =
                old != null && old.override() != null ? old.override() : r.override();
        Instance instance =
                new Instance(
                        r.key(),
                        r.holder(),
                        r.host(),
                        r.ip(),
                        r.port(),
                        r.securePort(),
                        r.vip(),
                        r.secureVip(),
                        r.zone(),
                        r.weight(),
                        r.labels(),
                        r.metadata(),
                        r.attributes(),
                        r.declared(),
                        override,
                        r.lease(),
                        NOW_MS,
                        r.declared() == InstanceStatus.UP ? NOW_MS : 0,
                        NOW_MS,
                        r.ownerStampMs(),
                        revision,
                        revision);
        put(instance, old == null ? Kind.ADDED : Kind.MODIFIED);
        done.accept(new ChangeOutcome.Done(revision));
    }

    @Override
    public synchronized void cancel(InstanceKey key, Consumer<ChangeOutcome> done) {
        Instance old = instances.remove(key);
        if (old == null) {
            done.accept(new ChangeOutcome.NotFound());
            return;
        }
        revision++;
        recent.put(key, new Change(Kind.DELETED, old, revision, NOW_MS));
        views = build();
        done.accept(new ChangeOutcome.Done(revision));
    }

    @Override
    public void override(InstanceKey key, InstanceStatus status, Consumer<ChangeOutcome> done) {
        change(key, status, status, null, done);
    }

    @Override
    public void clearOverride(
            InstanceKey key, InstanceStatus declared, Consumer<ChangeOutcome> done) {
        change(key, declared, null, null, done);
    }

    @Override
    public void putMetadata(
            InstanceKey key, SortedMap<String, String> entries, Consumer<ChangeOutcome> done) {
        change(key, null, null, entries, done);
    }

    private synchronized void change(
            InstanceKey key,
            @Nullable InstanceStatus declared,
            @Nullable InstanceStatus override,
            @Nullable SortedMap<String, String> entries,
            Consumer<ChangeOutcome> done) {
        Instance old = instances.get(key);
        if (old == null) {
            done.accept(new ChangeOutcome.NotFound());
            return;
        }
        TreeMap<String, String> metadata = new TreeMap<>(old.metadata());
        if (entries != null) {
            metadata.putAll(entries);
        }
        revision++;
        Instance changed =
                new Instance(
                        key,
                        old.holder(),
                        old.host(),
                        old.ip(),
                        old.port(),
                        old.securePort(),
                        old.vip(),
                        old.secureVip(),
                        old.zone(),
                        old.weight(),
                        old.labels(),
                        metadata,
                        old.attributes(),
                        declared == null ? old.declared() : declared,
                        entries == null ? override : old.override(),
                        old.lease(),
                        old.registeredMs(),
                        old.upSinceMs(),
                        NOW_MS,
                        old.ownerStampMs(),
                        revision,
                        old.registration());
        put(changed, Kind.MODIFIED);
        done.accept(new ChangeOutcome.Done(revision));
    }

    private void put(Instance instance, Kind kind) {
        instances.put(instance.key(), instance);
        recent.put(instance.key(), new Change(kind, instance, revision, NOW_MS));
        views = build();
    }

    private Map<String, RegistryView> build() {
        Map<String, RegistryView> built = new TreeMap<>();
        recent.keySet().forEach(key -> built.computeIfAbsent(key.namespace(), this::build));
        return built;
    }

    private RegistryView build(String namespace) {
        TreeMap<String, List<Instance>> lists = new TreeMap<>();
        TreeMap<InstanceStatus, Integer> counts = new TreeMap<>();
        for (Instance instance : instances.values()) {
            if (!instance.key().namespace().equals(namespace)) {
                continue;
            }
            lists.computeIfAbsent(instance.key().service(), name -> new ArrayList<>())
                    .add(instance);
            counts.merge(instance.status(), 1, Integer::sum);
        }
        TreeMap<String, ServiceView> services = new TreeMap<>();
        lists.forEach(
                (name, list) ->
                        services.put(
                                name,
                                new ServiceView(
                                        namespace,
                                        name,
                                        revision,
                                        list,
                                        list.stream()
                                                .collect(
                                                        Collectors.groupingBy(
                                                                Instance::status,
                                                                Collectors.summingInt(
                                                                        one -> 1))))));
        return new RegistryView(
                namespace,
                revision,
                services,
                counts,
                recent.values().stream()
                        .filter(change -> change.instance().key().namespace().equals(namespace))
                        .toList());
    }

    @Override
    public synchronized RenewOutcome renew(InstanceKey key, long ownerStampMs) {
        Instance instance = instances.get(key);
        if (instance == null) {
            return RenewOutcome.NOT_FOUND;
        }
        return ownerStampMs > instance.ownerStampMs()
                ? RenewOutcome.STALE_REGISTRATION
                : RenewOutcome.RENEWED;
    }

    @Override
    public RegistryView view(String namespace) {
        RegistryView view = views.get(namespace);
        return view == null
                ? new RegistryView(namespace, 0, new TreeMap<>(), new TreeMap<>(), List.of())
                : view;
    }

    @Override
    public List<String> namespaces() {
        return List.copyOf(views.keySet());
    }

    @Override
    public synchronized Optional<Instance> instance(InstanceKey key) {
        return Optional.ofNullable(instances.get(key));
    }

    @Override
    public Map<String, LeaseView> leases(String namespace, String service) {
        return Map.of();
    }

    @Override
    public ProtectionView protection() {
        ProtectionView.Scope all =
                new ProtectionView.Scope(
                        InstanceKey.DEFAULT_NAMESPACE, "*", false, 0, 0, 0, "nothing is missing");
        return new ProtectionView(true, all, List.of());
    }

    @Override
    public RegistryTotals totals() {
        return new RegistryTotals(0, 0);
    }

    @Override
    public void enableProtection(boolean enabled, Consumer<ChangeOutcome> done) {
        done.accept(new ChangeOutcome.Done(revision));
    }

    @Override
    public void releaseProtection(String namespace, String service, Consumer<ChangeOutcome> done) {
        done.accept(new ChangeOutcome.NotFound());
    }

    @Override
    public Subscription subscribe(String namespace, Consumer<RegistryView> listener) {
        listener.accept(view(namespace));
        return () -> {};
    }

    int size() {
        return view(InstanceKey.DEFAULT_NAMESPACE).services().values().stream()
                .mapToInt(s -> s.instances().size())
                .sum();
    }
}
