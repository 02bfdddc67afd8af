package io.mainstay.registry.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.registry.Samples;
import io.mainstay.registry.api.Instance;
import io.mainstay.registry.api.InstanceKey;
import io.mainstay.registry.api.InstanceStatus;
import io.mainstay.registry.api.Lease;
import io.mainstay.registry.api.RegistryView.Kind;
import io.mainstay.registry.command.RegistryCommand.Register;
import io.mainstay.registry.lease.LeaseDecider.Decision;
import io.mainstay.registry.lease.Probe.Verdict;
import io.mainstay.registry.state.AppliedChanges;
import io.mainstay.registry.state.RegistryMachine;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// Histories in virtual time. Times in milliseconds.
class LeaseDeciderTest {
    private static final long NANOS = 1_000_000L;
    private static final Lease SHORT = new Lease(1_000, 3_000);

    private long now = 1_000;
    private long offset;
    private final LeaseTable table = new LeaseTable(() -> now * NANOS);
    private final RegistryMachine machine = new RegistryMachine(table);
    private final TreeMap<InstanceKey, Long> nextBeat = new TreeMap<>();
    private final TreeMap<InstanceKey, Integer> intervals = new TreeMap<>();
    private final TreeMap<InstanceKey, Long> lastBeat = new TreeMap<>();
    private final TreeMap<InstanceKey, Long> evictedAt = new TreeMap<>();
    private final Set<InstanceKey> dead = new HashSet<>();
    private Verdict verdict = Verdict.NO_ANSWER;
    private LeaseDecider decider = decider(ProtectionConfig.DEFAULT);
    private List<LeaseDecider.Scope> scopes = List.of();

    private static LeaseDecider decider(ProtectionConfig config) {
        return new LeaseDecider(config, new SplittableRandom(7));
    }

    private InstanceKey add(String service, int number, Lease lease, long firstBeatIn) {
        InstanceKey key = Samples.key(service, "i" + number);
        machine.apply(
                ++offset, now, new Register(Samples.registration(key, InstanceStatus.UP, lease)));
        machine.publish(offset);
        nextBeat.put(key, now + firstBeatIn);
        intervals.put(key, lease.intervalMs());
        lastBeat.put(key, now);
        return key;
    }

    private void service(String name, int size, Lease lease) {
        for (int i = 0; i < size; i++) {
            add(name, i, lease, (long) lease.intervalMs() * i / size);
        }
    }

    /// Ticks of 100 ms with the beats of those who live.
    private void run(long ms) {
        for (long end = now + ms; now < end; ) {
            now += 100;
            beats();
            tick();
        }
    }

    private void beats() {
        for (InstanceKey key : nextBeat.keySet()) {
            LeaseSlot slot = table.find(key);
            if (!dead.contains(key) && slot != null && of(nextBeat, key) <= now) {
                if (slot.beat(now * NANOS)) {
                    lastBeat.put(key, now);
                }
                nextBeat.put(key, now + of(intervals, key));
            }
        }
    }

    private static <T> T of(TreeMap<InstanceKey, T> map, InstanceKey key) {
        return Objects.requireNonNull(map.get(key));
    }

    private void tick() {
        Decision decision = decider.tick(now * NANOS, table.services());
        scopes = decision.scopes();
        decision.probes().forEach(slot -> decider.probed(slot, verdict));
        for (LeaseSlot slot : decision.evictions()) {
            assertThat(slot.beat(now * NANOS)).isFalse();
            evictedAt.put(slot.key(), now);
            remove(slot);
        }
    }

    private void remove(LeaseSlot slot) {
        Instance[] found = new Instance[1];
        RegistryMachine copy =
                new RegistryMachine(applied -> found[0] = applied.changes().getFirst().instance());
        copy.apply(
                slot.registration(),
                now,
                new Register(Samples.registration(slot.key(), InstanceStatus.UP, SHORT)));
        copy.publish(slot.registration());
        table.applied(
                new AppliedChanges(
                        List.of(), List.of(new AppliedChanges.Entry(Kind.DELETED, found[0], now))));
    }

    private void kill(InstanceKey... keys) {
        dead.addAll(List.of(keys));
    }

    private List<InstanceKey> keys(String service) {
        return nextBeat.keySet().stream().filter(key -> key.service().equals(service)).toList();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void aSingleCrashEndsExactlyAndNobodyElseIsTouched(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int[] intervalsMs = {500, 1_000, 5_000, 30_000};
        for (int s = 0; s < 6; s++) {
            int interval = intervalsMs[random.nextInt(intervalsMs.length)];
            service("S" + s, 1 + random.nextInt(8), new Lease(interval, 3 * interval));
        }
        run(random.nextInt(60_000));
        InstanceKey victim =
                new ArrayList<>(nextBeat.keySet()).get(random.nextInt(nextBeat.size()));
        kill(victim);
        run(100_000);
        assertThat(evictedAt).as("seed %d", seed).containsOnlyKeys(victim);
        long lived = of(evictedAt, victim) - of(lastBeat, victim);
        assertThat(lived).isBetween(3L * of(intervals, victim), 3L * of(intervals, victim) + 200);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5, 10, 50, 200})
    void silenceOfAllIsHeldAndNothingIsEverEmpty(int size) {
        service("A", size, SHORT);
        run(5_000);
        keys("A").forEach(this::kill);
        run(100_000);
        assertThat(evictedAt).isEmpty();
        assertThat(scopes.stream().filter(LeaseDecider.Scope::tripped)).isNotEmpty();
        assertThat(table.of(new io.mainstay.registry.state.ServiceName("default", "A")))
                .allMatch(slot -> !slot.held().isEmpty());
    }

    @Test
    void protectionClearsWhenBeatsComeBack() {
        service("A", 10, SHORT);
        run(5_000);
        keys("A").forEach(this::kill);
        run(20_000);
        dead.clear();
        run(12_000);
        assertThat(scopes).noneMatch(LeaseDecider.Scope::tripped);
        assertThat(evictedAt).isEmpty();
        InstanceKey victim = keys("A").getFirst();
        kill(victim);
        run(4_500);
        assertThat(evictedAt).containsOnlyKeys(victim);
    }

    @Test
    void aRefusedProbeEndsWhatIsHeldWithinTheRate() {
        service("A", 20, SHORT);
        run(5_000);
        verdict = Verdict.REFUSED;
        keys("A").subList(0, 15).forEach(this::kill);
        run(20_000);
        assertThat(evictedAt).hasSize(15);
        for (long at : evictedAt.values()) {
            long inSecond =
                    evictedAt.values().stream().filter(t -> t >= at && t < at + 1_000).count();
            assertThat(inSecond).isLessThanOrEqualTo(3);
        }
    }

    @Test
    void nobodyIsHeldForEver() {
        service("A", 6, SHORT);
        run(5_000);
        keys("A").forEach(this::kill);
        run(295_000);
        assertThat(evictedAt).isEmpty();
        run(30_000);
        assertThat(evictedAt).hasSize(6);
    }

    @Test
    void silenceAcrossServicesTripsTheRuleOverAll() {
        for (int s = 0; s < 20; s++) {
            service("S" + s, 3, SHORT);
        }
        run(5_000);
        for (int s = 0; s < 12; s++) {
            kill(Samples.key("S" + s, "i0"));
        }
        run(20_000);
        assertThat(evictedAt).isEmpty();
        assertThat(scopes.getFirst().tripped()).isTrue();
        assertThat(scopes.getFirst().explanation()).contains("12 of 60");
    }

    @Test
    void withProtectionOffAllEndWithinTheRate() {
        decider = decider(ProtectionConfig.DEFAULT.withEnabled(false));
        service("A", 10, SHORT);
        run(5_000);
        keys("A").forEach(this::kill);
        run(15_000);
        assertThat(evictedAt).hasSize(10);
    }

    @Test
    void anOperatorReleasesWhatIsHeld() {
        service("A", 10, SHORT);
        run(5_000);
        keys("A").subList(0, 8).forEach(this::kill);
        run(20_000);
        assertThat(evictedAt).isEmpty();
        decider.release(table.services().iterator().next(), now * NANOS);
        run(9_000);
        assertThat(evictedAt).hasSize(8);
    }

    /// Stock clients whose beat timed out wait up to ten intervals before the next one.
    @ParameterizedTest
    @ValueSource(longs = {300, 1_500, 3_500, 10_000})
    void aStallOfThisServerEvictsNobody(long stallMs) {
        service("A", 3, SHORT);
        service("B", 1, new Lease(1_000, 2_000));
        run(5_000);
        now += stallMs;
        tick();
        for (InstanceKey key : nextBeat.keySet()) {
            long backOff = stallMs > 1_000 ? Math.min(10_000, 2 * stallMs + 2_000) : 0;
            nextBeat.put(key, now + backOff);
        }
        run(60_000);
        assertThat(evictedAt).isEmpty();
    }

    @Test
    void afterAStallTheDeadStillEnd() {
        service("A", 3, SHORT);
        run(5_000);
        now += 2_000;
        InstanceKey victim = keys("A").getFirst();
        kill(victim);
        run(14_000);
        assertThat(evictedAt).containsOnlyKeys(victim);
        assertThat(of(evictedAt, victim) - of(lastBeat, victim))
                .isLessThanOrEqualTo(3_000 + 2_000 + 6_000 + 200);
    }

    @Test
    void aBeatBeforeTheEvictionPreventsItAndOneAfterItIsToldToRegister() {
        InstanceKey key = add("A", 1, SHORT, 0);
        LeaseSlot slot = Objects.requireNonNull(table.find(key));
        LeaseSlot.Look look = Objects.requireNonNull(slot.look(now * NANOS));
        assertThat(slot.beat((now + 1) * NANOS)).isTrue();
        assertThat(slot.beginEviction(look.lastBeat())).isFalse();
        assertThat(slot.beginEviction((now + 1) * NANOS)).isTrue();
        assertThat(slot.beat((now + 2) * NANOS)).isFalse();
        slot.grace((now + 3) * NANOS);
        assertThat(slot.beat((now + 4) * NANOS)).isTrue();
    }
}
