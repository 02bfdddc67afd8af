package io.mainstay.registry.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mainstay.kernel.group.RaftGroup;
import io.mainstay.kernel.group.RaftGroups;
import io.mainstay.kernel.group.RaftGroupsConfig;
import io.mainstay.kernel.journal.JournalConfig;
import io.mainstay.kernel.journal.SegmentedJournal;
import io.mainstay.kernel.placement.SlotMap;
import io.mainstay.platform.Clock;
import io.mainstay.platform.Platform;
import io.mainstay.platform.real.RealPlatform;
import io.mainstay.registry.Samples;
import io.mainstay.registry.api.ChangeOutcome;
import io.mainstay.registry.api.ChangeOutcome.Done;
import io.mainstay.registry.api.InstanceKey;
import io.mainstay.registry.api.InstanceStatus;
import io.mainstay.registry.api.Lease;
import io.mainstay.registry.api.Registry.Subscription;
import io.mainstay.registry.api.RegistryView;
import io.mainstay.registry.api.RenewOutcome;
import io.mainstay.registry.lease.Probe;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// The registry while one of its raft groups is rebuilt: lists stay as they are, beats are taken, leases begin anew.
class RebuiltGroupTest {
    private static final int DATA_GROUPS = 3;
    private static final Lease LEASE = new Lease(30_000, 90_000);
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir Path directory;

    private final ShiftedClock clock = new ShiftedClock();
    private final List<BreakableMachine<?, ?>> machines = new ArrayList<>();
    private final List<InstanceKey> keys = new ArrayList<>();
    private SegmentedJournal journal;
    private RaftGroups groups;
    private RegistryService registry;

    private void open(long snapshotLogBytes) throws Exception {
        Platform real = RealPlatform.at(directory);
        Platform platform = new Platform(clock, real.random(), real.disk(), real.threads());
        journal = SegmentedJournal.open(new JournalConfig(1 << 20, 0), platform);
        registry =
                RegistryService.open(
                        platform,
                        RegistryGroups.of(DATA_GROUPS, () -> groups),
                        RegistryConfig.DEFAULT,
                        Probe.NONE);
        groups =
                RaftGroups.open(
                        new RaftGroupsConfig(
                                1, DATA_GROUPS, snapshotLogBytes, Duration.ofHours(1), 16L << 20),
                        platform,
                        journal,
                        id -> {
                            if (id == 0) {
                                return List.of();
                            }
                            machines.add(new BreakableMachine<>(registry.machineFor(id)));
                            return List.of(machines.getLast());
                        });
        groups.start();
        assertThat(groups.awaitReady(LONG)).isTrue();
        registry.start();
        registry.opened();
        for (int i = 0; i < 60; i++) {
            InstanceKey key = Samples.key("S" + i % 6, "i" + i);
            assertThat(register(key).get(60, TimeUnit.SECONDS)).isInstanceOf(Done.class);
            keys.add(key);
        }
    }

    @AfterEach
    void close() throws Exception {
        registry.close();
        groups.close();
        journal.close();
    }

    private CompletableFuture<ChangeOutcome> register(InstanceKey key) {
        CompletableFuture<ChangeOutcome> outcome = new CompletableFuture<>();
        registry.register(Samples.registration(key, InstanceStatus.UP, LEASE), outcome::complete);
        return outcome;
    }

    private static int groupOf(String service) {
        return new SlotMap(DATA_GROUPS).groupOf("default", service);
    }

    @Test
    void withoutASnapshotEverythingComesFromTheLog() throws Exception {
        open(Long.MAX_VALUE);
        breakAndComeBack();
    }

    @Test
    void withASnapshotTheRestComesFromTheLog() throws Exception {
        open(6_000);
        await().atMost(LONG).until(() -> groups.group(groupOf("S0")).status().snapshotOffset() > 0);
        breakAndComeBack();
    }

    private void breakAndComeBack() throws Exception {
        int broken = groupOf("S0");
        String other =
                keys.stream()
                        .map(InstanceKey::service)
                        .filter(name -> groupOf(name) != broken)
                        .findFirst()
                        .orElseThrow();
        var before = registry.view("default").services();
        List<RegistryView> seen = Collections.synchronizedList(new ArrayList<>());
        try (Subscription _ = registry.subscribe("default", seen::add)) {
            machines.get(broken - 1).breakOnce();
            InstanceKey late = Samples.key("S0", "late");
            assertThat(register(late).get(60, TimeUnit.SECONDS))
                    .isInstanceOf(ChangeOutcome.Unknown.class);
            assertThat(register(Samples.key("S0", "later")).get(60, TimeUnit.SECONDS))
                    .isInstanceOf(ChangeOutcome.Refused.class);
            assertThat(registry.view("default").services()).isEqualTo(before);
            // So long that without a new lease they would soon end.
            clock.shiftNanos = TimeUnit.SECONDS.toNanos(80);
            await().atMost(LONG)
                    .until(
                            () -> {
                                assertThat(keys)
                                        .allMatch(
                                                key ->
                                                        registry.renew(key, 0)
                                                                == RenewOutcome.RENEWED);
                                return groups.group(broken).status().role()
                                        == RaftGroup.Role.LEADER;
                            });
            assertThat(groups.group(broken).status().rebuilds()).isEqualTo(1);
            // What was unknown had happened.
            await().atMost(LONG).until(() -> registry.instance(late).isPresent());
            assertThat(seen).allMatch(view -> view.services().size() == 6);
            assertThat(seen).allMatch(view -> view.service("S0").instances().size() >= 10);
            assertThat(register(Samples.key("S0", "later")).get(60, TimeUnit.SECONDS))
                    .isInstanceOf(Done.class);
        }
        for (var service : before.entrySet()) {
            if (!service.getKey().equals("S0")) {
                assertThat(registry.view("default").service(service.getKey()))
                        .isEqualTo(service.getValue());
            }
        }
        assertThat(registry.leases("default", other)).isNotEmpty();
    }

    @Test
    void leasesBeginAnewWhenTheGroupIsBack() throws Exception {
        open(Long.MAX_VALUE);
        int broken = groupOf("S0");
        machines.get(broken - 1).breakOnce();
        register(Samples.key("S0", "late")).get(60, TimeUnit.SECONDS);
        await().atMost(LONG).until(() -> registry.leases("default", "S0").isEmpty());
        clock.shiftNanos = TimeUnit.SECONDS.toNanos(80);
        await().atMost(LONG).until(() -> registry.leases("default", "S0").size() == 11);
        assertThat(registry.leases("default", "S0").values())
                .allSatisfy(lease -> assertThat(lease.leaseLeftMs()).isGreaterThan(60_000));
        // Nobody gave the others one.
        assertThat(keys)
                .filteredOn(key -> groupOf(key.service()) != broken)
                .isNotEmpty()
                .allSatisfy(
                        key ->
                                assertThat(
                                                registry.leases("default", key.service())
                                                        .get(key.instanceId())
                                                        .leaseLeftMs())
                                        .isLessThanOrEqualTo(10_000));
    }

    /// The real clock, some time ahead.
    private static final class ShiftedClock implements Clock {
        volatile long shiftNanos;

        @Override
        public long wallMs() {
            return System.currentTimeMillis();
        }

        @Override
        public long nanoTime() {
            return System.nanoTime() + shiftNanos;
        }
    }
}
