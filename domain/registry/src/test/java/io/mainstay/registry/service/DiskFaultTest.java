package io.mainstay.registry.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mainstay.kernel.group.RaftGroups;
import io.mainstay.kernel.group.RaftGroupsConfig;
import io.mainstay.kernel.journal.JournalConfig;
import io.mainstay.kernel.journal.SegmentedJournal;
import io.mainstay.platform.Platform;
import io.mainstay.platform.real.RealPlatform;
import io.mainstay.registry.Samples;
import io.mainstay.registry.api.ChangeOutcome;
import io.mainstay.registry.api.ChangeOutcome.Done;
import io.mainstay.registry.api.ChangeOutcome.Refused;
import io.mainstay.registry.api.InstanceKey;
import io.mainstay.registry.api.InstanceStatus;
import io.mainstay.registry.api.Lease;
import io.mainstay.registry.api.RenewOutcome;
import io.mainstay.registry.lease.Probe;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// What clients of the registry see of a full and of a broken disk.
class DiskFaultTest {
    private static final Lease LEASE = new Lease(30_000, 90_000);
    private static final InstanceKey OLD = Samples.key("ORDER", "old");
    private static final InstanceKey NEW = Samples.key("ORDER", "new");

    @TempDir Path directory;

    private FaultyDisk disk;
    private SegmentedJournal journal;
    private RaftGroups groups;
    private RegistryService registry;

    @BeforeEach
    void open() throws Exception {
        Platform real = RealPlatform.at(directory);
        disk = new FaultyDisk(real.disk());
        Platform platform = new Platform(real.clock(), real.random(), disk, real.threads());
        journal = SegmentedJournal.open(new JournalConfig(1 << 20, 1 << 20), platform);
        registry =
                RegistryService.open(
                        platform,
                        RegistryGroups.of(1, () -> groups),
                        RegistryConfig.DEFAULT,
                        Probe.NONE);
        groups =
                RaftGroups.open(
                        new RaftGroupsConfig(1, 1, Long.MAX_VALUE, Duration.ofHours(1), 16L << 20),
                        platform,
                        journal,
                        id ->
                                id == 0
                                        ? java.util.List.of()
                                        : java.util.List.of(registry.machineFor(id)));
        groups.start();
        assertThat(groups.awaitReady(Duration.ofSeconds(60))).isTrue();
        registry.start();
        registry.opened();
        assertThat(register(OLD)).isInstanceOf(Done.class);
    }

    @AfterEach
    void close() throws Exception {
        registry.close();
        groups.close();
        journal.close();
    }

    private static ChangeOutcome ask(Consumer<Consumer<ChangeOutcome>> call) throws Exception {
        CompletableFuture<ChangeOutcome> outcome = new CompletableFuture<>();
        call.accept(outcome::complete);
        return outcome.get(60, TimeUnit.SECONDS);
    }

    private ChangeOutcome register(InstanceKey key) throws Exception {
        return ask(
                done ->
                        registry.register(
                                Samples.registration(key, InstanceStatus.UP, LEASE), done));
    }

    private void assertReadsGoOn() {
        assertThat(registry.instance(OLD)).isPresent();
        assertThat(registry.view("default").services()).containsKey("ORDER");
        assertThat(registry.renew(OLD, 0)).isEqualTo(RenewOutcome.RENEWED);
    }

    @Test
    void aFullDiskRefusesRegistrationsAndTakesCancellations() throws Exception {
        disk.full = true;
        // It is noticed with a write.
        await().atMost(Duration.ofSeconds(60)).until(() -> register(NEW) instanceof Refused);
        assertThat(register(Samples.key("ORDER", "newer")))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.why()).contains("disk.watermark-bytes"));
        assertReadsGoOn();
        assertThat(ask(done -> registry.cancel(OLD, done))).isInstanceOf(Done.class);
        assertThat(registry.instance(OLD)).isEmpty();
        disk.full = false;
        assertThat(register(OLD)).isInstanceOf(Done.class);
        assertReadsGoOn();
    }

    @Test
    void aFailedSyncEndsWritesWithASentenceAndReadsGoOn() throws Exception {
        disk.failsToSync = true;
        assertThat(register(NEW)).isInstanceOf(ChangeOutcome.Unknown.class);
        disk.failsToSync = false;
        // Trying again proves nothing: the kernel may have dropped what it could not write.
        for (InstanceKey key : java.util.List.of(NEW, OLD)) {
            assertThat(register(key))
                    .isInstanceOfSatisfying(
                            Refused.class,
                            refused -> assertThat(refused.why()).contains("restarted"));
        }
        assertThat(ask(done -> registry.cancel(OLD, done))).isInstanceOf(Refused.class);
        assertReadsGoOn();
        close();
        open();
        assertThat(registry.instance(OLD)).isPresent();
    }
}
