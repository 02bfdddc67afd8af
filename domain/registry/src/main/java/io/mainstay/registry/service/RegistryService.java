package io.mainstay.registry.service;

import io.mainstay.common.Check;
import io.mainstay.common.NamespaceName;
import io.mainstay.kernel.group.RaftGroup;
import io.mainstay.kernel.group.StateMachine;
import io.mainstay.platform.Platform;
import io.mainstay.platform.Threads;
import io.mainstay.registry.api.ChangeOutcome;
import io.mainstay.registry.api.ChangeOutcome.Reason;
import io.mainstay.registry.api.ChangeOutcome.Refused;
import io.mainstay.registry.api.Instance;
import io.mainstay.registry.api.InstanceKey;
import io.mainstay.registry.api.InstanceStatus;
import io.mainstay.registry.api.LeaseView;
import io.mainstay.registry.api.ProtectionView;
import io.mainstay.registry.api.Registration;
import io.mainstay.registry.api.Registry;
import io.mainstay.registry.api.RegistryLimits;
import io.mainstay.registry.api.RegistryTotals;
import io.mainstay.registry.api.RegistryView;
import io.mainstay.registry.api.RenewOutcome;
import io.mainstay.registry.api.ServiceView;
import io.mainstay.registry.command.RegistryCommand;
import io.mainstay.registry.command.RegistryCommand.Cancel;
import io.mainstay.registry.command.RegistryCommand.ClearOverride;
import io.mainstay.registry.command.RegistryCommand.EnableProtection;
import io.mainstay.registry.command.RegistryCommand.PutMetadata;
import io.mainstay.registry.command.RegistryCommand.Register;
import io.mainstay.registry.command.RegistryCommandCodec;
import io.mainstay.registry.lease.LeaseDecider;
import io.mainstay.registry.lease.LeaseSlot;
import io.mainstay.registry.lease.LeaseTable;
import io.mainstay.registry.lease.Probe;
import io.mainstay.registry.push.PushEngine;
import io.mainstay.registry.state.AppliedChanges;
import io.mainstay.registry.state.RegistryMachine;
import io.mainstay.registry.state.ServiceName;
import io.mainstay.registry.view.RegistryViews;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/// The registry of this node.
///
/// ```
/// change → CommandBatcher → raft group → RegistryMachine → LeaseTable, RegistryViews → answer
/// beat   → LeaseTable          ticker → LeaseDecider → evictions, which are changes
/// ```
/// Made before the raft groups, which ask for [#machineFor]; [#start] when they run; [#opened] when heads take connections.
public final class RegistryService implements Registry, AutoCloseable {
    private static final Duration TICK = Duration.ofMillis(LeaseDecider.TICK_MS);
    private static final Duration PRUNE = Duration.ofSeconds(30);

    /// Holds the switch of protection.
    private static final int SWITCH_GROUP = 1;

    private final Platform platform;
    private final RegistryGroups groups;
    private final RegistryConfig config;
    private final LeaseTable table;
    private final RegistryViews views;
    private final Leases leases;
    private final Newcomers newcomers;
    private final PushThread pushThread = new PushThread();
    private final PushEngine push;
    private final LongAdder beats = new LongAdder();
    private final LongAdder changes = new LongAdder();
    private final long openedNanos;
    private final List<RegistryMachine> machines = new ArrayList<>();
    private final List<Threads.Running> running = new ArrayList<>();
    private volatile List<CommandBatcher> batchers = List.of();

    private RegistryService(
            Platform platform, RegistryGroups groups, RegistryConfig config, Probe probe) {
        this.platform = platform;
        this.groups = groups;
        this.config = config;
        this.openedNanos = platform.clock().nanoTime();
        this.table = new LeaseTable(platform.clock()::nanoTime);
        this.views = new RegistryViews(config.recentWindowMs());
        this.newcomers = new Newcomers(config.limits().maxNamespaces());
        this.leases =
                new Leases(
                        platform,
                        table,
                        groups.slots(),
                        config.protection(),
                        probe,
                        views::instance,
                        (evict, done) -> submit(evict.key(), evict, true, done));
        this.push =
                new PushEngine(
                        platform.clock(),
                        this::presentView,
                        config.pushBytesPerSecond(),
                        pushThread::wake);
        // Leases first: a beat that follows the answer finds its lease.
        AppliedChanges.Sink sink =
                applied -> {
                    table.applied(applied);
                    views.applied(applied);
                    push.applied(applied);
                    changes.add(applied.changes().size());
                };
        for (int id = 1; id <= groups.dataGroups(); id++) {
            machines.add(new RegistryMachine(sink));
        }
    }

    /// @param groups may be under construction; see [RegistryGroups]
    /// @param probe the second opinion on instances held by protection; [Probe#NONE] for none
    public static RegistryService open(
            Platform platform, RegistryGroups groups, RegistryConfig config, Probe probe) {
        return new RegistryService(platform, groups, config, probe);
    }

    /// The state machine of data group `group`, 1 and up.
    public StateMachine<?, ?> machineFor(int group) {
        return machines.get(group - 1);
    }

    /// Begins to take changes. Call when the raft groups are started. No lease ends before [#opened].
    public void start() {
        Check.that(batchers.isEmpty(), "the registry is started once");
        List<CommandBatcher> made = new ArrayList<>();
        for (int id = 1; id <= groups.dataGroups(); id++) {
            RaftGroup group = groups.group().apply(id);
            made.add(new CommandBatcher(group, config.maxPendingBytes()));
            group.addListener(leadership(id));
        }
        batchers = List.copyOf(made);
        Threads threads = platform.threads();
        pushThread.start(threads, push);
        running.add(
                threads.every(
                        "mainstay-recent", PRUNE, () -> views.prune(platform.clock().wallMs())));
    }

    /// Heads take connections from now on: every lease begins anew, with credit for the time since this service was made, in which
    /// nobody could beat, and may end. Call once.
    public void opened() {
        leases.graceForAll(platform.clock().nanoTime() - openedNanos);
        running.add(platform.threads().every("mainstay-leases", TICK, this::tick));
    }

    private RaftGroup.LeadershipListener leadership(int id) {
        return new RaftGroup.LeadershipListener() {
            @Override
            public void gained(int term) {
                leases.gained(id);
            }

            @Override
            public void lost(int term) {
                leases.lost(id);
            }
        };
    }

    private void tick() {
        leases.tick(machines.get(SWITCH_GROUP - 1).protectionEnabled());
    }

    @Override
    public void register(Registration registration, Consumer<ChangeOutcome> done) {
        InstanceKey key = registration.key();
        int most = config.limits().maxInstances();
        if (table.size() >= most && table.find(key) == null) {
            done.accept(
                    new Refused(
                            Reason.LIMIT,
                            "There are %d instances already; at most %d are allowed."
                                    .formatted(table.size(), most)));
            return;
        }
        if (!key.namespace().equals(InstanceKey.DEFAULT_NAMESPACE)
                && !views.isUsed(key.namespace())) {
            registerInNew(registration, done);
        } else {
            submit(RegistryLimits.objection(registration), key, new Register(registration), done);
        }
    }

    /// Its first registration makes a namespace. Names are checked here and not where commands are applied: a log that was written
    /// before there was a rule must give the same state.
    private void registerInNew(Registration registration, Consumer<ChangeOutcome> done) {
        String namespace = registration.key().namespace();
        if (!NamespaceName.isGood(namespace)) {
            done.accept(new Refused(Reason.INVALID, "A namespace has " + NamespaceName.RULE + "."));
        } else if (!newcomers.enter(namespace, views::used)) {
            done.accept(
                    new Refused(
                            Reason.LIMIT,
                            "There are %d namespaces besides default, the most there may be."
                                    .formatted(config.limits().maxNamespaces())));
        } else {
            submit(
                    RegistryLimits.objection(registration),
                    registration.key(),
                    new Register(registration),
                    outcome -> {
                        newcomers.leave(namespace);
                        done.accept(outcome);
                    });
        }
    }

    @Override
    public void cancel(InstanceKey key, Consumer<ChangeOutcome> done) {
        submit(key, new Cancel(key), true, done);
    }

    @Override
    public void override(InstanceKey key, InstanceStatus status, Consumer<ChangeOutcome> done) {
        submit(null, key, new RegistryCommand.Override(key, status), done);
    }

    @Override
    public void clearOverride(
            InstanceKey key, InstanceStatus declared, Consumer<ChangeOutcome> done) {
        submit(null, key, new ClearOverride(key, declared), done);
    }

    @Override
    public void putMetadata(
            InstanceKey key, SortedMap<String, String> entries, Consumer<ChangeOutcome> done) {
        submit(
                RegistryLimits.objection("metadata", entries),
                key,
                new PutMetadata(key, entries),
                done);
    }

    @Override
    public void enableProtection(boolean enabled, Consumer<ChangeOutcome> done) {
        submit(SWITCH_GROUP, new EnableProtection(enabled), false, done);
    }

    @Override
    public void releaseProtection(String namespace, String service, Consumer<ChangeOutcome> done) {
        if (!view(namespace).services().containsKey(service)) {
            done.accept(new ChangeOutcome.NotFound());
            return;
        }
        leases.release(
                new ServiceName(namespace, service),
                () -> done.accept(new ChangeOutcome.Done(revisionOf(namespace, service))));
    }

    private long revisionOf(String namespace, String service) {
        var found = view(namespace).service(service);
        return found == null ? 0 : found.revision();
    }

    private void submit(
            @Nullable String objection,
            InstanceKey key,
            RegistryCommand command,
            Consumer<ChangeOutcome> done) {
        if (objection != null) {
            done.accept(new Refused(Reason.INVALID, objection));
        } else {
            submit(key, command, false, done);
        }
    }

    private void submit(
            InstanceKey key,
            RegistryCommand command,
            boolean freeing,
            Consumer<ChangeOutcome> done) {
        String objection = RegistryLimits.objection(key);
        if (objection != null) {
            done.accept(new Refused(Reason.INVALID, objection));
            return;
        }
        int group = groups.slots().groupOf(key.namespace(), key.service());
        submit(group, command, freeing, done);
    }

    private void submit(
            int group, RegistryCommand command, boolean freeing, Consumer<ChangeOutcome> done) {
        List<CommandBatcher> ready = batchers;
        if (ready.isEmpty()) {
            done.accept(new Refused(Reason.UNAVAILABLE, "The registry is starting; try again."));
            return;
        }
        ready.get(group - 1).submit(RegistryCommandCodec.encode(command), freeing, done);
    }

    @Override
    public RenewOutcome renew(InstanceKey key, long ownerStampMs) {
        LeaseSlot slot = table.find(key);
        if (slot == null) {
            return RenewOutcome.NOT_FOUND;
        }
        if (ownerStampMs > slot.ownerStampMs()) {
            return RenewOutcome.STALE_REGISTRATION;
        }
        if (!slot.beat(platform.clock().nanoTime())) {
            return RenewOutcome.NOT_FOUND;
        }
        beats.increment();
        return RenewOutcome.RENEWED;
    }

    /// Tells subscribers of services what changes.
    public PushEngine push() {
        return push;
    }

    /// A service as it is; of one that is not there an empty view at what is applied of its raft group, read first so that it is
    /// not behind the service's end.
    private ServiceView presentView(ServiceName name) {
        RaftGroup group =
                groups.group().apply(groups.slots().groupOf(name.namespace(), name.service()));
        long applied = Math.max(0, group.status().appliedOffset());
        ServiceView held = views.view(name.namespace()).service(name.service());
        return held != null
                ? held
                : new ServiceView(name.namespace(), name.service(), applied, List.of(), Map.of());
    }

    /// Removes an instance whose death is known, unless it was registered anew after the offset `registration`.
    public void evict(InstanceKey key, long registration) {
        submit(
                key,
                new RegistryCommand.Evict(key, registration),
                true,
                outcome -> {
                    // Refused or unknown: its lease ends by itself.
                });
    }

    @Override
    public RegistryView view(String namespace) {
        return views.view(namespace);
    }

    @Override
    public List<String> namespaces() {
        return views.namespaces();
    }

    @Override
    public Optional<Instance> instance(InstanceKey key) {
        return views.instance(key);
    }

    @Override
    public Map<String, LeaseView> leases(String namespace, String service) {
        ServiceName name = new ServiceName(namespace, service);
        if (!leases.leads(name)) {
            return Map.of();
        }
        long now = platform.clock().nanoTime();
        TreeMap<String, LeaseView> found = new TreeMap<>();
        for (LeaseSlot slot : table.of(name)) {
            found.put(
                    slot.key().instanceId(),
                    new LeaseView(
                            slot.key(),
                            slot.ageMs(now),
                            slot.leftMs(now),
                            slot.held(),
                            slot.beats()));
        }
        return found;
    }

    @Override
    public ProtectionView protection() {
        return leases.protection();
    }

    @Override
    public RegistryTotals totals() {
        return new RegistryTotals(beats.sum(), changes.sum());
    }

    @Override
    public Subscription subscribe(String namespace, Consumer<RegistryView> listener) {
        return views.subscribe(namespace, listener);
    }

    /// Ends the watch over leases. The raft groups are closed by whoever opened them.
    @Override
    public void close() {
        running.forEach(Threads.Running::close);
        pushThread.close();
    }
}
