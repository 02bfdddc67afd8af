package io.mainstay.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mainstay.client.ClientOptions;
import io.mainstay.client.Instance;
import io.mainstay.client.InstanceStatus;
import io.mainstay.client.MainstayClient;
import io.mainstay.client.Registration;
import io.mainstay.client.Selector;
import io.mainstay.client.ServiceView.Freshness;
import io.mainstay.testkit.FaultProxy;
import io.mainstay.testkit.JavaProcess;
import io.mainstay.testkit.NodeProcess;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/// The Java client against a node in another process, and what happens to processes and networks.
class StreamingClientTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir static Path home;
    private static NodeProcess node;

    @TempDir Path folder;

    @BeforeAll
    static void start() {
        node = NodeProcess.start(home);
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    private static ClientOptions.Builder options(int port) {
        return ClientOptions.builder()
                .addresses("127.0.0.1:" + port)
                .maxBackOff(Duration.ofSeconds(1));
    }

    private static MainstayClient connect(int port) {
        return MainstayClient.connect(options(port).build());
    }

    private static Instance instance(String service, String id) {
        return Instance.of(service, id, "127.0.0.1", 8080).metadata("version", "1").build();
    }

    private static void done(Registration registration) throws Exception {
        registration.acknowledged().get(60, TimeUnit.SECONDS);
    }

    private JavaProcess program(String service, String id, int leaseMs) {
        JavaProcess started =
                JavaProcess.start(
                        new JavaProcess.Command(
                                "client " + id,
                                JavaProcess.sameJava(),
                                List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                                System.getProperty("java.class.path"),
                                ClientProgram.class.getName(),
                                List.of(
                                        String.valueOf(node.grpcPort()),
                                        service,
                                        id,
                                        String.valueOf(leaseMs)),
                                folder.resolve(id + ".log")));
        await().atMost(LONG).until(() -> started.log().contains("registered"));
        return started;
    }

    @Test
    void whatOneRegistersTheOtherSees() throws Exception {
        try (MainstayClient owner = connect(node.grpcPort());
                MainstayClient reader = connect(node.grpcPort())) {
            WatchedViews views = new WatchedViews(reader, "seen");
            Registration one = owner.register(instance("seen", "a"));
            done(one);
            done(owner.register(instance("seen", "b")));
            views.await(Set.of("a", "b"));
            assertThat(views.view().instances().get(0).metadata()).containsEntry("version", "1");
            one.status(InstanceStatus.OUT_OF_SERVICE).get(60, TimeUnit.SECONDS);
            await().atMost(LONG).until(() -> views.view().up().size() == 1);
            assertThat(reader.services().get(60, TimeUnit.SECONDS)).contains("seen");
            one.cancel().get(60, TimeUnit.SECONDS);
            views.await(Set.of("b"));
            owner.close();
            views.await(Set.of());
            assertThat(views.wrong()).isEmpty();
        }
    }

    @Test
    void subscribersOfOneServiceMayWantDifferentParts() throws Exception {
        try (MainstayClient client = connect(node.grpcPort())) {
            done(
                    client.register(
                            Instance.of("parts", "east", "127.0.0.1", 1).zone("east").build()));
            done(
                    client.register(
                            Instance.of("parts", "west", "127.0.0.1", 2)
                                    .zone("west")
                                    .label("tier", "gold")
                                    .build()));
            var east = client.subscribe("parts", Selector.zone("east"));
            var gold = client.subscribe("parts", Selector.label("tier", "gold"));
            await().atMost(LONG).until(() -> WatchedViews.ids(east.view()).equals(Set.of("east")));
            await().atMost(LONG).until(() -> WatchedViews.ids(gold.view()).equals(Set.of("west")));
        }
    }

    @Test
    void aKilledClientIsGoneAndATerminatedOneSaysGoodbye() {
        try (MainstayClient reader = connect(node.grpcPort());
                JavaProcess killed = program("ends", "killed", 5_000);
                JavaProcess ended = program("ends", "ended", 5_000)) {
            WatchedViews views = new WatchedViews(reader, "ends");
            views.await(Set.of("ended", "killed"));
            killed.kill();
            views.await(Set.of("ended"));
            assertThat(ended.terminate()).isTrue();
            views.await(Set.of());
        }
    }

    @Test
    void aShortSleepCostsNothingAndALongOneIsMendedByTheSleeperItself() throws Exception {
        try (MainstayClient reader = connect(node.grpcPort());
                JavaProcess sleeper = program("sleeps", "sleeper", 8_000)) {
            WatchedViews views = new WatchedViews(reader, "sleeps");
            views.await(Set.of("sleeper"));
            views.forget();
            sleeper.pause();
            await("nobody sees it go for 3 s")
                    .during(Duration.ofSeconds(3))
                    .atMost(LONG)
                    .until(() -> !views.seen().contains(Set.of()));
            sleeper.resume();
            await().atMost(LONG).until(() -> sleeper.log().contains("pause "));
            assertThat(views.seen()).doesNotContain(Set.of());

            sleeper.pause();
            views.await(Set.of());
            await("it stays away while it sleeps")
                    .during(Duration.ofSeconds(4))
                    .atMost(LONG)
                    .until(() -> WatchedViews.ids(views.view()).isEmpty());
            sleeper.resume();
            views.await(Set.of("sleeper"));
        }
    }

    @Test
    void aCutConnectionIsNoFlapAndAHalfOpenOneIsFound() throws Exception {
        try (FaultProxy proxy = FaultProxy.open(node.grpcPort());
                MainstayClient owner =
                        MainstayClient.connect(
                                options(proxy.port()).grace(Duration.ofSeconds(30)).build());
                MainstayClient reader = connect(node.grpcPort())) {
            WatchedViews views = new WatchedViews(reader, "cut");
            done(owner.register(instance("cut", "a")));
            views.await(Set.of("a"));
            views.forget();
            for (int round = 1; round <= 5; round++) {
                if (round % 2 == 0) {
                    proxy.finish();
                } else {
                    proxy.cut();
                }
                long wanted = round + 1;
                await().atMost(LONG)
                        .until(
                                () ->
                                        owner.state().connected()
                                                && owner.state().connections() >= wanted);
            }
            assertThat(views.seen()).as("nobody was told").isEmpty();

            proxy.halfOpen();
            await().atMost(LONG).until(() -> !owner.state().connected());
            views.await(Set.of());
            proxy.heal();
            views.await(Set.of("a"));
            assertThat(views.wrong()).isEmpty();
        }
    }

    @Test
    void noViewIsEmptyBecauseTheNodeStartsAgain() throws Exception {
        try (MainstayClient owner = connect(node.grpcPort());
                MainstayClient reader = connect(node.grpcPort())) {
            WatchedViews views = new WatchedViews(reader, "again");
            Set<String> all = new TreeSet<>();
            for (int i = 0; i < 20; i++) {
                done(owner.register(instance("again", "i" + i)));
                all.add("i" + i);
            }
            views.await(all);
            views.forget();
            node.kill();
            await().atMost(LONG).until(() -> views.view().freshness() == Freshness.STALE);
            assertThat(WatchedViews.ids(views.view())).isEqualTo(all);
            node.startAgain();
            views.await(all);
            assertThat(views.seen()).containsOnly(all);
            Registration late = owner.register(instance("again", "late"));
            done(late);
            all.add("late");
            views.await(all);
            assertThat(views.wrong()).isEmpty();
        }
    }

    @Test
    void aClientThatStartsWithoutANodeKnowsWhatItsPredecessorKnew() throws Exception {
        try (FaultProxy proxy = FaultProxy.open(node.grpcPort());
                MainstayClient owner = connect(node.grpcPort())) {
            done(owner.register(instance("cached", "a")));
            Path cache = folder.resolve("cache");
            try (MainstayClient first =
                    MainstayClient.connect(options(proxy.port()).cacheDirectory(cache).build())) {
                new WatchedViews(first, "cached").await(Set.of("a"));
            }
            proxy.refuse();
            try (MainstayClient second =
                    MainstayClient.connect(options(proxy.port()).cacheDirectory(cache).build())) {
                var views = second.subscribe("cached");
                assertThat(views.awaitKnown(LONG).freshness()).isEqualTo(Freshness.STALE);
                assertThat(WatchedViews.ids(views.view())).containsExactly("a");
                done(owner.register(instance("cached", "b")));
                proxy.accept();
                await().atMost(LONG)
                        .until(
                                () ->
                                        views.view().live()
                                                && WatchedViews.ids(views.view())
                                                        .equals(Set.of("a", "b")));
            }
        }
    }

    @Test
    void aSlowReaderHurtsNobodyAndEndsWithTheSameView() throws Exception {
        try (FaultProxy proxy = FaultProxy.open(node.grpcPort());
                MainstayClient owner = connect(node.grpcPort());
                MainstayClient slow = connect(proxy.port());
                MainstayClient fast = connect(node.grpcPort())) {
            WatchedViews slowViews = new WatchedViews(slow, "slow");
            WatchedViews fastViews = new WatchedViews(fast, "slow");
            Registration first = owner.register(instance("slow", "first"));
            done(first);
            slowViews.await(Set.of("first"));
            proxy.stall();
            Set<String> all = new TreeSet<>(Set.of("first"));
            String text = "x".repeat(2_000);
            for (int i = 0; i < 300; i++) {
                Instance large =
                        Instance.of("slow", "i" + i, "127.0.0.1", 1).metadata("text", text).build();
                done(owner.register(large));
                all.add("i" + i);
            }
            fastViews.await(all);
            assertThat(WatchedViews.ids(slowViews.view())).hasSizeLessThan(all.size());
            proxy.resume();
            slowViews.await(all);
            assertThat(slowViews.seen().size()).isLessThanOrEqualTo(fastViews.seen().size());
            assertThat(slowViews.wrong()).isEmpty();
        }
    }

    @Test
    void afterAnyHistoryAndAnyDisconnectsAllViewsAreEqual() throws Exception {
        for (long seed = 1; seed <= 6; seed++) {
            history(seed);
        }
    }

    private static void history(long seed) throws Exception {
        Random random = new Random(seed);
        String service = "history" + seed;
        try (FaultProxy ownersProxy = FaultProxy.open(node.grpcPort());
                FaultProxy readersProxy = FaultProxy.open(node.grpcPort());
                MainstayClient owner = connect(ownersProxy.port());
                MainstayClient reader = connect(readersProxy.port());
                MainstayClient witness = connect(node.grpcPort())) {
            WatchedViews views = new WatchedViews(reader, service);
            WatchedViews truth = new WatchedViews(witness, service);
            Map<String, Registration> registered = new HashMap<>();
            for (int step = 0; step < 80; step++) {
                String id = "i" + random.nextInt(12);
                switch (random.nextInt(8)) {
                    case 0 -> ownersProxy.cut();
                    case 1 -> readersProxy.cut();
                    case 2 -> readersProxy.finish();
                    case 3, 4 -> {
                        Registration old = registered.remove(id);
                        if (old != null) {
                            old.close();
                        }
                    }
                    default ->
                            registered.put(
                                    id,
                                    owner.register(
                                            Instance.of(service, id, "127.0.0.1", 1 + step)
                                                    .build()));
                }
                if (random.nextInt(6) == 0) {
                    await().atMost(LONG).until(() -> reader.state().connected());
                }
            }
            Set<String> wanted = new TreeSet<>(registered.keySet());
            truth.await(wanted);
            views.await(wanted);
            await("seed " + seed)
                    .atMost(LONG)
                    .until(() -> views.view().instances().equals(truth.view().instances()));
            for (Instance one : views.view().instances()) {
                assertThat(one.port())
                        .isEqualTo(registered.get(one.instanceId()).instance().port());
            }
            assertThat(views.wrong()).as("seed " + seed).isEmpty();
        }
    }
}
