package io.mainstay.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.testkit.Conditions;
import io.mainstay.testkit.Http;
import io.mainstay.testkit.NodeProcess;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// npm's `eureka-js-client`, as published, against a node.
class JsClientTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir Path folder;

    @Test
    void itRegistersBeatsFetchesAndSaysGoodBye() throws Exception {
        NodeJs js = NodeJs.install(Examples.jsClient(), folder);
        Path log = folder.resolve("client.log");
        try (NodeProcess node = NodeProcess.start(folder.resolve("node"));
                RecordingProxy proxy = new RecordingProxy()) {
            proxy.target(node.eurekaUrl());
            EurekaCalls calls = new EurekaCalls(node.eurekaUrl());
            assertThat(calls.register("SHOP", "shop-1", 600)).isEqualTo(204);
            String port = Integer.toString(URI.create(proxy.eurekaUrl()).getPort());
            Process client = js.run(log, "client.js", "127.0.0.1", port);
            try {
                awaitSaid(log, "started");
                awaitSaid(log, "sees [shop-1]");
                // For this client an instance is its host and its port.
                String second =
                        EurekaCalls.instance("SHOP", "shop-2", 600, "").replace("8080", "8081");
                assertThat(Http.call("POST", calls.url() + "apps/SHOP", second).status())
                        .isEqualTo(204);
                awaitSaid(log, "sees [shop-1 shop-2]");
                // Its lease of three seconds lives by its beats.
                Conditions.await(
                        "twenty beats", SOON, () -> proxy.count("apps/js-shop/js-1", "PUT") >= 20);
                assertThat(calls.status("JS-SHOP", "js-1")).isEqualTo(200);
                assertThat(proxy.count("apps/js-shop", "POST")).as("registered once").isOne();
                client.destroy();
                assertThat(client.waitFor(20, TimeUnit.SECONDS)).as("it ends").isTrue();
                assertThat(calls.status("JS-SHOP", "js-1")).as("it said good-bye").isEqualTo(404);
            } finally {
                client.destroyForcibly();
            }
        }
    }

    private static void awaitSaid(Path log, String line) {
        Conditions.await(
                "the client to say: " + line, SOON, () -> Files.readString(log).contains(line));
    }
}
