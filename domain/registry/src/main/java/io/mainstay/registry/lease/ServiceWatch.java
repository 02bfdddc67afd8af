package io.mainstay.registry.lease;

import io.mainstay.registry.lease.LeaseTable.ServiceLeases;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What the [LeaseDecider] remembers of one service, and what it counted at this tick.
final class ServiceWatch {
    private static final long NANOS = 1_000_000L;
    private static final long RATE_WINDOW_NANOS = 1_000 * NANOS;

    /// An eviction of the last seconds; one without evidence of death still counts as a silent instance.
    private record Evicted(long at, boolean withoutEvidence) {}

    /// A lease that ran out; `seenBeat` is its last beat.
    record Overdue(LeaseSlot slot, long seenBeat) {}

    final ScopeAlarm alarm = new ScopeAlarm();
    final List<Overdue> overdue = new ArrayList<>();
    int expected;
    int missing;

    private final ArrayDeque<Evicted> evicted = new ArrayDeque<>();
    private int size;

    void count(long now, ServiceLeases leases, ProtectionConfig config) {
        overdue.clear();
        expected = 0;
        missing = 0;
        size = 0;
        for (Map.Entry<String, LeaseSlot> entry : leases.byInstanceId().entrySet()) {
            LeaseSlot slot = entry.getValue();
            size++;
            if (slot.quiet(now)) {
                expected++;
                slot.release();
            } else {
                countDoubtful(now, slot, config);
            }
        }
        forget(now, config);
        for (Evicted one : evicted) {
            if (one.withoutEvidence()) {
                expected++;
                missing++;
            }
        }
    }

    /// A condemned instance is known to be dead: it is neither expected nor missing.
    private void countDoubtful(long now, LeaseSlot slot, ProtectionConfig config) {
        LeaseSlot.Look look = slot.look(now);
        if (look == null) {
            return;
        }
        if (slot.isHeld && now - slot.heldSince > config.maxHoldMs() * NANOS) {
            slot.condemn();
        }
        boolean condemned = slot.condemnedStill(look.lastBeat());
        if (!condemned) {
            expected++;
            missing += look.silent() ? 1 : 0;
        }
        if (look.overdue()) {
            overdue.add(new Overdue(slot, look.lastBeat()));
        } else {
            slot.release();
        }
    }

    private void forget(long now, ProtectionConfig config) {
        long keep = Math.max(RATE_WINDOW_NANOS, config.clearAfterMs() * NANOS);
        while (!evicted.isEmpty() && now - evicted.getFirst().at() >= keep) {
            evicted.removeFirst();
        }
    }

    /// How many may be evicted now: in any second at most the ratio of the service as it was at its beginning, but at least one.
    int allowance(long now, ProtectionConfig config) {
        int inWindow = 0;
        for (Evicted one : evicted) {
            inWindow += now - one.at() < RATE_WINDOW_NANOS ? 1 : 0;
        }
        int most = Math.max(1, (int) ((size + inWindow) * config.evictionRatio()));
        return Math.max(0, most - inWindow);
    }

    void evicted(long now, boolean withEvidence) {
        evicted.addLast(new Evicted(now, !withEvidence));
    }
}
