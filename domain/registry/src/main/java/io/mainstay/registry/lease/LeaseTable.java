package io.mainstay.registry.lease;

import io.mainstay.registry.api.Instance;
import io.mainstay.registry.api.InstanceKey;
import io.mainstay.registry.api.RegistryView.Kind;
import io.mainstay.registry.state.AppliedChanges;
import io.mainstay.registry.state.ServiceName;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.LongSupplier;

/// A slot for each registration of this node. Apply threads add and remove (a service belongs to one of them), any thread finds
/// and beats, the decider walks.
public final class LeaseTable implements AppliedChanges.Sink {

    private final LongSupplier nanoTime;
    private final ConcurrentHashMap<InstanceKey, LeaseSlot> slots = new ConcurrentHashMap<>();
    private final ConcurrentSkipListMap<ServiceName, ServiceLeases> services =
            new ConcurrentSkipListMap<>();

    /// The leases of one service, in order of instance id.
    public record ServiceLeases(
            ServiceName name, ConcurrentSkipListMap<String, LeaseSlot> byInstanceId) {}

    public LeaseTable(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    @Override
    public void applied(AppliedChanges applied) {
        for (AppliedChanges.Entry change : lastOfEach(applied.changes())) {
            if (change.kind() == Kind.DELETED) {
                remove(change.instance().key());
            } else {
                put(change.instance());
            }
        }
    }

    /// A group that is rebuilt tells what its snapshot lacks as gone and, from its log, as there again: a beat in between must find its
    /// lease.
    private static Collection<AppliedChanges.Entry> lastOfEach(List<AppliedChanges.Entry> changes) {
        if (changes.size() < 2) {
            return changes;
        }
        LinkedHashMap<InstanceKey, AppliedChanges.Entry> last = new LinkedHashMap<>();
        for (AppliedChanges.Entry change : changes) {
            last.put(change.instance().key(), change);
        }
        return last.values();
    }

    private void put(Instance instance) {
        InstanceKey key = instance.key();
        LeaseSlot held = slots.get(key);
        if (held != null && held.registration() == instance.registration()) {
            return;
        }
        LeaseSlot slot =
                new LeaseSlot(
                        key,
                        instance.registration(),
                        instance.ownerStampMs(),
                        instance.lease(),
                        nanoTime.getAsLong());
        services.computeIfAbsent(
                        ServiceName.of(key),
                        name -> new ServiceLeases(name, new ConcurrentSkipListMap<>()))
                .byInstanceId()
                .put(key.instanceId(), slot);
        slots.put(key, slot);
    }

    private void remove(InstanceKey key) {
        slots.remove(key);
        ServiceName name = ServiceName.of(key);
        ServiceLeases service = services.get(name);
        if (service != null) {
            service.byInstanceId().remove(key.instanceId());
            if (service.byInstanceId().isEmpty()) {
                services.remove(name);
            }
        }
    }

    public int size() {
        return slots.size();
    }

    public @Nullable LeaseSlot find(InstanceKey key) {
        return slots.get(key);
    }

    public Collection<LeaseSlot> of(ServiceName name) {
        ServiceLeases service = services.get(name);
        return service == null ? List.of() : service.byInstanceId().values();
    }

    /// All services, in order of their names.
    public Collection<ServiceLeases> services() {
        return services.values();
    }
}
