package io.mainstay.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mainstay.client.ClientOptions;
import io.mainstay.client.ClientState.Phase;
import io.mainstay.client.Credentials;
import io.mainstay.client.Instance;
import io.mainstay.client.MainstayClient;
import io.mainstay.client.Tls;
import io.mainstay.testkit.NodeProcess;
import io.mainstay.testkit.TestCertificate;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// The Java client over TLS on a node with users.
class StreamingClientAccessTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir Path folder;

    @Test
    void onlyWhoIsKnownGetsInAndWhoIsRemovedIsPutOut() throws Exception {
        TestCertificate certificate = TestCertificate.make(folder.resolve("tls"), "EC");
        Program program = new Program(folder);
        try (NodeProcess node =
                NodeProcess.start(
                        folder.resolve("node"),
                        "tls.certificate=" + certificate.certificate(),
                        "tls.key=" + certificate.key())) {
            Map<String, String> env = new HashMap<>();
            env.put("MAINSTAY_SERVER", node.httpUrl());
            env.put("MAINSTAY_CA", certificate.certificate().toString());
            Program.Ended first = program.run(env, "user", "add", "root");
            assertThat(first.exitCode()).as(first.err()).isZero();
            env.put("MAINSTAY_USER", "root");
            env.put("MAINSTAY_PASSWORD", first.after("Password, shown this once:"));
            Program.Ended shop = program.run(env, "user", "add", "shop", "--role", "service");
            assertThat(shop.exitCode()).as(shop.err()).isZero();
            Credentials right = Credentials.basic("shop", shop.after("Password, shown this once:"));

            ClientOptions.Builder options =
                    ClientOptions.builder()
                            .addresses("127.0.0.1:" + node.grpcPort())
                            .tls(new Tls(certificate.certificate()));
            try (MainstayClient nobody = MainstayClient.connect(options.build());
                    MainstayClient wrong =
                            MainstayClient.connect(
                                    options.credentials(Credentials.basic("shop", "guess"))
                                            .build());
                    MainstayClient known =
                            MainstayClient.connect(options.credentials(right).build());
                    MainstayClient untrusting =
                            MainstayClient.connect(options.tls(new Tls(null)).build())) {
                known.register(Instance.of("orders", "o", "127.0.0.1", 1).build())
                        .acknowledged()
                        .get(60, TimeUnit.SECONDS);
                refused(nobody, "This node has users");
                refused(wrong, "This node has users");
                await().atMost(LONG)
                        .until(() -> untrusting.state().problem().contains("certification path"));

                Program.Ended removed = program.run(env, "user", "remove", "shop", "--yes");
                assertThat(removed.exitCode()).as(removed.err()).isZero();
                refused(known, "");
            }
        }
    }

    private static void refused(MainstayClient client, String sentence) {
        await().atMost(LONG)
                .until(
                        () ->
                                client.state().phase() == Phase.REFUSED
                                        && client.state().problem().contains(sentence));
    }
}
