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
import io.mainstay.registry.api.ChangeOutcome.NotFound;
import io.mainstay.registry.api.ChangeOutcome.Refused;
import io.mainstay.registry.api.InstanceKey;
import io.mainstay.registry.api.InstanceStatus;
import io.mainstay.registry.api.Lease;
import io.mainstay.registry.api.Registration;
import io.mainstay.registry.api.Registry.Subscription;
import io.mainstay.registry.api.RegistryTotals;
import io.mainstay.registry.api.RegistryView;
import io.mainstay.registry.api.RenewOutcome;
import io.mainstay.registry.lease.Probe;
import io.mainstay.registry.session.Connection;
import io.mainstay.registry.session.Session;
import io.mainstay.registry.session.SessionTerms;
import io.mainstay.registry.session.Sessions;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// The registry on real raft groups and a real disk.
class RegistryServiceTest {
    private static final int DATA_GROUPS = 3;
    private static final Lease LONG = new Lease(30_000, 90_000);

    @TempDir Path directory;

    private SegmentedJournal journal;
    private RaftGroups groups;
    private RegistryService registry;

    @BeforeEach
    void open() throws Exception {
        start();
        registry.opened();
    }

    private void start() throws Exception {
        Platform platform = RealPlatform.at(directory);
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
                                1, DATA_GROUPS, 20_000, Duration.ofHours(1), 16L << 20),
                        platform,
                        journal,
                        id -> id == 0 ? List.of() : List.of(registry.machineFor(id)));
        groups.start();
        assertThat(groups.awaitReady(Duration.ofSeconds(60))).isTrue();
        registry.start();
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

    private ChangeOutcome register(InstanceKey key, Lease lease) throws Exception {
        Registration registration = Samples.registration(key, InstanceStatus.UP, lease);
        return ask(done -> registry.register(registration, done));
    }

    @Test
    void namespacesAreMadeByTheirFirstRegistrationWithinABound() throws Exception {
        assertThat(register(new InstanceKey("../x", "A", "a"), LONG))
                .isInstanceOfSatisfying(
                        ChangeOutcome.Refused.class,
                        refused -> assertThat(refused.why()).contains("A namespace has 1 to 64"));
        int most = RegistryConfig.DEFAULT.limits().maxNamespaces();
        List<CompletableFuture<ChangeOutcome>> together = new ArrayList<>();
        for (int i = 0; i < most + 20; i++) {
            CompletableFuture<ChangeOutcome> outcome = new CompletableFuture<>();
            registry.register(
                    Samples.registration(
                            new InstanceKey("n" + i, "A", "a"), InstanceStatus.UP, LONG),
                    outcome::complete);
            together.add(outcome);
        }
        int refused = 0;
        for (CompletableFuture<ChangeOutcome> one : together) {
            refused += one.get(60, TimeUnit.SECONDS) instanceof ChangeOutcome.Refused ? 1 : 0;
        }
        assertThat(refused).isEqualTo(20);
        assertThat(registry.namespaces()).hasSize(most);
        assertThat(register(new InstanceKey("n0", "B", "b"), LONG)).isInstanceOf(Done.class);
        assertThat(register(Samples.key("B", "b"), LONG)).isInstanceOf(Done.class);
        assertThat(register(new InstanceKey("late", "A", "a"), LONG))
                .isInstanceOfSatisfying(
                        ChangeOutcome.Refused.class,
                        late -> assertThat(late.why()).contains("256 namespaces"));
    }

    @Test
    void aChangeIsVisibleWhenItIsAnswered() throws Exception {
        InstanceKey key = Samples.key("ORDER", "one:8080");
        assertThat(registry.renew(key, 0)).isEqualTo(RenewOutcome.NOT_FOUND);
        assertThat(register(key, LONG)).isInstanceOf(Done.class);
        assertThat(registry.instance(key)).isPresent();
        assertThat(registry.renew(key, 0)).isEqualTo(RenewOutcome.RENEWED);
        assertThat(registry.renew(key, 5)).isEqualTo(RenewOutcome.STALE_REGISTRATION);
        assertThat(ask(done -> registry.override(key, InstanceStatus.OUT_OF_SERVICE, done)))
                .isInstanceOf(Done.class);
        assertThat(registry.view("default").statusCounts())
                .containsOnlyKeys(InstanceStatus.OUT_OF_SERVICE);
        assertThat(ask(done -> registry.cancel(key, done))).isInstanceOf(Done.class);
        assertThat(ask(done -> registry.cancel(key, done))).isInstanceOf(NotFound.class);
        assertThat(registry.renew(key, 0)).isEqualTo(RenewOutcome.NOT_FOUND);
        assertThat(registry.totals()).isEqualTo(new RegistryTotals(1, 3));
    }

    @Test
    void aRestartLosesNothingAndShowsNoEmptyList() throws Exception {
        List<CompletableFuture<ChangeOutcome>> all = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            InstanceKey key = Samples.key("S" + i % 20, "i" + i);
            CompletableFuture<ChangeOutcome> one = new CompletableFuture<>();
            registry.register(Samples.registration(key, InstanceStatus.UP, LONG), one::complete);
            all.add(one);
        }
        for (CompletableFuture<ChangeOutcome> one : all) {
            assertThat(one.get(60, TimeUnit.SECONDS)).isInstanceOf(Done.class);
        }
        var before = registry.view("default").services();
        for (int restart = 0; restart < 2; restart++) {
            close();
            open();
            List<RegistryView> seen = Collections.synchronizedList(new ArrayList<>());
            try (Subscription _ = registry.subscribe("default", seen::add)) {
                assertThat(registry.view("default").services()).isEqualTo(before);
                assertThat(seen).isNotEmpty().allMatch(view -> view.services().size() == 20);
            }
            // Leadership is told on the apply thread.
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> registry.leases("default", "S0").size() == 25);
            assertThat(registry.leases("default", "S0"))
                    .allSatisfy(
                            (_, lease) ->
                                    assertThat(lease.leaseLeftMs()).isBetween(60_000L, 90_000L));
        }
    }

    @Test
    void aLeaseThatRanOutIsEvictedAndToldToSubscribers() throws Exception {
        InstanceKey key = Samples.key("ORDER", "one");
        assertThat(register(key, new Lease(100, 300))).isInstanceOf(Done.class);
        List<RegistryView> seen = Collections.synchronizedList(new ArrayList<>());
        try (Subscription _ = registry.subscribe("default", seen::add)) {
            await().atMost(Duration.ofSeconds(60)).until(() -> seen.getLast().services().isEmpty());
        }
        assertThat(seen.getLast().recent())
                .singleElement()
                .satisfies(c -> assertThat(c.kind()).isEqualTo(RegistryView.Kind.DELETED));
        assertThat(registry.renew(key, 0)).isEqualTo(RenewOutcome.NOT_FOUND);
    }

    @Test
    void noLeaseEndsBeforeTheNodeListens() throws Exception {
        close();
        start();
        InstanceKey key = Samples.key("ORDER", "one");
        assertThat(register(key, new Lease(100, 300))).isInstanceOf(Done.class);
        await().during(Duration.ofSeconds(1))
                .atMost(Duration.ofSeconds(60))
                .until(() -> registry.instance(key).isPresent());
        registry.opened();
        await().atMost(Duration.ofSeconds(60)).until(() -> registry.instance(key).isEmpty());
    }

    @Test
    void whatIsTooLargeOrBadIsRefusedWithASentence() throws Exception {
        assertThat(register(Samples.key("ORDER\n", "one"), LONG))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.why()).contains("control"));
        TreeMap<String, String> many = new TreeMap<>();
        for (int i = 0; i <= 1_000; i++) {
            many.put("k" + i, "v");
        }
        InstanceKey key = Samples.key("ORDER", "one");
        assertThat(ask(done -> registry.putMetadata(key, many, done)))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.why()).contains("1001"));
    }

    @Test
    void theSwitchOfProtectionSurvivesARestart() throws Exception {
        assertThat(ask(done -> registry.enableProtection(false, done))).isInstanceOf(Done.class);
        close();
        open();
        await().atMost(Duration.ofSeconds(60)).until(() -> !registry.protection().enabled());
    }

    @Test
    void aSessionWithoutGraceEndsWithItsConnectionAndNotLater() throws Exception {
        // Nobody ticks these sessions.
        Sessions sessions =
                new Sessions(registry, registry::evict, RealPlatform.at(directory).clock(), 10);
        Connection connection = () -> {};
        Session session = sessions.open("a", "default", "", new SessionTerms(LONG, 0), connection);
        InstanceKey key = Samples.key("ORDERS", "a");
        CompletableFuture<ChangeOutcome> registered = new CompletableFuture<>();
        session.register(Samples.registration(key, InstanceStatus.UP, LONG), registered::complete);
        assertThat(registered.orTimeout(60, TimeUnit.SECONDS).join()).isInstanceOf(Done.class);
        session.disconnected(connection);
        await().atMost(Duration.ofSeconds(60)).until(() -> registry.instance(key).isEmpty());
        assertThat(sessions.count()).isZero();
    }
}
