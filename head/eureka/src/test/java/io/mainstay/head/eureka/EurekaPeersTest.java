package io.mainstay.head.eureka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.mainstay.head.web.EventLoops;
import io.mainstay.platform.real.RealPlatform;
import io.mainstay.registry.api.Instance;
import io.mainstay.registry.api.InstanceKey;
import io.mainstay.registry.api.InstanceStatus;
import io.mainstay.registry.api.Registration;
import io.vertx.core.Vertx;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;

/// The bridge against a peer that answers as a test wants; `MigrationBridgeTest` has the real one.
class EurekaPeersTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir Path folder;
    private final MapRegistry registry = new MapRegistry();
    private final Vertx vertx = EventLoops.start(1);
    private FakeEurekaServer peer;
    private EurekaPeers peers;

    @BeforeEach
    void startPeer() throws Exception {
        peer = new FakeEurekaServer();
        peers = EurekaPeers.none(registry);
    }

    @AfterEach
    void stop() {
        peers.close();
        peer.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private void link() throws Exception {
        peers =
                EurekaPeers.start(
                        List.of(peer.url()),
                        registry,
                        InstanceKey.DEFAULT_NAMESPACE,
                        RealPlatform.at(folder),
                        vertx);
        await().atMost(SOON).until(peers::linked);
    }

    private static InstanceKey key(String id) {
        return new InstanceKey(InstanceKey.DEFAULT_NAMESPACE, "ORDERS", id);
    }

    private static String instance(String id, long stamp, String overridden) {
        return """
        {"instanceId":"%s","hostName":"h","app":"ORDERS","ipAddr":"127.0.0.1","status":"UP",
         "overriddenStatus":"%s","port":{"$":8080,"@enabled":"true"},
         "dataCenterInfo":{"@class":"c","name":"MyOwn"},"lastDirtyTimestamp":"%d"}
        """
                .formatted(id, overridden, stamp);
    }

    private static Registration registration(String id, long stamp) throws Exception {
        byte[] json = instance(id, stamp, "UNKNOWN").getBytes(StandardCharsets.UTF_8);
        return RegistrationMapping.registration(
                JsonReader.instance(json), InstanceKey.DEFAULT_NAMESPACE, "ORDERS", false);
    }

    private void registerHere(String id, long stamp) throws Exception {
        peers.outward().register(registration(id, stamp), outcome -> {});
    }

    private void awaitTold(String... items) {
        await().atMost(SOON).untilAsserted(() -> assertThat(peer.told).contains(items));
    }

    @Test
    void whatThePeerHasBecomesACopyAndIsNotToldBack() throws Exception {
        peer.applications = FakeEurekaServer.applications(instance("i1", 5, "OUT_OF_SERVICE"));
        registerHere("own", 5);
        link();
        Instance copy = registry.instance(key("i1")).orElseThrow();
        assertThat(RegistrationMapping.isOwn(copy)).isFalse();
        assertThat(copy.status()).isEqualTo(InstanceStatus.OUT_OF_SERVICE);
        awaitTold("Register own");
        assertThat(peer.told).doesNotContain("Register i1");
        String basic =
                Base64.getEncoder()
                        .encodeToString("reader:pass word".getBytes(StandardCharsets.UTF_8));
        assertThat(peer.credentials).containsOnly("Basic " + basic);
    }

    @Test
    void whatAPeerSendsGoesNowhere() throws Exception {
        link();
        peers.inward().register(registration("i1", 5), outcome -> {});
        peers.inward().renew(key("i1"), 5);
        peers.inward().override(key("i1"), InstanceStatus.DOWN, outcome -> {});
        peers.inward().cancel(key("i1"), outcome -> {});
        registerHere("last", 5);
        awaitTold("Register last");
        assertThat(peer.told).containsExactly("Register last");
    }

    @Test
    void aBeatThatThePeerDoesNotKnowIsFollowedByTheRegistration() throws Exception {
        registry.register(registration("i1", 5), outcome -> {});
        peer.applications = FakeEurekaServer.applications(instance("i1", 5, "UNKNOWN"));
        link();
        peer.answers = item -> item.startsWith("Heartbeat") ? "404" : "200";
        peers.outward().renew(key("i1"), 5);
        awaitTold("Heartbeat i1", "Register i1");
    }

    @Test
    void aNewerRegistrationOfThePeerIsTakenOver() throws Exception {
        registry.register(registration("i1", 5), outcome -> {});
        peer.applications = FakeEurekaServer.applications(instance("i1", 5, "UNKNOWN"));
        link();
        peer.answers = item -> "409 " + instance("i1", 9, "OUT_OF_SERVICE");
        peers.outward().renew(key("i1"), 5);
        await().atMost(SOON)
                .untilAsserted(
                        () -> {
                            Instance taken = registry.instance(key("i1")).orElseThrow();
                            assertThat(taken.ownerStampMs()).isEqualTo(9);
                            assertThat(taken.status()).isEqualTo(InstanceStatus.OUT_OF_SERVICE);
                        });
    }

    @Test
    void changesWaitWhileThePeerIsAwayAndOnlyTheirOutcomeIsTold() throws Exception {
        registerHere("gone", 5);
        link();
        awaitTold("Register gone");
        peer.status = 503;
        registerHere("i1", 5);
        peers.outward().override(key("i1"), InstanceStatus.DOWN, outcome -> {});
        peers.outward().clearOverride(key("i1"), InstanceStatus.UP, outcome -> {});
        peers.outward().cancel(key("gone"), outcome -> {});
        await().atMost(SOON).until(() -> !peers.linked());
        peer.applications = FakeEurekaServer.applications(instance("gone", 5, "UNKNOWN"));
        peer.told.clear();
        peer.status = 200;
        awaitTold("Cancel gone", "DeleteStatusOverride i1", "Register i1");
        assertThat(peer.told).hasSize(3);
        assertThat(registry.instance(key("gone"))).isEmpty();
    }

    @Test
    void aCancelledInstanceThatBeganAnewAtThePeerLives() throws Exception {
        registerHere("i1", 5);
        link();
        awaitTold("Register i1");
        peer.status = 503;
        peers.outward().cancel(key("i1"), outcome -> {});
        await().atMost(SOON).until(() -> !peers.linked());
        peer.applications = FakeEurekaServer.applications(instance("i1", 6, "UNKNOWN"));
        peer.told.clear();
        peer.status = 200;
        await().atMost(SOON).until(() -> registry.instance(key("i1")).isPresent());
        registerHere("last", 5);
        awaitTold("Register last");
        assertThat(peer.told).doesNotContain("Cancel i1");
    }

    @Test
    void anInstanceWhoseLeaseEndedHereIsCancelledThere() throws Exception {
        registerHere("i1", 5);
        link();
        awaitTold("Register i1");
        registry.cancel(key("i1"), outcome -> {});
        awaitTold("Cancel i1");
    }

    @Test
    void aStormGoesInBatchesAndBeatsAreCoveredByRegistrations() throws Exception {
        link();
        peer.status = 503;
        registerHere("i0", 5);
        await().atMost(SOON).until(() -> !peers.linked());
        for (int i = 0; i < 1_000; i++) {
            registerHere("i" + i, 5);
            peers.outward().renew(key("i" + i), 5);
        }
        peer.status = 200;
        await().atMost(SOON).until(() -> peer.told.size() >= 1_000);
        assertThat(peer.told).doesNotHaveDuplicates().hasSize(1_000);
        assertThat(peer.told).allMatch(item -> item.startsWith("Register"));
        assertThat(peer.batchSizes).allMatch(size -> size <= 250);
    }

    @Test
    void anUnusableUrlIsRefusedWithoutItsCredentials() {
        for (String url : List.of("ftp://u:secret@h/", "http:///eureka", "http://u:secret@h h/")) {
            assertThatThrownBy(() -> PeerUrl.parse(url))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("eureka.peers")
                    .hasMessageNotContaining("secret");
        }
        assertThat(PeerUrl.parse("https://u:secret@host/eureka").toString())
                .isEqualTo("https://host:443/eureka/");
    }
}
