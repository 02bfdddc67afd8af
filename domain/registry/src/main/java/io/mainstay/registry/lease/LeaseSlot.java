package io.mainstay.registry.lease;

import io.mainstay.registry.api.InstanceKey;
import io.mainstay.registry.api.Lease;
import io.mainstay.registry.lease.Probe.Verdict;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// The lease of one registration. Beats come from any thread; all else belongs to the thread of the [LeaseDecider].
///
/// `lastBeat` is monotonic nanoseconds, or [#EVICTING] from the moment an eviction is proposed: the change from one to the
/// other is atomic, so a beat either comes before (and the eviction does not happen) or is told to register again.
public final class LeaseSlot {
    private static final long EVICTING = Long.MIN_VALUE;
    private static final long NANOS = 1_000_000L;
    private static final long LEAST_CREDIT_NANOS = 10_000 * NANOS;

    private static final VarHandle LAST_BEAT;
    private static final VarHandle BEATS;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            LAST_BEAT = lookup.findVarHandle(LeaseSlot.class, "lastBeat", long.class);
            BEATS = lookup.findVarHandle(LeaseSlot.class, "beats", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final InstanceKey key;
    private final long registration;
    private final long ownerStampMs;
    private final long intervalNanos;
    private final long durationNanos;

    private volatile long lastBeat;

    @SuppressWarnings("unused") // through BEATS
    private long beats;

    // Stall credit, see creditNanos.
    private long stallTime;
    private long backOff;
    private long creditFrom;
    private long creditBeats;
    private int creditEndsAfterBeats;

    // Judgement. The beat that was the last when it was made; a newer beat voids it.
    boolean condemned;
    boolean probing;
    long condemnedBeat;
    long heldSince;
    long probedAt;
    boolean isHeld;
    boolean probed;
    volatile String held = "";

    public LeaseSlot(
            InstanceKey key, long registration, long ownerStampMs, Lease lease, long nowNanos) {
        this.key = key;
        this.registration = registration;
        this.ownerStampMs = ownerStampMs;
        this.intervalNanos = lease.intervalMs() * NANOS;
        this.durationNanos = lease.durationMs() * NANOS;
        this.lastBeat = nowNanos;
    }

    public InstanceKey key() {
        return key;
    }

    public long registration() {
        return registration;
    }

    public long ownerStampMs() {
        return ownerStampMs;
    }

    /// Beats since the lease is kept here; a few may be lost if two come at the same moment.
    public long beats() {
        return (long) BEATS.getOpaque(this);
    }

    /// Why the eviction is held, empty if it is not. Any thread.
    public String held() {
        return held;
    }

    /// A beat; false if an eviction is under way. Any thread, no lock.
    public boolean beat(long nowNanos) {
        while (true) {
            long before = lastBeat;
            if (before == EVICTING) {
                return false;
            }
            if (LAST_BEAT.compareAndSet(this, before, nowNanos)) {
                BEATS.setOpaque(this, (long) BEATS.getOpaque(this) + 1);
                return true;
            }
        }
    }

    /// Gives a whole new lease; also takes back an eviction that did not happen.
    public void grace(long nowNanos) {
        lastBeat = nowNanos;
        condemned = false;
        release();
    }

    public boolean evicting() {
        return lastBeat == EVICTING;
    }

    /// Milliseconds since the last beat. Any thread.
    public long ageMs(long nowNanos) {
        long last = lastBeat;
        return last == EVICTING ? durationNanos / NANOS : (nowNanos - last) / NANOS;
    }

    /// Milliseconds until the lease ends, without credit. Any thread.
    public long leftMs(long nowNanos) {
        return durationNanos / NANOS - ageMs(nowNanos);
    }

    /// What one look at a slot says; `lastBeat` is the beat that it is about.
    record Look(long lastBeat, boolean overdue, boolean silent) {}

    /// Null if an eviction is under way.
    @org.jspecify.annotations.Nullable
    Look look(long nowNanos) {
        long last = lastBeat;
        if (last == EVICTING) {
            return null;
        }
        long silence = nowNanos - last;
        if (silence <= silentAfterNanos()) {
            return new Look(last, false, false);
        }
        silence -= creditNanos(nowNanos);
        return new Look(last, silence > durationNanos, silence > silentAfterNanos());
    }

    /// True without allocation if nothing is wrong with this lease.
    boolean quiet(long nowNanos) {
        long last = lastBeat;
        return last != EVICTING && nowNanos - last <= silentAfterNanos();
    }

    /// Missing comes before overdue, so that when the first of many leases ends, the others that fell silent with it are counted.
    private long silentAfterNanos() {
        long before = Math.max(durationNanos - intervalNanos, intervalNanos + intervalNanos / 2);
        return Math.min(durationNanos, before);
    }

    boolean beginEviction(long seenBeat) {
        return LAST_BEAT.compareAndSet(this, seenBeat, EVICTING);
    }

    /// A whole new lease after the server was away for `awayNanos`, with credit for those who backed off meanwhile.
    public void graceAfter(long awayNanos, long nowNanos) {
        grace(nowNanos);
        stallTime = 0;
        backOff = 0;
        credit(0, awayNanos, nowNanos);
    }

    /// The server did not read beats for `stallNanos`: that time does not count as silence.
    void stalled(long stallNanos, long nowNanos) {
        credit(stallNanos, stallNanos, nowNanos);
    }

    /// A stall S longer than the interval h lets stock clients time out and back off, so they get min(10 h, 2 S + 2 h) on top;
    /// several stalls add up to 10 h. Credit ends when beats come regularly again, or after max(10 h, 10 s).
    private void credit(long notCounted, long stallNanos, long nowNanos) {
        creditNanos(nowNanos);
        boolean backsOff = stallNanos > intervalNanos;
        long granted = backsOff ? 2 * stallNanos + 2 * intervalNanos : 0;
        stallTime += notCounted;
        backOff = Math.min(10 * intervalNanos, backOff + granted);
        creditFrom = nowNanos;
        creditBeats = beats();
        creditEndsAfterBeats = backOff > 0 ? 3 : 1;
    }

    private long creditNanos(long nowNanos) {
        long sum = stallTime + backOff;
        if (sum != 0
                && (nowNanos - creditFrom > Math.max(10 * intervalNanos, LEAST_CREDIT_NANOS)
                        || beats() - creditBeats >= creditEndsAfterBeats)) {
            stallTime = 0;
            backOff = 0;
            return 0;
        }
        return sum;
    }

    void condemn() {
        condemned = true;
        condemnedBeat = lastBeat;
    }

    boolean condemnedStill(long seenBeat) {
        condemned = condemned && condemnedBeat == seenBeat;
        return condemned;
    }

    void hold(long nowNanos, String why) {
        if (!isHeld) {
            isHeld = true;
            heldSince = nowNanos;
        }
        held = why;
    }

    void release() {
        isHeld = false;
        if (!held.isEmpty()) {
            held = "";
        }
    }

    void answered(Verdict verdict) {
        probing = false;
        if (verdict == Verdict.REFUSED && isHeld) {
            condemn();
        }
    }
}
