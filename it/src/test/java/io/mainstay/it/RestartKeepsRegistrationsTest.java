package io.mainstay.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.testkit.Http;
import io.mainstay.testkit.NodeProcess;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/// What was registered is there after a restart, in the first answer and with a lease that still runs.
class RestartKeepsRegistrationsTest {
    private static final int LEASE_SECONDS = 30;

    @TempDir Path folder;

    @Test
    void instancesMetadataAndStatusOverridesOutliveTheNode() throws Exception {
        try (NodeProcess node = NodeProcess.start(folder)) {
            EurekaCalls calls = new EurekaCalls(node.eurekaUrl());
            Set<String> expected = new TreeSet<>();
            for (int i = 0; i < 40; i++) {
                assertThat(calls.register("APP" + i % 4, "i" + i, LEASE_SECONDS)).isEqualTo(204);
                expected.add("i" + i);
            }
            assertThat(calls.cancel("APP3", "i3")).isEqualTo(200);
            expected.remove("i3");
            assertThat(Http.call("PUT", url(node, "i0/status?value=OUT_OF_SERVICE"), "").status())
                    .isEqualTo(200);
            assertThat(Http.call("PUT", url(node, "i4/metadata?colour=green"), "").status())
                    .isEqualTo(200);

            assertThat(node.terminate()).as("SIGTERM ends it").isTrue();
            node.startAgain();
            assertKept(node, calls, expected);

            node.kill();
            node.startAgain();
            assertKept(node, calls, expected);
            assertThat(calls.renew("APP1", "i1")).as("its lease still runs").isEqualTo(200);
        }
    }

    private static void assertKept(NodeProcess node, EurekaCalls calls, Set<String> expected)
            throws Exception {
        assertThat(calls.ids()).isEqualTo(expected);
        assertThat(calls.status("APP3", "i3")).as("cancelled").isEqualTo(404);
        assertThat(Http.get(url(node, "i0")).body())
                .containsPattern("\"status\"\\s*:\\s*\"OUT_OF_SERVICE\"");
        assertThat(Http.get(url(node, "i4")).body())
                .containsPattern("\"colour\"\\s*:\\s*\"green\"");
    }

    private static String url(NodeProcess node, String rest) {
        return node.eurekaUrl() + "apps/APP0/" + rest;
    }
}
