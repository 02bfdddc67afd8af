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
import io.mainstay.registry.api.RenewOutcome;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Consumer;

/// Passes every call on; who extends it looks at some.
abstract class ForwardingRegistry implements Registry {

    final Registry registry;

    ForwardingRegistry(Registry registry) {
        this.registry = registry;
    }

    @Override
    public void register(Registration registration, Consumer<ChangeOutcome> done) {
        registry.register(registration, done);
    }

    @Override
    public void cancel(InstanceKey key, Consumer<ChangeOutcome> done) {
        registry.cancel(key, done);
    }

    @Override
    public void override(InstanceKey key, InstanceStatus status, Consumer<ChangeOutcome> done) {
        registry.override(key, status, done);
    }

    @Override
    public void clearOverride(
            InstanceKey key, InstanceStatus declared, Consumer<ChangeOutcome> done) {
        registry.clearOverride(key, declared, done);
    }

    @Override
    public void putMetadata(
            InstanceKey key, SortedMap<String, String> entries, Consumer<ChangeOutcome> done) {
        registry.putMetadata(key, entries, done);
    }

    @Override
    public RenewOutcome renew(InstanceKey key, long ownerStampMs) {
        return registry.renew(key, ownerStampMs);
    }

    @Override
    public RegistryView view(String namespace) {
        return registry.view(namespace);
    }

    @Override
    public List<String> namespaces() {
        return registry.namespaces();
    }

    @Override
    public Optional<Instance> instance(InstanceKey key) {
        return registry.instance(key);
    }

    @Override
    public Map<String, LeaseView> leases(String namespace, String service) {
        return registry.leases(namespace, service);
    }

    @Override
    public RegistryTotals totals() {
        return registry.totals();
    }

    @Override
    public ProtectionView protection() {
        return registry.protection();
    }

    @Override
    public void enableProtection(boolean enabled, Consumer<ChangeOutcome> done) {
        registry.enableProtection(enabled, done);
    }

    @Override
    public void releaseProtection(String namespace, String service, Consumer<ChangeOutcome> done) {
        registry.releaseProtection(namespace, service, done);
    }

    @Override
    public Subscription subscribe(String namespace, Consumer<RegistryView> listener) {
        return registry.subscribe(namespace, listener);
    }
}
