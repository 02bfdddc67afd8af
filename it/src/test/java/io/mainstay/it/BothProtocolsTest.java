package io.mainstay.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.client.ClientOptions;
import io.mainstay.client.Instance;
import io.mainstay.client.InstanceStatus;
import io.mainstay.client.MainstayClient;
import io.mainstay.client.Selector;
import io.mainstay.client.Subscription;
import io.mainstay.testkit.Conditions;
import io.mainstay.testkit.FaultProxy;
import io.mainstay.testkit.Http;
import io.mainstay.testkit.NodeProcess;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// One registry, two protocols: whoever registers an instance over one of them, everybody sees it, and what becomes of it, over both.
class BothProtocolsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int LONG_LEASE_SECONDS = 600;

    @TempDir static Path folder;

    @SuppressWarnings("NullAway.Init")
    private static NodeProcess node;

    @SuppressWarnings("NullAway.Init")
    private EurekaCalls eureka;

    @SuppressWarnings("NullAway.Init")
    private MainstayClient watcher;

    @SuppressWarnings("NullAway.Init")
    private Subscription orders;

    @BeforeAll
    static void start() {
        node = NodeProcess.start(folder);
    }

    @AfterAll
    static void end() {
        node.close();
    }

    @BeforeEach
    void watch() {
        eureka = new EurekaCalls(node.eurekaUrl());
        watcher = client(node.grpcPort());
        orders = watcher.subscribe("orders");
    }

    @AfterEach
    void clear() throws Exception {
        watcher.close();
        eureka.cancelAll();
        Conditions.await(
                "no stream", PATIENCE, () -> metrics().contains("mainstay_push_streams 0.0"));
    }

    private static String metrics() throws Exception {
        return Http.get(node.httpUrl() + "/metrics").body();
    }

    private static MainstayClient client(int port) {
        return MainstayClient.connect(
                ClientOptions.builder()
                        .addresses("127.0.0.1:" + port)
                        .grace(Duration.ofMillis(200))
                        .build());
    }

    @Test
    void streamsAreToldTheWholeLifeOfWhatAEurekaClientRegisters() throws Exception {
        Subscription zoneA = watcher.subscribe("orders", Selector.zone("a"));
        assertThat(eureka.register("ORDERS", "e-1", LONG_LEASE_SECONDS)).isEqualTo(204);
        awaitStream("e-1", InstanceStatus.UP);
        Instance told = streamed("e-1");
        assertThat(told.host()).isEqualTo("127.0.0.1");
        assertThat(told.port()).isEqualTo(8080);
        // Eureka's zone is what the metadata says.
        assertThat(told.zone()).isEqualTo("a");
        assertThat(told.metadata()).containsEntry("zone", "a");
        Conditions.await("the selection", PATIENCE, () -> zoneA.view().instances().size() == 1);

        assertThat(override("PUT", "e-1")).isEqualTo(200);
        awaitStream("e-1", InstanceStatus.OUT_OF_SERVICE);
        awaitEureka("e-1", "OUT_OF_SERVICE");
        assertThat(override("DELETE", "e-1")).isEqualTo(200);
        awaitStream("e-1", InstanceStatus.UP);

        assertThat(eureka.cancel("ORDERS", "e-1")).isEqualTo(200);
        awaitNoStream("e-1");
        assertThat(eureka.status("ORDERS", "e-1")).isEqualTo(404);
    }

    @Test
    void anInstanceWhoseEurekaLeaseEndsIsGoneForStreamsToo() throws Exception {
        assertThat(eureka.register("ORDERS", "e-1", 2)).isEqualTo(204);
        awaitStream("e-1", InstanceStatus.UP);
        awaitNoStream("e-1");
        assertThat(eureka.status("ORDERS", "e-1")).isEqualTo(404);
    }

    @Test
    void eurekaClientsSeeTheWholeLifeOfWhatAStreamRegisters() throws Exception {
        try (MainstayClient owner = client(node.grpcPort())) {
            var registration =
                    owner.register(
                            Instance.of("orders", "s-1", "127.0.0.1", 8081)
                                    .zone("b")
                                    .metadata("version", "2")
                                    .build());
            registration.acknowledged().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            // It was acknowledged, so it is visible.
            String shown = shown("s-1");
            assertThat(shown).contains("8081").contains("version");
            assertThat(statusIn(shown)).isEqualTo("UP");
            awaitStream("s-1", InstanceStatus.UP);

            assertThat(override("PUT", "s-1")).isEqualTo(200);
            awaitEureka("s-1", "OUT_OF_SERVICE");
            awaitStream("s-1", InstanceStatus.OUT_OF_SERVICE);
            assertThat(override("DELETE", "s-1")).isEqualTo(200);
            awaitEureka("s-1", "UP");

            owner.drain().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            awaitEureka("s-1", "OUT_OF_SERVICE");
            awaitStream("s-1", InstanceStatus.OUT_OF_SERVICE);
            registration.cancel().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(eureka.status("ORDERS", "s-1")).isEqualTo(404);
            awaitNoStream("s-1");
        }
    }

    @Test
    void anInstanceWhoseStreamIsLostIsGoneForEurekaClientsToo() throws Exception {
        try (FaultProxy proxy = FaultProxy.open(node.grpcPort());
                MainstayClient owner = client(proxy.port())) {
            owner.register(Instance.of("orders", "s-1", "127.0.0.1", 8081).build())
                    .acknowledged()
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(eureka.status("ORDERS", "s-1")).isEqualTo(200);
            proxy.refuse();
            proxy.cut();
            Conditions.await("the eviction", PATIENCE, () -> eureka.status("ORDERS", "s-1") == 404);
            awaitNoStream("s-1");
            proxy.accept();
            Conditions.await("its return", PATIENCE, () -> eureka.status("ORDERS", "s-1") == 200);
            awaitStream("s-1", InstanceStatus.UP);
        }
    }

    @Test
    void metricsCountStreamsAndWhatTheyAreTold() throws Exception {
        assertThat(eureka.register("ORDERS", "e-1", LONG_LEASE_SECONDS)).isEqualTo(204);
        awaitStream("e-1", InstanceStatus.UP);
        assertThat(metrics())
                .contains("mainstay_push_streams 1.0")
                .contains("mainstay_push_subscriptions 1.0")
                .contains("mainstay_push_behind ")
                .contains("mainstay_push_lag_seconds ")
                .contains("mainstay_push_merged_total ")
                .containsPattern("mainstay_push_sent_bytes_total [1-9]");
    }

    /// An operator's word over Eureka's own call.
    private int override(String method, String id) throws IOException, InterruptedException {
        String value = method.equals("PUT") ? "OUT_OF_SERVICE" : "UP";
        return Http.call(method, url(id) + "/status?value=" + value, "").status();
    }

    private String url(String id) {
        return node.eurekaUrl() + "apps/ORDERS/" + id;
    }

    private String shown(String id) throws IOException, InterruptedException {
        return Http.get(url(id)).body();
    }

    private static String statusIn(String shown) {
        var found = Pattern.compile("[<\"]status[>\"]:?\\s*\"?([A-Z_]+)").matcher(shown);
        return found.find() ? found.group(1) : "none in " + shown;
    }

    private void awaitEureka(String id, String status) {
        Conditions.await(
                id + " " + status + " over Eureka's protocol",
                PATIENCE,
                () -> statusIn(shown(id)).equals(status));
    }

    private void awaitStream(String id, InstanceStatus status) {
        Conditions.await(
                id + " " + status + " in the stream",
                PATIENCE,
                () ->
                        orders.view().instances().stream()
                                .anyMatch(
                                        one ->
                                                one.instanceId().equals(id)
                                                        && one.status() == status));
    }

    private void awaitNoStream(String id) {
        Conditions.await(
                "no " + id + " in the stream",
                PATIENCE,
                () ->
                        orders.view().instances().stream()
                                .noneMatch(one -> one.instanceId().equals(id)));
    }

    private Instance streamed(String id) {
        return orders.view().instances().stream()
                .filter(one -> one.instanceId().equals(id))
                .findFirst()
                .orElseThrow();
    }
}
