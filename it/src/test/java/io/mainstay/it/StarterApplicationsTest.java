package io.mainstay.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.testkit.Conditions;
import io.mainstay.testkit.HeldPorts;
import io.mainstay.testkit.Http;
import io.mainstay.testkit.JavaProcess;
import io.mainstay.testkit.NodeProcess;
import io.mainstay.testkit.StockService;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/// Applications of both lines of Spring Boot with our starter, beside a stock Eureka application.
class StarterApplicationsTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir Path folder;

    private StockService boot4(String name, NodeProcess node, String... more) {
        return StockService.launchStreaming(
                JavaProcess.sameJava(),
                Examples.demoServiceStreaming(),
                folder,
                name,
                node.grpcPort(),
                more);
    }

    private StockService boot3(String name, NodeProcess node) {
        return StockService.launchStreaming(
                JavaProcess.sameJava(),
                Examples.demoServiceStreamingOlder(),
                folder,
                name,
                node.grpcPort());
    }

    private static Http.Answer order(StockService order, int number) throws Exception {
        return Http.call("POST", order.url() + "/orders/" + number, "");
    }

    private static void awaitOrders(StockService order) {
        Conditions.await("an order", SOON, () -> order(order, 1).status() == 200);
    }

    /// Orders, one after the other, until it is closed; counts those that failed.
    private static final class Orders implements AutoCloseable {
        private final AtomicInteger done = new AtomicInteger();
        private final AtomicInteger failed = new AtomicInteger();
        private final AtomicReference<String> failure = new AtomicReference<>("");
        private final Thread thread;
        private volatile boolean ending;

        Orders(StockService order) {
            thread = Thread.ofVirtual().start(() -> run(order));
        }

        private void run(StockService order) {
            for (int number = 0; !ending; number++) {
                try {
                    Http.Answer answer = order(order, number);
                    if (answer.status() != 200) {
                        failed.incrementAndGet();
                        failure.set(answer.body());
                    }
                } catch (Exception e) {
                    failed.incrementAndGet();
                    failure.set(e.toString());
                }
                done.incrementAndGet();
            }
        }

        /// Returns when `more` further orders were answered.
        void await(int more) {
            int target = done.get() + more;
            Conditions.await(more + " orders", SOON, () -> done.get() >= target);
        }

        @Override
        public void close() throws InterruptedException {
            ending = true;
            thread.join();
        }
    }

    @Test
    void bothLinesCallEachOtherThroughADrainAKillAndARestartOfTheNode() throws Exception {
        try (NodeProcess node = NodeProcess.start(folder.resolve("node"));
                StockService inventory = boot4("inventory", node);
                StockService payment = boot3("payment", node);
                StockService otherPayment = boot3("payment", node);
                StockService notification =
                        StockService.launch(
                                JavaProcess.sameJava(),
                                Examples.demoService(),
                                folder,
                                "notification",
                                node.eurekaUrl());
                StockService order = boot4("order", node)) {
            List<StockService> all = List.of(inventory, payment, otherPayment, notification, order);
            for (StockService service : all) {
                service.awaitStarted();
            }
            awaitOrders(order);
            EurekaCalls calls = new EurekaCalls(node.eurekaUrl());
            assertThat(calls.ids())
                    .as("one registry, whatever a client speaks")
                    .containsExactlyInAnyOrderElementsOf(
                            all.stream().map(StockService::id).toList());
            Conditions.await(
                    "the Eureka application to see all",
                    SOON,
                    () -> notification.sees().size() == all.size());

            try (Orders orders = new Orders(order)) {
                orders.await(20);

                assertThat(otherPayment.process().terminate()).isTrue();
                assertThat(calls.ids()).doesNotContain(otherPayment.id());
                orders.await(20);
                assertThat(orders.failed)
                        .as("while one was drained: %s", orders.failure)
                        .hasValue(0);

                node.kill();
                orders.await(20);
                node.startAgain();
                orders.await(20);
                assertThat(orders.failed)
                        .as("while the node restarted: %s", orders.failure)
                        .hasValue(0);
            }
            assertThat(calls.ids())
                    .containsExactlyInAnyOrder(
                            inventory.id(), payment.id(), notification.id(), order.id());

            // Who comes after the restart is seen, and who is killed goes, by those who were there
            // before.
            try (StockService otherInventory = boot3("inventory", node)) {
                otherInventory.awaitStarted();
                Conditions.await(
                        "the new one to be seen",
                        SOON,
                        () -> order.sees().contains(otherInventory.id()));
                inventory.process().kill();
                Conditions.await(
                        "the killed one to be gone",
                        SOON,
                        () -> !order.sees().contains(inventory.id()));
                assertThat(order(order, 1).body()).contains(otherInventory.id());
            }
        }
    }

    @Test
    void aGatewayAndFeignCallByName() throws Exception {
        int port = HeldPorts.take();
        String url = "http://127.0.0.1:" + port;
        try (NodeProcess node = NodeProcess.start(folder.resolve("node"));
                StockService inventory = boot4("inventory", node);
                JavaProcess gateway =
                        JavaProcess.start(
                                new JavaProcess.Command(
                                        "gateway",
                                        JavaProcess.sameJava(),
                                        List.of(
                                                "-Xmx128m",
                                                "-XX:+UseSerialGC",
                                                "-XX:TieredStopAtLevel=1"),
                                        JavaProcess.classpathOf(Examples.gateway()),
                                        "io.mainstay.example.gateway.Gateway",
                                        List.of(
                                                "--server.port=" + port,
                                                "--mainstay.client.addresses=127.0.0.1:"
                                                        + node.grpcPort()),
                                        folder.resolve("gateway.log")))) {
            inventory.awaitStarted();
            for (String path : Set.of("/steps/1", "/feign/1")) {
                Conditions.await(
                        "an answer at " + path,
                        SOON,
                        () -> {
                            if (!gateway.alive()) {
                                throw new AssertionError(gateway.log());
                            }
                            return Http.call("POST", url + path, "")
                                    .body()
                                    .contains(inventory.id());
                        });
            }
            assertThat(Http.get(url + "/actuator/health").body())
                    .contains("\"mainstay\":{\"details\":{\"phase\":\"CONNECTED\"");
            assertThat(Http.get(url + "/actuator/info").body())
                    .contains("\"inventory\":{\"instances\":1,\"up\":1,\"freshness\":\"LIVE\"");
        }
    }
}
