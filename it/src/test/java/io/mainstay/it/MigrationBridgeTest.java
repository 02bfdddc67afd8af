package io.mainstay.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.testkit.Conditions;
import io.mainstay.testkit.EurekaServerProcess;
import io.mainstay.testkit.HeldPorts;
import io.mainstay.testkit.Http;
import io.mainstay.testkit.JavaProcess;
import io.mainstay.testkit.NodeProcess;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// A node beside a real Spring Eureka server, as during a move: what is registered at either is seen at both.
class MigrationBridgeTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int LEASE_SECONDS = 3;

    /// Beats after which a lease of three seconds would have ended several times over.
    private static final int MANY_BEATS = 20;

    @TempDir Path folder;
    private RecordingProxy toPeer;
    private RecordingProxy toNode;
    private NodeProcess node;
    private EurekaServerProcess peer;
    private EurekaCalls here;
    private EurekaCalls there;
    private Beats beats;

    @BeforeEach
    void start() throws Exception {
        toPeer = new RecordingProxy();
        toNode = new RecordingProxy();
        peer = peerOn(HeldPorts.take());
        toPeer.target(peer.eurekaUrl());
        there = new EurekaCalls(peer.eurekaUrl());
        beats = new Beats();
        // One that was there long before anybody thought of moving.
        beats.begin(there, "LEGACY", "legacy-1", LEASE_SECONDS);
        node = NodeProcess.start(folder.resolve("node"), "eureka.peers=" + toPeer.eurekaUrl());
        toNode.target(node.eurekaUrl());
        here = new EurekaCalls(node.eurekaUrl());
        beats.begin(here, "MOVED", "moved-1", LEASE_SECONDS);
    }

    @AfterEach
    void stop() {
        beats.close();
        node.close();
        peer.close();
        toPeer.close();
        toNode.close();
    }

    private EurekaServerProcess peerOn(int port) {
        return EurekaServerProcess.startOn(
                port,
                JavaProcess.sameJava(),
                Examples.eurekaPeer(),
                folder.resolve("eureka.log"),
                "eureka.client.service-url.defaultZone=" + toNode.eurekaUrl(),
                "eureka.server.use-read-only-response-cache=false",
                // A fetch that is built while something registers may stay cached without it, by
                // default for three minutes.
                "eureka.server.response-cache-auto-expiration-in-seconds=1",
                "eureka.server.enable-self-preservation=false",
                "eureka.server.eviction-interval-timer-in-ms=500",
                // Two busy cores: its own default of 200 ms is for quiet ones.
                "eureka.server.peer-node-read-timeout-ms=5000");
    }

    private void awaitBothHave(String... ids) throws Exception {
        Set<String> expected = Set.of(ids);
        for (EurekaCalls side : List.of(here, there)) {
            try {
                Conditions.await(
                        side.url() + " to have " + expected,
                        SOON,
                        () -> side.ids().equals(expected));
            } catch (AssertionError late) {
                throw new AssertionError(
                        "%s; the node has %s, the peer %s; to the peer went, of moved-1: %s"
                                .formatted(
                                        late.getMessage(),
                                        here.ids(),
                                        there.ids(),
                                        toPeer.actions("moved-1")),
                        late);
            }
        }
    }

    private void awaitStatus(String app, String id, String status) {
        for (EurekaCalls side : Set.of(here, there)) {
            Conditions.await(
                    id + " to be " + status + " at " + side.url(),
                    SOON,
                    () ->
                            Http.get(side.url() + "apps/" + app + "/" + id)
                                    .body()
                                    .replace(" ", "")
                                    .contains("\"status\":\"" + status + "\""));
        }
    }

    private static int put(EurekaCalls side, String path) throws Exception {
        return Http.call("PUT", side.url() + path, "").status();
    }

    private static int delete(EurekaCalls side, String path) throws Exception {
        return Http.call("DELETE", side.url() + path, "").status();
    }

    private void awaitBeats(RecordingProxy way, String id, int more) {
        long from = way.count(id, "Heartbeat");
        Conditions.await(
                more + " beats for " + id, SOON, () -> way.count(id, "Heartbeat") >= from + more);
    }

    @Test
    void whatIsRegisteredAtEitherSideIsSeenAtBoth() throws Exception {
        awaitBothHave("legacy-1", "moved-1");
        beats.begin(there, "LEGACY", "legacy-2", LEASE_SECONDS);
        beats.begin(here, "MOVED", "moved-2", LEASE_SECONDS);
        awaitBothHave("legacy-1", "legacy-2", "moved-1", "moved-2");

        // Copies live by the beats that come from the other side.
        awaitBeats(toPeer, "moved-1", MANY_BEATS / 2);
        awaitBeats(toNode, "legacy-1", MANY_BEATS / 2);
        awaitBothHave("legacy-1", "legacy-2", "moved-1", "moved-2");

        // An operator at either side, for an instance of either side.
        assertThat(put(here, "apps/LEGACY/legacy-1/status?value=OUT_OF_SERVICE")).isEqualTo(200);
        awaitStatus("LEGACY", "legacy-1", "OUT_OF_SERVICE");
        assertThat(delete(here, "apps/LEGACY/legacy-1/status?value=UP")).isEqualTo(200);
        awaitStatus("LEGACY", "legacy-1", "UP");
        assertThat(put(there, "apps/MOVED/moved-1/status?value=OUT_OF_SERVICE")).isEqualTo(200);
        awaitStatus("MOVED", "moved-1", "OUT_OF_SERVICE");
        awaitBeats(toPeer, "moved-1", MANY_BEATS / 4);
        awaitStatus("MOVED", "moved-1", "OUT_OF_SERVICE");
        assertThat(delete(there, "apps/MOVED/moved-1/status?value=UP")).isEqualTo(200);
        awaitStatus("MOVED", "moved-1", "UP");

        // Good-byes, and a silent death at either side.
        beats.stop("legacy-2");
        assertThat(there.cancel("LEGACY", "legacy-2")).isEqualTo(200);
        beats.stop("moved-2");
        assertThat(here.cancel("MOVED", "moved-2")).isEqualTo(200);
        awaitBothHave("legacy-1", "moved-1");
        beats.stop("legacy-1");
        awaitBothHave("moved-1");
        beats.stop("moved-1");
        awaitBothHave();

        // Nothing was told back to where it came from.
        assertThat(toPeer.actions("legacy-1"))
                .as("told to the peer of its own instance")
                .containsOnly("StatusUpdate", "DeleteStatusOverride");
        assertThat(toPeer.actions("legacy-2")).isEmpty();
        assertThat(toNode.actions("moved-1"))
                .as("told to the node of its own instance")
                .containsOnly("StatusUpdate", "DeleteStatusOverride");
        assertThat(toNode.actions("moved-2")).isEmpty();
        assertThat(toPeer.count("moved-1", "Register"))
                .as("registrations, not floods")
                .isLessThan(MANY_BEATS / 2);
    }

    @Test
    void aKillOfEitherSideTakesNothing() throws Exception {
        awaitBothHave("legacy-1", "moved-1");

        node.kill();
        beats.stop("legacy-1");
        beats.stop("moved-1");
        beats.begin(there, "LEGACY", "legacy-1", LEASE_SECONDS);
        beats.begin(there, "LEGACY", "legacy-2", LEASE_SECONDS);
        node.startAgain();
        beats.begin(here, "MOVED", "moved-1", LEASE_SECONDS);
        awaitBothHave("legacy-1", "legacy-2", "moved-1");

        // The peer forgets everything when it ends; what is registered here is its own to keep.
        int port = peer.port();
        peer.process().kill();
        beats.begin(here, "MOVED", "moved-2", LEASE_SECONDS);
        assertThat(here.ids()).contains("moved-1", "moved-2");
        peer = peerOn(port);
        awaitBothHave("legacy-1", "legacy-2", "moved-1", "moved-2");
        assertThat(put(here, "apps/MOVED/moved-2/status?value=OUT_OF_SERVICE")).isEqualTo(200);
        awaitStatus("MOVED", "moved-2", "OUT_OF_SERVICE");
    }
}
