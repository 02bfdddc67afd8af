package io.mainstay.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.testkit.Conditions;
import io.mainstay.testkit.NodeProcess;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;

/// SIGKILL of the node while clients register: whatever was answered with 204 is there afterwards.
class KillUnderLoadTest {
    private static final int ROUNDS = Boolean.getBoolean("mainstay.long") ? 50 : 6;
    private static final int CLIENTS = 4;
    private static final int MAX_ACKNOWLEDGED_PER_ROUND = 100;

    /// Longer than the test, so that only a lost registration can be missing.
    private static final int LEASE_SECONDS = 3_600;

    @TempDir Path folder;

    @Test
    void everyAcknowledgedRegistrationIsFoundAfterSigkill() throws Exception {
        long seed = Long.getLong("mainstay.seed", System.nanoTime());
        Random random = new Random(seed);
        Set<String> acknowledged = new ConcurrentSkipListSet<>();
        try (NodeProcess node = NodeProcess.start(folder)) {
            EurekaCalls calls = new EurekaCalls(node.eurekaUrl());
            for (int round = 0; round < ROUNDS; round++) {
                int enough = acknowledged.size() + 1 + random.nextInt(MAX_ACKNOWLEDGED_PER_ROUND);
                List<Thread> clients = register(calls, round, acknowledged);
                Conditions.await(
                        "acknowledged registrations in round " + round + " of seed " + seed,
                        Duration.ofSeconds(60),
                        () -> acknowledged.size() >= enough);
                node.kill();
                for (Thread client : clients) {
                    client.join();
                }
                node.startAgain();

                Set<String> missing = new TreeSet<>(acknowledged);
                missing.removeAll(calls.ids());
                assertThat(missing).as("lost in round %d, seed %d", round, seed).isEmpty();
            }
        }
        // Without work that the kills could hit, the run says nothing.
        assertThat(acknowledged).hasSizeGreaterThan(ROUNDS);
        System.out.printf(
                "KillUnderLoadTest: %d kills, %d acknowledged registrations, none lost (seed %d)%n",
                ROUNDS, acknowledged.size(), seed);
    }

    /// Clients that register until the node is gone.
    private static List<Thread> register(EurekaCalls calls, int round, Set<String> acknowledged) {
        List<Thread> clients = new ArrayList<>();
        for (int client = 0; client < CLIENTS; client++) {
            String prefix = "r" + round + "-c" + client + "-";
            String app = "APP" + client;
            clients.add(
                    Thread.ofPlatform()
                            .start(() -> registerUntilGone(calls, app, prefix, acknowledged)));
        }
        return clients;
    }

    private static void registerUntilGone(
            EurekaCalls calls, String app, String prefix, Set<String> acknowledged) {
        try {
            for (int i = 0; ; i++) {
                if (calls.register(app, prefix + i, LEASE_SECONDS) == 204) {
                    acknowledged.add(prefix + i);
                }
            }
        } catch (IOException e) {
            // The kill: this registration was not acknowledged and may or may not be there.
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
