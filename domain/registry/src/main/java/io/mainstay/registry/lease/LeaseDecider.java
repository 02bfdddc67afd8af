package io.mainstay.registry.lease;

import io.mainstay.registry.lease.LeaseTable.ServiceLeases;
import io.mainstay.registry.lease.Probe.Verdict;
import io.mainstay.registry.lease.ServiceWatch.Overdue;
import io.mainstay.registry.state.ServiceName;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// Who is alive: leases and the present moment in, evictions and held instances out. No clock, no I/O; one thread at a time.
///
/// - A lease ends exactly its duration after the last beat, plus credit for the time in which this server did not listen.
/// - Silence of one is death. Silence of many at the same time is taken for a fault between them and us, and their evictions are
///   held: by the rule of the service or of the whole ([ProtectionConfig]).
/// - What is held is asked by a [Probe]: refused means dead. Otherwise it ends when beats come back or after a bound of time.
/// - Evictions are at random among what ran out, and bounded for each service and second.
///
/// All times are monotonic nanoseconds.
public final class LeaseDecider {
    private static final long NANOS = 1_000_000L;

    /// Time between two calls of [#tick].
    public static final long TICK_MS = 100;

    /// A tick that is later than this means that the server stood still.
    public static final long LATE_MS = 200;

    /// @param evictions slots that take no beat any more: propose them, or give [LeaseSlot#grace] back
    /// @param probes slots to ask; answer with [#probed]
    /// @param scopes the rule over all (name `*`) first, then tripped services by name
    public record Decision(List<LeaseSlot> evictions, List<LeaseSlot> probes, List<Scope> scopes) {}

    /// @param service empty namespace and `*` for all
    /// @param trippedAt meaningful if tripped
    public record Scope(
            ServiceName service,
            boolean tripped,
            int expected,
            int missing,
            long trippedAt,
            String explanation) {}

    public static final ServiceName ALL = new ServiceName("", "*");

    private final ProtectionConfig base;
    private final RandomGenerator random;
    private final TreeMap<ServiceName, ServiceWatch> watches = new TreeMap<>();
    private final ScopeAlarm globalAlarm = new ScopeAlarm();
    private boolean enabled;
    private boolean ticked;
    private long lastTick;
    private int probing;

    public LeaseDecider(ProtectionConfig config, RandomGenerator random) {
        this.base = config;
        this.random = random;
        this.enabled = config.enabled();
    }

    /// An operator's switch; off whenever the configuration says so.
    public void enable(boolean on) {
        enabled = on && base.enabled();
    }

    public boolean enabled() {
        return enabled;
    }

    /// Ends protection of one service for what is silent now: it is evicted within the rate.
    public void release(ServiceLeases leases, long now) {
        for (LeaseSlot slot : leases.byInstanceId().values()) {
            LeaseSlot.Look look = slot.look(now);
            if (look != null && look.silent()) {
                slot.condemn();
            }
        }
        ServiceWatch watch = watches.get(leases.name());
        if (watch != null) {
            watch.alarm.reset();
        }
    }

    public void probed(LeaseSlot slot, Verdict verdict) {
        probing--;
        slot.answered(verdict);
    }

    /// @param services those whose leases this member leads
    public Decision tick(long now, Collection<ServiceLeases> services) {
        long late = ticked ? now - lastTick - TICK_MS * NANOS : 0;
        ticked = true;
        lastTick = now;
        if (late > LATE_MS * NANOS) {
            for (ServiceLeases service : services) {
                service.byInstanceId().values().forEach(slot -> slot.stalled(late, now));
            }
        }
        int expected = 0;
        int missing = 0;
        int servicesMissingSome = 0;
        TreeMap<ServiceName, ServiceWatch> present = new TreeMap<>();
        for (ServiceLeases service : services) {
            ServiceWatch watch = watches.computeIfAbsent(service.name(), _ -> new ServiceWatch());
            watch.count(now, service, base);
            present.put(service.name(), watch);
            expected += watch.expected;
            missing += watch.missing;
            servicesMissingSome += watch.missing > 0 ? 1 : 0;
        }
        watches.keySet().retainAll(present.keySet());
        updateAlarms(now, expected, missing, servicesMissingSome);
        return decide(now, expected, missing);
    }

    private void updateAlarms(long now, int expected, int missing, int servicesMissingSome) {
        if (!enabled) {
            globalAlarm.reset();
            watches.values().forEach(watch -> watch.alarm.reset());
            return;
        }
        boolean all = missing >= base.globalMin() && missing > base.globalRatio() * expected;
        globalAlarm.update(now, all, expected, missing, base);
        for (ServiceWatch watch : watches.values()) {
            int others = servicesMissingSome - (watch.missing > 0 ? 1 : 0);
            boolean most =
                    watch.expected >= base.serviceMin()
                            && watch.missing > base.serviceRatio() * watch.expected;
            boolean wholeSmall =
                    watch.expected >= base.smallServiceMin()
                            && watch.missing == watch.expected
                            && others > 0;
            watch.alarm.update(now, most || wholeSmall, watch.expected, watch.missing, base);
        }
    }

    private Decision decide(long now, int expected, int missing) {
        List<LeaseSlot> evictions = new ArrayList<>();
        List<LeaseSlot> probes = new ArrayList<>();
        List<Scope> scopes = new ArrayList<>();
        scopes.add(scope(ALL, globalAlarm, expected, missing));
        watches.forEach(
                (name, watch) -> {
                    Scope own = scope(name, watch.alarm, watch.expected, watch.missing);
                    if (own.tripped()) {
                        scopes.add(own);
                    }
                    String why =
                            own.tripped()
                                    ? own.explanation()
                                    : globalAlarm.tripped() ? scopes.getFirst().explanation() : "";
                    decide(now, watch, why, evictions, probes);
                });
        return new Decision(evictions, probes, scopes);
    }

    private void decide(
            long now,
            ServiceWatch watch,
            String why,
            List<LeaseSlot> evictions,
            List<LeaseSlot> probes) {
        int allowed = watch.overdue.isEmpty() ? 0 : watch.allowance(now, base);
        shuffle(watch.overdue);
        for (Overdue one : watch.overdue) {
            LeaseSlot slot = one.slot();
            boolean condemned = slot.condemnedStill(one.seenBeat());
            if (!why.isEmpty() && !condemned) {
                slot.hold(now, why);
                probe(now, slot, probes);
                continue;
            }
            if (allowed == 0) {
                slot.held = "Waits for its turn: evictions of a service are bounded per second.";
            } else if (slot.beginEviction(one.seenBeat())) {
                allowed--;
                watch.evicted(now, condemned);
                evictions.add(slot);
            }
        }
    }

    private void probe(long now, LeaseSlot slot, List<LeaseSlot> probes) {
        boolean due = !slot.probed || now - slot.probedAt >= base.probeAgainMs() * NANOS;
        if (due && !slot.probing && probing < base.probeConcurrency()) {
            probing++;
            slot.probing = true;
            slot.probed = true;
            slot.probedAt = now;
            probes.add(slot);
        }
    }

    private void shuffle(List<Overdue> list) {
        for (int i = list.size() - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            Overdue swapped = list.get(i);
            list.set(i, list.get(other));
            list.set(other, swapped);
        }
    }

    private Scope scope(ServiceName name, ScopeAlarm alarm, int expected, int missing) {
        String explanation =
                alarm.tripped()
                        ? "%d of %d instances of %s fell silent together, so evictions are held until under %d %% are silent for %d s, a probe is refused, or %d s have passed."
                                .formatted(
                                        missing,
                                        expected,
                                        name.equals(ALL) ? "all services" : name.service(),
                                        Math.round(base.clearRatio() * 100),
                                        base.clearAfterMs() / 1000,
                                        base.maxHoldMs() / 1000)
                        : "";
        return new Scope(name, alarm.tripped(), expected, missing, alarm.trippedAt(), explanation);
    }
}
