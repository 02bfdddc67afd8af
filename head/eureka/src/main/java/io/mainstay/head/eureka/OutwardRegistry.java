package io.mainstay.head.eureka;

import io.mainstay.registry.api.ChangeOutcome;
import io.mainstay.registry.api.Instance;
import io.mainstay.registry.api.InstanceKey;
import io.mainstay.registry.api.InstanceStatus;
import io.mainstay.registry.api.Registration;
import io.mainstay.registry.api.Registry;
import io.mainstay.registry.api.RenewOutcome;

import java.util.List;
import java.util.SortedMap;
import java.util.function.Consumer;

/// The registry as clients and operators of this node use it: what they change, and their beats, are told to the peers.
final class OutwardRegistry extends ForwardingRegistry {

    private final List<PeerOutbox> outboxes;
    private final String namespace;

    OutwardRegistry(Registry registry, String namespace, List<PeerOutbox> outboxes) {
        super(registry);
        this.namespace = namespace;
        this.outboxes = outboxes;
    }

    @Override
    public void register(Registration registration, Consumer<ChangeOutcome> done) {
        super.register(registration, telling(registration.key(), PeerOutbox.REGISTER, 0, done));
    }

    @Override
    public void cancel(InstanceKey key, Consumer<ChangeOutcome> done) {
        long stamp = registry.instance(key).map(Instance::ownerStampMs).orElse(0L);
        super.cancel(key, telling(key, PeerOutbox.CANCEL, stamp, done));
    }

    @Override
    public void override(InstanceKey key, InstanceStatus status, Consumer<ChangeOutcome> done) {
        super.override(key, status, telling(key, PeerOutbox.STATUS, 0, done));
    }

    @Override
    public void clearOverride(
            InstanceKey key, InstanceStatus declared, Consumer<ChangeOutcome> done) {
        super.clearOverride(key, declared, telling(key, PeerOutbox.STATUS, 0, done));
    }

    @Override
    public void putMetadata(
            InstanceKey key, SortedMap<String, String> entries, Consumer<ChangeOutcome> done) {
        super.putMetadata(key, entries, telling(key, PeerOutbox.REGISTER, 0, done));
    }

    @Override
    public RenewOutcome renew(InstanceKey key, long ownerStampMs) {
        RenewOutcome outcome = super.renew(key, ownerStampMs);
        if (outcome == RenewOutcome.RENEWED) {
            tell(key, PeerOutbox.BEAT, 0);
        }
        return outcome;
    }

    private Consumer<ChangeOutcome> telling(
            InstanceKey key, int what, long stampMs, Consumer<ChangeOutcome> done) {
        return outcome -> {
            if (outcome instanceof ChangeOutcome.Done) {
                tell(key, what, stampMs);
            }
            done.accept(outcome);
        };
    }

    private void tell(InstanceKey key, int what, long stampMs) {
        if (key.namespace().equals(namespace)) {
            outboxes.forEach(outbox -> outbox.add(key, what, stampMs));
        }
    }
}
