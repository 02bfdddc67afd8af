package io.mainstay.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.testkit.Conditions;
import io.mainstay.testkit.JavaProcess;
import io.mainstay.testkit.NodeProcess;
import io.mainstay.testkit.StockService;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

/// Whole stock Spring Boot applications of the current Spring Cloud line beside one of an older line.
class StockSpringApplicationTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir Path folder;

    private StockService launch(Path program, String name, NodeProcess node) {
        return StockService.launch(JavaProcess.sameJava(), program, folder, name, node.eurekaUrl());
    }

    private static void awaitBothSee(StockService one, StockService other) {
        Set<String> both = Set.of(one.id(), other.id());
        for (StockService client : Set.of(one, other)) {
            Conditions.await(client.id() + " to see both", SOON, () -> client.sees().equals(both));
        }
    }

    @Test
    void twoApplicationsSeeEachOtherAndARestartOfTheNodeTakesNothingFromThem() throws Exception {
        try (NodeProcess node = NodeProcess.start(folder.resolve("node"));
                StockService inventory = launch(Examples.demoService(), "inventory", node);
                StockService payment = launch(Examples.demoServiceOlder(), "payment", node)) {
            inventory.awaitStarted();
            payment.awaitStarted();
            awaitBothSee(inventory, payment);

            EurekaCalls calls = new EurekaCalls(node.eurekaUrl());
            long restartMs = System.currentTimeMillis();
            node.kill();
            node.startAgain();
            assertThat(calls.ids()).containsExactlyInAnyOrder(inventory.id(), payment.id());

            // An instance that comes afterwards proves that both fetch from the restarted node.
            try (StockService notification = launch(Examples.demoService(), "notification", node)) {
                notification.awaitStarted();
                for (StockService client : Set.of(inventory, payment)) {
                    Conditions.await(
                            client.id() + " to see an instance that came after the restart",
                            SOON,
                            () -> client.sees().contains(notification.id()));
                    assertThat(client.sightings())
                            .as("nothing vanished for %s", client.id())
                            .noneMatch(seen -> !seen.present() && seen.atMs() >= restartMs);
                }
            }
            // It said good-bye when it ended.
            awaitBothSee(inventory, payment);
        }
    }
}
