package io.mainstay.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.testkit.Conditions;
import io.mainstay.testkit.JavaProcess;
import io.mainstay.testkit.NodeProcess;
import io.mainstay.testkit.StockService;
import io.mainstay.testkit.TestCertificate;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/// TLS on both ports by two keys, and clients that trust a CA of their own.
class TlsTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir Path folder;

    private NodeProcess start(TestCertificate certificate) {
        return NodeProcess.start(
                folder.resolve("node"),
                "tls.certificate=" + certificate.certificate(),
                "tls.key=" + certificate.key());
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC"})
    void commandsTrustTheCaTheyAreGivenAndNoOther(String algorithm) throws Exception {
        TestCertificate certificate = TestCertificate.make(folder.resolve("tls"), algorithm);
        Program program = new Program(folder);
        try (NodeProcess node = start(certificate)) {
            assertThat(node.httpUrl()).startsWith("https://");
            String ca = certificate.certificate().toString();
            Program.Ended trusted =
                    program.run(Map.of(), "status", "--server", node.httpUrl(), "--ca", ca);
            assertThat(trusted.exitCode()).as(trusted.err()).isZero();
            assertThat(
                            program.run(
                                            Map.of("MAINSTAY_CA", ca),
                                            "status",
                                            "--server",
                                            node.httpUrl())
                                    .exitCode())
                    .isZero();
            Program.Ended untrusted = program.run(Map.of(), "status", "--server", node.httpUrl());
            assertThat(untrusted.exitCode()).isEqualTo(3);
            assertThat(untrusted.err()).contains("cannot be trusted").contains("--ca");
            Program.Ended plain =
                    program.run(
                            Map.of(),
                            "status",
                            "--server",
                            node.httpUrl().replace("https", "http"));
            assertThat(plain.exitCode()).isEqualTo(3);
        }
    }

    @Test
    void aStockApplicationRegistersOverTls() throws Exception {
        TestCertificate certificate = TestCertificate.make(folder.resolve("tls"), "RSA");
        try (NodeProcess node = start(certificate);
                StockService inventory =
                        StockService.launch(
                                JavaProcess.sameJava(),
                                Examples.demoService(),
                                folder,
                                "inventory",
                                node.eurekaUrl(),
                                "--eureka.client.tls.enabled=true",
                                "--eureka.client.tls.trust-store=file:" + certificate.trustStore(),
                                "--eureka.client.tls.trust-store-type=PKCS12",
                                "--eureka.client.tls.trust-store-password="
                                        + TestCertificate.PASSWORD)) {
            inventory.awaitStarted();
            Conditions.await(
                    "the application to see itself",
                    SOON,
                    () -> inventory.sees().equals(Set.of(inventory.id())));
        }
    }

    @Test
    void aFileThatIsMissingIsNamed() throws Exception {
        TestCertificate certificate = TestCertificate.make(folder.resolve("tls"), "EC");
        Path missing = folder.resolve("missing.pem");
        Program.Ended ended =
                new Program(folder)
                        .run(
                                Map.of(),
                                "start",
                                "--data",
                                folder.resolve("data").toString(),
                                "-X",
                                "tls.certificate=" + certificate.certificate(),
                                "-X",
                                "tls.key=" + missing);
        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.err())
                .isEqualTo("mainstay: tls.key: the file " + missing + " does not exist\n");
    }
}
