package io.mainstay.registry.state;

import io.mainstay.kernel.group.MachineId;
import io.mainstay.kernel.group.StateMachine;
import io.mainstay.registry.api.ChangeOutcome;
import io.mainstay.registry.api.ChangeOutcome.Done;
import io.mainstay.registry.api.ChangeOutcome.NotFound;
import io.mainstay.registry.api.ChangeOutcome.Reason;
import io.mainstay.registry.api.ChangeOutcome.Refused;
import io.mainstay.registry.api.Instance;
import io.mainstay.registry.api.InstanceKey;
import io.mainstay.registry.api.InstanceStatus;
import io.mainstay.registry.api.Registration;
import io.mainstay.registry.api.RegistryLimits;
import io.mainstay.registry.api.RegistryView.Kind;
import io.mainstay.registry.api.ServiceView;
import io.mainstay.registry.command.RegistryCommand;
import io.mainstay.registry.command.RegistryCommand.Cancel;
import io.mainstay.registry.command.RegistryCommand.ClearOverride;
import io.mainstay.registry.command.RegistryCommand.EnableProtection;
import io.mainstay.registry.command.RegistryCommand.Evict;
import io.mainstay.registry.command.RegistryCommand.Override;
import io.mainstay.registry.command.RegistryCommand.PutMetadata;
import io.mainstay.registry.command.RegistryCommand.Register;
import io.mainstay.registry.command.RegistryCommandCodec;
import io.mainstay.registry.command.TextPool;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// The services of one raft group. Owned by the group's apply thread.
///
/// A service is there as long as it has instances; its revision is the raft offset of its last change. What changed since the last
/// publish goes to the [AppliedChanges.Sink], so a batch of many commands makes one view.
public final class RegistryMachine implements StateMachine<RegistryCommand, ChangeOutcome> {
    private final AppliedChanges.Sink sink;
    private final TextPool texts = new TextPool();
    private final TreeMap<ServiceName, ServiceState> services = new TreeMap<>();
    private final TreeSet<ServiceName> dirty = new TreeSet<>();
    private List<AppliedChanges.Entry> changes = new ArrayList<>();
    // Read by the lease ticker.
    private volatile boolean protectionEnabled = true;

    public RegistryMachine(AppliedChanges.Sink sink) {
        this.sink = sink;
    }

    /// False if an operator has turned protection off. Any thread.
    public boolean protectionEnabled() {
        return protectionEnabled;
    }

    @java.lang.Override
    public MachineId id() {
        return MachineId.REGISTRY;
    }

    @java.lang.Override
    public RegistryCommand decode(int version, ByteBuffer command) {
        return RegistryCommandCodec.decode(version, command, texts);
    }

    @java.lang.Override
    public Applied<ChangeOutcome> apply(long offset, long timeMs, RegistryCommand command) {
        return Applied.of(
                switch (command) {
                    case Register(Registration registration) ->
                            register(offset, timeMs, registration);
                    case Cancel(InstanceKey key) -> cancel(offset, timeMs, key);
                    case Evict(InstanceKey key, long registration) ->
                            evict(offset, timeMs, key, registration);
                    case Override(InstanceKey key, InstanceStatus status) ->
                            override(offset, timeMs, key, status);
                    case ClearOverride(InstanceKey key, InstanceStatus declared) ->
                            clearOverride(offset, timeMs, key, declared);
                    case PutMetadata(InstanceKey key, SortedMap<String, String> entries) ->
                            putMetadata(offset, timeMs, key, entries);
                    case EnableProtection(boolean enabled) -> enableProtection(offset, enabled);
                });
    }

    private ChangeOutcome register(long offset, long timeMs, Registration registration) {
        Instance before = find(registration.key());
        Instance after = Transitions.registered(before, registration, offset, timeMs);
        return put(before == null ? Kind.ADDED : Kind.MODIFIED, after, offset, timeMs);
    }

    private ChangeOutcome cancel(long offset, long timeMs, InstanceKey key) {
        Instance before = find(key);
        return before == null ? new NotFound() : remove(before, offset, timeMs);
    }

    private ChangeOutcome evict(long offset, long timeMs, InstanceKey key, long registration) {
        Instance before = find(key);
        if (before == null) {
            return new NotFound();
        }
        if (before.registration() > registration) {
            return new Refused(
                    Reason.STALE,
                    "%s was registered again at offset %d; the eviction meant the registration at %d."
                            .formatted(key, before.registration(), registration));
        }
        return remove(before, offset, timeMs);
    }

    private ChangeOutcome override(
            long offset, long timeMs, InstanceKey key, InstanceStatus status) {
        Instance before = find(key);
        if (before == null) {
            return new NotFound();
        }
        return before.status() == status
                ? new Done(before.revision())
                : modify(Transitions.overridden(before, status, offset, timeMs), offset, timeMs);
    }

    private ChangeOutcome clearOverride(
            long offset, long timeMs, InstanceKey key, InstanceStatus declared) {
        Instance before = find(key);
        if (before == null) {
            return new NotFound();
        }
        return before.override() == null
                ? new Done(before.revision())
                : modify(Transitions.released(before, declared, offset, timeMs), offset, timeMs);
    }

    private ChangeOutcome putMetadata(
            long offset, long timeMs, InstanceKey key, SortedMap<String, String> entries) {
        Instance before = find(key);
        if (before == null) {
            return new NotFound();
        }
        SortedMap<String, String> merged = Transitions.merged(before.metadata(), entries);
        String objection = RegistryLimits.objection("metadata", merged);
        return objection != null
                ? new Refused(Reason.LIMIT, objection)
                : modify(Transitions.described(before, merged, offset, timeMs), offset, timeMs);
    }

    private ChangeOutcome enableProtection(long offset, boolean enabled) {
        protectionEnabled = enabled;
        return new Done(offset);
    }

    private @Nullable Instance find(InstanceKey key) {
        ServiceState service = services.get(ServiceName.of(key));
        return service == null ? null : service.find(key.instanceId());
    }

    private ChangeOutcome modify(Instance after, long offset, long timeMs) {
        return put(Kind.MODIFIED, after, offset, timeMs);
    }

    private ChangeOutcome put(Kind kind, Instance after, long offset, long timeMs) {
        ServiceName name = ServiceName.of(after.key());
        ServiceState service = services.computeIfAbsent(name, _ -> new ServiceState());
        service.put(after);
        service.revision = offset;
        return noted(name, kind, after, offset, timeMs);
    }

    private ChangeOutcome remove(Instance before, long offset, long timeMs) {
        ServiceName name = ServiceName.of(before.key());
        ServiceState service = Objects.requireNonNull(services.get(name));
        service.remove(before.key().instanceId());
        service.revision = offset;
        if (service.instances().isEmpty()) {
            services.remove(name);
        }
        return noted(name, Kind.DELETED, before, offset, timeMs);
    }

    private ChangeOutcome noted(
            ServiceName name, Kind kind, Instance instance, long offset, long timeMs) {
        dirty.add(name);
        changes.add(new AppliedChanges.Entry(kind, instance, timeMs));
        return new Done(offset);
    }

    @java.lang.Override
    public void publish(long appliedOffset) {
        if (dirty.isEmpty()) {
            return;
        }
        List<ServiceView> changed = new ArrayList<>(dirty.size());
        for (ServiceName name : dirty) {
            changed.add(viewOf(name, appliedOffset));
        }
        AppliedChanges applied = new AppliedChanges(changed, changes);
        dirty.clear();
        changes = new ArrayList<>();
        sink.applied(applied);
    }

    private ServiceView viewOf(ServiceName name, long appliedOffset) {
        ServiceState service = services.get(name);
        return service == null
                ? new ServiceView(
                        name.namespace(), name.service(), appliedOffset, List.of(), Map.of())
                : service.view(name);
    }

    @java.lang.Override
    public void snapshot(SnapshotSink out) {
        RegistrySnapshot.write(protectionEnabled, services, out);
    }

    @java.lang.Override
    public void restore(int version, ByteBuffer section) {
        TreeMap<ServiceName, ServiceState> before = new TreeMap<>(services);
        services.clear();
        protectionEnabled = RegistrySnapshot.read(version, section, texts, services);
        changes = RestoredChanges.between(before, services);
        dirty.clear();
        dirty.addAll(before.keySet());
        dirty.addAll(services.keySet());
    }

    @java.lang.Override
    public int snapshotVersion() {
        return RegistrySnapshot.VERSION;
    }

    @java.lang.Override
    public long digest() {
        return RegistrySnapshot.digest(protectionEnabled, services);
    }
}
