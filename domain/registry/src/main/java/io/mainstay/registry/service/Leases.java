package io.mainstay.registry.service;

import io.mainstay.common.Check;
import io.mainstay.kernel.placement.SlotMap;
import io.mainstay.platform.Clock;
import io.mainstay.platform.Platform;
import io.mainstay.registry.api.ChangeOutcome;
import io.mainstay.registry.api.Instance;
import io.mainstay.registry.api.InstanceKey;
import io.mainstay.registry.api.ProtectionView;
import io.mainstay.registry.command.RegistryCommand.Evict;
import io.mainstay.registry.lease.LeaseDecider;
import io.mainstay.registry.lease.LeaseSlot;
import io.mainstay.registry.lease.LeaseTable;
import io.mainstay.registry.lease.LeaseTable.ServiceLeases;
import io.mainstay.registry.lease.Probe;
import io.mainstay.registry.lease.ProtectionConfig;
import io.mainstay.registry.state.ServiceName;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;

/// Runs the [LeaseDecider] on the ticker's thread: hands it the leases of the groups that are led here, proposes its evictions, asks
/// its probes. What other threads have to tell it waits in a queue until the next tick.
final class Leases {
    private static final Logger LOG = LoggerFactory.getLogger(Leases.class);

    private final Clock clock;
    private final LeaseTable table;
    private final SlotMap slots;
    private final LeaseDecider decider;
    private final Probe probe;
    private final Function<InstanceKey, Optional<Instance>> instances;
    private final BiConsumer<Evict, Consumer<ChangeOutcome>> evict;
    private final ConcurrentHashMap<Integer, Boolean> led = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Runnable> events = new ConcurrentLinkedQueue<>();
    private volatile ProtectionView protection;

    Leases(
            Platform platform,
            LeaseTable table,
            SlotMap slots,
            ProtectionConfig config,
            Probe probe,
            Function<InstanceKey, Optional<Instance>> instances,
            BiConsumer<Evict, Consumer<ChangeOutcome>> evict) {
        this.clock = platform.clock();
        this.table = table;
        this.slots = slots;
        this.decider = new LeaseDecider(config, platform.random());
        this.probe = probe;
        this.instances = instances;
        this.evict = evict;
        this.protection =
                new ProtectionView(
                        config.enabled(),
                        new ProtectionView.Scope("", "*", false, 0, 0, 0, ""),
                        List.of());
    }

    ProtectionView protection() {
        return protection;
    }

    boolean leads(ServiceName name) {
        return led.containsKey(slots.groupOf(name.namespace(), name.service()));
    }

    void gained(int group) {
        long now = clock.nanoTime();
        for (ServiceLeases service : table.services()) {
            if (slots.groupOf(service.name().namespace(), service.name().service()) == group) {
                service.byInstanceId().values().forEach(slot -> slot.grace(now));
            }
        }
        led.put(group, true);
    }

    void lost(int group) {
        led.remove(group);
    }

    /// Nobody could beat for `awayNanos`: everybody gets a whole lease from now, and credit for the time away.
    void graceForAll(long awayNanos) {
        events.add(
                () -> {
                    long now = clock.nanoTime();
                    for (ServiceLeases service : table.services()) {
                        service.byInstanceId()
                                .values()
                                .forEach(slot -> slot.graceAfter(awayNanos, now));
                    }
                });
    }

    /// `done` is told on the ticker's thread.
    void release(ServiceName name, Runnable done) {
        events.add(
                () -> {
                    for (ServiceLeases service : table.services()) {
                        if (service.name().equals(name)) {
                            decider.release(service, clock.nanoTime());
                        }
                    }
                    done.run();
                });
    }

    void tick(boolean protectionEnabled) {
        for (Runnable event = events.poll(); event != null; event = events.poll()) {
            event.run();
        }
        decider.enable(protectionEnabled);
        List<ServiceLeases> services = new ArrayList<>();
        for (ServiceLeases service : table.services()) {
            if (leads(service.name())) {
                services.add(service);
            }
        }
        long now = clock.nanoTime();
        LeaseDecider.Decision decision = decider.tick(now, services);
        decision.evictions().forEach(this::evict);
        decision.probes().forEach(this::ask);
        show(decision.scopes(), now);
    }

    private void evict(LeaseSlot slot) {
        LOG.info("The lease of {} ended; it is evicted", slot.key());
        evict.accept(
                new Evict(slot.key(), slot.registration()),
                outcome -> {
                    switch (outcome) {
                        case ChangeOutcome.Done _, ChangeOutcome.NotFound _ -> {}
                        case ChangeOutcome.Refused _, ChangeOutcome.Unknown _ -> {
                            LOG.info("{} was not evicted: {}", slot.key(), outcome);
                            events.add(() -> slot.grace(clock.nanoTime()));
                        }
                    }
                });
    }

    private void ask(LeaseSlot slot) {
        Consumer<Probe.Verdict> answer = verdict -> events.add(() -> decider.probed(slot, verdict));
        Optional<Instance> instance = instances.apply(slot.key());
        if (instance.isEmpty()) {
            answer.accept(Probe.Verdict.NO_ANSWER);
            return;
        }
        Instance found = instance.get();
        Instance.Endpoint endpoint = found.port().enabled() ? found.port() : found.securePort();
        String host = found.ip().isEmpty() ? found.host() : found.ip();
        if (host.isEmpty() || endpoint.number() == 0) {
            answer.accept(Probe.Verdict.NO_ANSWER);
        } else {
            probe.probe(host, endpoint.number(), answer);
        }
    }

    private void show(List<LeaseDecider.Scope> scopes, long now) {
        Check.that(!scopes.isEmpty(), "no scope over all");
        List<ProtectionView.Scope> shown = new ArrayList<>();
        for (LeaseDecider.Scope scope : scopes) {
            long sinceMs =
                    scope.tripped() ? clock.wallMs() - (now - scope.trippedAt()) / 1_000_000 : 0;
            shown.add(
                    new ProtectionView.Scope(
                            scope.service().namespace(),
                            scope.service().service(),
                            scope.tripped(),
                            scope.expected(),
                            scope.missing(),
                            sinceMs,
                            scope.explanation()));
        }
        ProtectionView.Scope all = shown.removeFirst();
        protection = new ProtectionView(decider.enabled(), all, List.copyOf(shown));
    }
}
