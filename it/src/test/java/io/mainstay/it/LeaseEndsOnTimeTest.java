package io.mainstay.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.testkit.Conditions;
import io.mainstay.testkit.NodeProcess;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A lease of three seconds whose holder falls silent. How exact its end is, the registry's own tests say in
/// virtual time; here the real figures are reported, and only nonsense fails.
class LeaseEndsOnTimeTest {
    private static final int LEASE_SECONDS = 3;
    private static final Duration SANITY = Duration.ofSeconds(60);
    private static final int SILENT = 3;

    @TempDir Path folder;

    @Test
    void aSilentInstanceGoesAndNoneThatBeatsDoes() throws Exception {
        try (NodeProcess node = NodeProcess.start(folder)) {
            EurekaCalls calls = new EurekaCalls(node.eurekaUrl());
            for (int i = 0; i < 10; i++) {
                assertThat(calls.register("STEADY", "steady" + i, LEASE_SECONDS)).isEqualTo(204);
            }
            List<Long> endedAfterMs = new ArrayList<>();
            for (int i = 0; i < SILENT; i++) {
                String id = "silent" + i;
                long start = System.nanoTime();
                assertThat(calls.register("SILENT", id, LEASE_SECONDS)).isEqualTo(204);
                Conditions.await(
                        id + " to be gone",
                        SANITY,
                        () -> {
                            for (int beat = 0; beat < 10; beat++) {
                                assertThat(calls.renew("STEADY", "steady" + beat)).isEqualTo(200);
                            }
                            return calls.status("SILENT", id) == 404;
                        });
                endedAfterMs.add(Duration.ofNanos(System.nanoTime() - start).toMillis());
            }
            System.out.printf(
                    "LeaseEndsOnTimeTest: leases of %d ms ended after %s ms%n",
                    LEASE_SECONDS * 1_000, endedAfterMs);
            assertThat(endedAfterMs).as("never early").allMatch(ms -> ms >= LEASE_SECONDS * 1_000L);
        }
    }
}
