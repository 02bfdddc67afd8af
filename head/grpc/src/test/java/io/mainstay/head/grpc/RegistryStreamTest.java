package io.mainstay.head.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Status;
import io.mainstay.access.api.AccessOutcome;
import io.mainstay.access.api.Role;
import io.mainstay.registry.api.InstanceStatus;
import io.mainstay.registry.v1.ClientFrame;
import io.mainstay.registry.v1.Drain;
import io.mainstay.registry.v1.Hello;
import io.mainstay.registry.v1.Result;
import io.mainstay.registry.v1.Selector;
import io.mainstay.registry.v1.ServerFrame;
import io.mainstay.registry.v1.SessionKey;
import io.mainstay.registry.v1.Update;
import io.mainstay.registry.v1.Welcome;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

class RegistryStreamTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir private Path directory;
    private GrpcFixture node;

    @BeforeEach
    void open() throws Exception {
        node = new GrpcFixture(directory);
    }

    @AfterEach
    void close() throws Exception {
        node.close();
    }

    private GrpcClient client() {
        return new GrpcClient(node.port());
    }

    private boolean isThere(String service, String id) {
        var view = node.registry.view("default").service(service);
        return view != null
                && view.instances().stream().anyMatch(one -> one.key().instanceId().equals(id));
    }

    @Test
    void whatOneRegistersTheOtherIsToldInDeltas() throws Exception {
        try (GrpcClient owner = client();
                GrpcClient watcher = client()) {
            assertThat(owner.hello("owner").getLeaseMs()).isEqualTo(5_000);
            watcher.hello("watcher");
            watcher.subscribe("orders", 0);
            assertThat(watcher.update().getFull()).isTrue();
            assertThat(watcher.instances).isEmpty();
            assertThat(owner.register("orders", "a").getCode()).isEqualTo(Result.Code.DONE);
            watcher.until(all -> all.containsKey("a"));
            for (int i = 0; i < 20; i++) {
                owner.register("orders", "i" + i);
            }
            watcher.until(all -> all.size() == 21);
            owner.send(
                    ClientFrame.newBuilder()
                            .setCancel(
                                    io.mainstay.registry.v1.Cancel.newBuilder()
                                            .setRequestId(99)
                                            .setService("ORDERS")
                                            .setInstanceId("i3")));
            while (watcher.instances.containsKey("i3")) {
                Update last = watcher.update();
                assertThat(last.getFull()).isFalse();
            }
            assertThat(watcher.instances).hasSize(20);
            assertThat(watcher.instances.get("a"))
                    .satisfies(
                            one -> {
                                assertThat(one.getService()).isEqualTo("ORDERS");
                                assertThat(one.getIp()).isEqualTo("127.0.0.1");
                                assertThat(one.getWeight()).isEqualTo(100);
                                assertThat(one.getMetadataMap()).containsEntry("version", "1");
                            });
        }
    }

    @Test
    void aConnectionThatIsGoneIsDeathAfterTheGraceAndComingBackInTimeIsNot() throws Exception {
        Welcome first;
        long revision;
        try (GrpcClient owner = client()) {
            first = owner.hello(Hello.newBuilder().setClientId("owner").setGraceMs(60_000));
            owner.register("orders", "a");
            owner.subscribe("orders", 0);
            owner.update();
            revision = owner.revision;
        }
        Hello.Builder again =
                Hello.newBuilder()
                        .setClientId("owner")
                        .setClusterId(first.getClusterId())
                        .setResume(first.getSession());
        try (GrpcClient thief = client()) {
            SessionKey guessed = first.getSession().toBuilder().setSecret("guessed").build();
            assertThat(
                            thief.hello(Hello.newBuilder().setClientId("owner").setResume(guessed))
                                    .getResumed())
                    .isFalse();
        }
        try (GrpcClient back = client()) {
            Welcome second = back.hello(again);
            assertThat(second.getResumed()).isTrue();
            assertThat(second.getGraceMs()).isEqualTo(60_000);
            back.revision = revision;
            back.subscribe("orders", revision);
            Update standing = back.update();
            assertThat(standing.getFull()).isFalse();
            assertThat(standing.getPutList()).isEmpty();
            assertThat(isThere("ORDERS", "a")).isTrue();
        }
        try (GrpcClient short2 = client();
                GrpcClient watcher = client()) {
            short2.hello(Hello.newBuilder().setClientId("other").setGraceMs(0));
            short2.register("orders", "b");
            watcher.hello("watcher");
            watcher.subscribe("orders", 0);
            watcher.until(all -> all.containsKey("b"));
            short2.close();
            watcher.until(all -> !all.containsKey("b"));
            assertThat(watcher.instances).containsKey("a");
        }
    }

    @Test
    void aDrainingProcessIsOutOfServiceAndThenGoneWithoutAGrace() throws Exception {
        try (GrpcClient owner = client();
                GrpcClient watcher = client()) {
            owner.hello(Hello.newBuilder().setClientId("owner").setGraceMs(60_000));
            owner.register("orders", "a");
            watcher.hello("watcher");
            watcher.subscribe("orders", 0);
            watcher.until(all -> all.containsKey("a"));
            owner.send(ClientFrame.newBuilder().setDrain(Drain.newBuilder().setRequestId(5)));
            watcher.until(
                    all ->
                            all.get("a").getStatus()
                                    == io.mainstay.registry.v1.Status.OUT_OF_SERVICE);
            owner.halfClose();
            watcher.until(all -> all.isEmpty());
        }
    }

    @Test
    void aDrainThatIsAnsweredIsDone() throws Exception {
        try (GrpcClient owner = client()) {
            owner.hello("owner");
            for (int i = 0; i < 20; i++) {
                owner.register("orders", "i" + i);
            }
            owner.send(ClientFrame.newBuilder().setDrain(Drain.newBuilder().setRequestId(5_000)));
            Result drained =
                    owner.next(
                            frame -> frame.hasResult() && frame.getResult().getRequestId() == 5_000,
                            ServerFrame::getResult);
            var service = node.registry.view("default").service("ORDERS");
            assertThat(drained.getCode()).isEqualTo(Result.Code.DONE);
            assertThat(drained.getRevision()).isEqualTo(service.revision());
            assertThat(service.instances())
                    .hasSize(20)
                    .allMatch(one -> one.status() == InstanceStatus.OUT_OF_SERVICE);
        }
    }

    @Test
    void silenceEndsTheLeaseAndTheClientIsToldWhenItSpeaksAgain() throws Exception {
        try (GrpcClient owner = client()) {
            owner.hello(
                    Hello.newBuilder().setClientId("owner").setBeatIntervalMs(100).setLeaseMs(300));
            owner.register("orders", "a");
            await().atMost(PATIENCE).until(() -> !isThere("ORDERS", "a"));
            owner.beat();
            assertThat(owner.next(ServerFrame::hasLost, ServerFrame::getLost).getInstancesList())
                    .singleElement()
                    .satisfies(lost -> assertThat(lost.getInstanceId()).isEqualTo("a"));
        }
    }

    @Test
    void whatIsRegisteredInOneGoIsNotTakenForLost() throws Exception {
        try (GrpcClient owner = client()) {
            owner.hello("owner");
            for (int i = 0; i < 50; i++) {
                owner.send(GrpcClient.registration("orders", "i" + i, 1_000 + i));
            }
            for (int i = 0; i < 50; i++) {
                ServerFrame frame = owner.next(any -> true, any -> any);
                assertThat(frame.getResult().getCode()).isEqualTo(Result.Code.DONE);
            }
        }
    }

    @Test
    void whatIsRefusedIsNotSaidToBeLost() throws Exception {
        try (GrpcClient owner = client()) {
            owner.hello("owner");
            assertThat(owner.register("orders", "x".repeat(10_000)).getCode())
                    .isEqualTo(Result.Code.INVALID);
            owner.beat();
            assertThat(owner.register("orders", "a").getCode()).isEqualTo(Result.Code.DONE);
            assertThat(owner.pending(ServerFrame::hasLost)).isFalse();
        }
    }

    @Test
    void anInstanceMayBeRegisteredMoreOftenThanAProcessMayHaveInstances() throws Exception {
        try (GrpcClient owner = client()) {
            owner.hello("owner");
            for (int i = 0; i <= GrpcLimits.INSTANCES; i++) {
                assertThat(owner.register("orders", "a").getCode()).isEqualTo(Result.Code.DONE);
            }
        }
    }

    @Test
    void whoRegistersTheSameAgainFromANewSessionChangesNothing() throws Exception {
        long revision;
        try (GrpcClient owner = client()) {
            owner.hello(Hello.newBuilder().setClientId("owner").setGraceMs(60_000));
            revision = owner.register("orders", "a").getRevision();
        }
        try (GrpcClient owner = client()) {
            assertThat(owner.hello("owner").getResumed()).isFalse();
            assertThat(owner.register("orders", "a").getRevision()).isEqualTo(revision);
        }
    }

    @Test
    void aClientThatDoesNotReadHarmsNobodyAndGetsOneMergedUpdate() throws Exception {
        try (GrpcClient lazy = new GrpcClient(node.port(), "", false);
                GrpcClient owner = client();
                GrpcClient watcher = client()) {
            lazy.hello("lazy");
            lazy.subscribe("orders", 0);
            owner.hello("owner");
            watcher.hello("watcher");
            watcher.subscribe("orders", 0);
            for (int i = 0; i < 300; i++) {
                owner.register("orders", "i" + i + "-" + "x".repeat(900));
            }
            watcher.until(all -> all.size() == 300);
            lazy.read(10_000);
            lazy.until(all -> all.size() == 300);
        }
    }

    @Test
    void aSelectorByZoneAndLabelSeesItsOwnAndAnotherOneTakesItsPlace() throws Exception {
        Selector.Builder zoneA = Selector.newBuilder().addZones("a").putLabels("colour", "red");
        try (GrpcClient owner = client();
                GrpcClient watcher = client();
                GrpcClient other = client()) {
            owner.hello("owner");
            watcher.hello("watcher");
            watcher.select("orders", 0, zoneA);
            watcher.update();
            owner.register("orders", "b", "b", Map.of("colour", "red"));
            owner.register("orders", "grey", "a", Map.of());
            owner.register("orders", "a", "a", Map.of("colour", "red"));
            watcher.until(all -> all.containsKey("a"));
            assertThat(watcher.instances).containsOnlyKeys("a");
            assertThat(watcher.instances.get("a").getLabelsMap()).containsEntry("colour", "red");
            // It is of another colour now, so it is gone for who wants red.
            owner.register("orders", "a", "a", Map.of("colour", "blue"));
            watcher.until(all -> all.isEmpty());
            // Metadata counts where there is no label.
            other.hello("other");
            other.select("orders", 0, Selector.newBuilder().putLabels("version", "1"));
            other.until(all -> all.size() == 3);
            watcher.select("orders", 0, Selector.newBuilder().addZones("b"));
            watcher.until(all -> all.containsKey("b"));
            assertThat(watcher.instances).containsOnlyKeys("b");
            long revision = other.revision;
            other.close();
            owner.register("orders", "late", "c", Map.of());
            try (GrpcClient back = client()) {
                Welcome welcome = back.hello("back");
                assertThat(welcome.getClusterId()).isNotEmpty();
                back.select("orders", revision, Selector.newBuilder().putLabels("version", "1"));
                back.until(all -> all.size() == 4);
            }
        }
    }

    @Test
    void aSelectorHasLimits() throws Exception {
        Selector.Builder zones = Selector.newBuilder();
        for (int i = 0; i < 101; i++) {
            zones.addZones("z" + i);
        }
        refusedSelector("number of zones is 101; allowed are 0 to 100", zones);
        refusedSelector(
                "zone has 300 characters; at most 256",
                Selector.newBuilder().addZones("z".repeat(300)));
        refusedSelector(
                "size of the labels in bytes is 5001; allowed are 0 to 4096",
                Selector.newBuilder().putLabels("x", "y".repeat(5_000)));
        refusedSelector("control character", Selector.newBuilder().addZones("a\u0001"));
    }

    private void refusedSelector(String sentence, Selector.Builder selector) throws Exception {
        refused(
                Status.Code.INVALID_ARGUMENT,
                sentence,
                client -> {
                    client.hello("x");
                    client.select("orders", 0, selector);
                });
    }

    @Test
    void credentialsAndRolesAreThoseOfTheOtherPorts() throws Exception {
        user("root", Role.ADMIN);
        user("shop", Role.SERVICE);
        user("eyes", Role.VIEWER);
        try (GrpcClient nobody = client();
                GrpcClient wrong =
                        new GrpcClient(node.port(), basic("shop", "wrong password"), true);
                GrpcClient shop = new GrpcClient(node.port(), basic("shop", "a password"), true);
                GrpcClient eyes = new GrpcClient(node.port(), basic("eyes", "a password"), true)) {
            nobody.send(ClientFrame.newBuilder().setHello(Hello.newBuilder().setClientId("x")));
            assertThat(nobody.status().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
            wrong.send(ClientFrame.newBuilder().setHello(Hello.newBuilder().setClientId("x")));
            assertThat(wrong.status().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
            shop.hello("shop");
            assertThat(shop.register("orders", "a").getCode()).isEqualTo(Result.Code.DONE);
            eyes.hello("eyes");
            eyes.subscribe("orders", 0);
            eyes.until(all -> all.containsKey("a"));
            eyes.send(
                    ClientFrame.newBuilder()
                            .setRegister(io.mainstay.registry.v1.Register.getDefaultInstance()));
            assertThat(eyes.status().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
        }
    }

    @Test
    void namespacesAreApartAndWhoIsBoundStaysInItsOwn() throws Exception {
        try (GrpcClient a = client();
                GrpcClient b = client()) {
            a.hello(Hello.newBuilder().setClientId("a").setNamespace("team-a"));
            b.hello(Hello.newBuilder().setClientId("b").setNamespace("team-b"));
            a.register("orders", "one");
            b.subscribe("orders", 0);
            b.update();
            assertThat(b.instances).isEmpty();
            assertThat(node.registry.view("team-a").services()).containsOnlyKeys("ORDERS");
        }
        user("root", Role.ADMIN);
        CompletableFuture<AccessOutcome> done = new CompletableFuture<>();
        node.access.putUser("ann", Role.SERVICE, List.of("team-a"), "a password", done::complete);
        assertThat(done.get(60, TimeUnit.SECONDS)).isInstanceOf(AccessOutcome.Done.class);
        try (GrpcClient own = new GrpcClient(node.port(), basic("ann", "a password"), true);
                GrpcClient other = new GrpcClient(node.port(), basic("ann", "a password"), true)) {
            own.hello(Hello.newBuilder().setClientId("a").setNamespace("team-a"));
            other.send(frame(Hello.newBuilder().setClientId("a").setNamespace("team-b")));
            assertThat(other.status().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
            assertThat(other.status().getDescription()).contains("bound to team-a");
        }
    }

    @Test
    void aStreamEndsWhenItsUserWouldNotBeLetInAnyMore() throws Exception {
        try (GrpcClient before = client()) {
            before.hello("before");
            user("root", Role.ADMIN);
            endsWith(before, Status.Code.UNAUTHENTICATED, "not good any more");
        }
        for (String name : List.of("removed", "password", "bound", "reader", "steady")) {
            user(name, Role.SERVICE);
        }
        String token = node.access.newToken();
        changed(done -> node.access.putToken("steady", "ci", token, done));
        try (GrpcClient removed = as("removed");
                GrpcClient password = as("password");
                GrpcClient bound = as("bound");
                GrpcClient reader = as("reader");
                GrpcClient steady = as("steady");
                GrpcClient byToken = new GrpcClient(node.port(), "Bearer " + token, true)) {
            for (GrpcClient each : List.of(removed, password, bound, steady, byToken)) {
                each.hello("client");
            }
            Welcome reading =
                    reader.hello(Hello.newBuilder().setClientId("reader").setGraceMs(60_000));
            assertThat(reader.register("orders", "r").getCode()).isEqualTo(Result.Code.DONE);
            changed(done -> node.access.removeUser("removed", done));
            endsWith(removed, Status.Code.UNAUTHENTICATED, "not good any more");
            changed(done -> node.access.changePassword("password", "another password", done));
            endsWith(password, Status.Code.UNAUTHENTICATED, "not good any more");
            changed(done -> node.access.changeNamespaces("bound", List.of("team-a"), done));
            endsWith(bound, Status.Code.PERMISSION_DENIED, "bound to team-a");
            changed(done -> node.access.changeRole("reader", Role.VIEWER, done));
            endsWith(reader, Status.Code.PERMISSION_DENIED, "may only read from now on");
            changed(done -> node.access.removeToken("steady", "ci", done));
            endsWith(byToken, Status.Code.UNAUTHENTICATED, "not good any more");
            // What it may do no more does not come back with its session.
            try (GrpcClient again = as("reader")) {
                Hello.Builder hello =
                        Hello.newBuilder().setClientId("reader").setResume(reading.getSession());
                assertThat(again.hello(hello).getResumed()).isFalse();
            }
            // Whoever is not meant goes on.
            assertThat(steady.register("orders", "s").getCode()).isEqualTo(Result.Code.DONE);
        }
    }

    private GrpcClient as(String user) {
        return new GrpcClient(node.port(), basic(user, "a password"), true);
    }

    private static void endsWith(GrpcClient client, Status.Code code, String sentence)
            throws Exception {
        assertThat(client.status().getCode()).isEqualTo(code);
        assertThat("" + client.status().getDescription()).contains(sentence);
    }

    private static void changed(Consumer<Consumer<AccessOutcome>> change) throws Exception {
        CompletableFuture<AccessOutcome> done = new CompletableFuture<>();
        change.accept(done::complete);
        assertThat(done.get(60, TimeUnit.SECONDS)).isInstanceOf(AccessOutcome.Done.class);
    }

    private void user(String name, Role role) throws Exception {
        CompletableFuture<AccessOutcome> done = new CompletableFuture<>();
        node.access.putUser(name, role, "a password", done::complete);
        assertThat(done.get(60, TimeUnit.SECONDS)).isInstanceOf(AccessOutcome.Done.class);
    }

    private static String basic(String user, String password) {
        byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(pair);
    }

    @Test
    void badInputEndsItsStreamWithASentenceAndHarmsNobody() throws Exception {
        try (GrpcClient good = client()) {
            good.hello("good");
            good.register("orders", "a");
            refused(Status.Code.INVALID_ARGUMENT, "first frame", client -> client.beat());
            refused(
                    Status.Code.INVALID_ARGUMENT,
                    "client_id has 1 to 128",
                    client -> client.send(frame(Hello.newBuilder())));
            refused(
                    Status.Code.INVALID_ARGUMENT,
                    "lease_ms is 50; allowed are 1000 to",
                    client ->
                            client.send(frame(Hello.newBuilder().setClientId("x").setLeaseMs(50))));
            refused(
                    Status.Code.INVALID_ARGUMENT,
                    "beat_interval_ms is 4294967295",
                    client ->
                            client.send(
                                    frame(
                                            Hello.newBuilder()
                                                    .setClientId("x")
                                                    .setBeatIntervalMs(-1))));
            refused(
                    Status.Code.INVALID_ARGUMENT,
                    "kind that this node does not know",
                    client -> {
                        client.send(frame(Hello.newBuilder().setClientId("x")));
                        client.send(ClientFrame.newBuilder());
                    });
            refused(
                    Status.Code.RESOURCE_EXHAUSTED,
                    "at most 1000 services",
                    client -> {
                        client.send(frame(Hello.newBuilder().setClientId("x")));
                        for (int i = 0; i <= GrpcLimits.SUBSCRIPTIONS; i++) {
                            client.subscribe("s" + i, 0);
                        }
                    });
            try (GrpcClient large = client()) {
                large.send(frame(Hello.newBuilder().setClientId("x".repeat(600_000))));
                // The library refuses it before this head sees it.
                assertThat(large.status().getCode())
                        .isIn(Status.Code.RESOURCE_EXHAUSTED, Status.Code.CANCELLED);
            }
            Result bad = good.register("orders", "a\u0001b");
            assertThat(bad.getCode()).isEqualTo(Result.Code.INVALID);
            assertThat(bad.getMessage()).contains("control character");
            assertThat(good.register("orders", "b").getCode()).isEqualTo(Result.Code.DONE);
        }
    }

    private static ClientFrame.Builder frame(Hello.Builder hello) {
        return ClientFrame.newBuilder().setHello(hello);
    }

    private interface Bad {
        void send(GrpcClient client) throws Exception;
    }

    private void refused(Status.Code code, String sentence, Bad bad) throws Exception {
        try (GrpcClient client = client()) {
            bad.send(client);
            assertThat(client.status().getCode()).isEqualTo(code);
            assertThat("" + client.status().getDescription()).contains(sentence);
        }
    }

    @Test
    void aNodeTakesSoManyClientsAndNoMore() throws Exception {
        List<GrpcClient> all = new java.util.ArrayList<>();
        try {
            for (int i = 0; i < GrpcFixture.MAX_SESSIONS; i++) {
                GrpcClient one = client();
                all.add(one);
                one.hello("c" + i);
            }
            GrpcClient more = client();
            all.add(more);
            more.send(frame(Hello.newBuilder().setClientId("more")));
            assertThat(more.status().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        } finally {
            for (GrpcClient one : all) {
                one.close();
            }
        }
    }
}
