package io.mainstay.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.concurrent.TimeUnit;

class TlsFilesTest {

    @TempDir Path folder;

    private Path certificate;
    private Path key;

    @BeforeEach
    void make() throws Exception {
        Path store = folder.resolve("store.p12");
        Process keytool =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-alias",
                                "node",
                                "-keyalg",
                                "EC",
                                "-dname",
                                "CN=node",
                                "-storetype",
                                "PKCS12",
                                "-keystore",
                                store.toString(),
                                "-storepass",
                                "changeit")
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("keytool.log").toFile())
                        .start();
        assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        var keys = java.security.KeyStore.getInstance(store.toFile(), "changeit".toCharArray());
        certificate =
                write("certificate.pem", "CERTIFICATE", keys.getCertificate("node").getEncoded());
        key =
                write(
                        "key.pem",
                        "PRIVATE KEY",
                        keys.getKey("node", "changeit".toCharArray()).getEncoded());
    }

    private Path write(String name, String what, byte[] bytes) throws IOException {
        return Files.writeString(
                folder.resolve(name),
                "-----BEGIN %s-----\n%s\n-----END %s-----\n"
                        .formatted(what, Base64.getMimeEncoder().encodeToString(bytes), what));
    }

    private static String objection(Path certificate, Path key) {
        return TlsFiles.objection(new NodeConfig.Tls(certificate, key)).orElse("");
    }

    @Test
    void aPairIsTakenAndItsEndIsKnown() throws Exception {
        assertThat(objection(certificate, key)).isEmpty();
        var keys =
                java.security.KeyStore.getInstance(
                        folder.resolve("store.p12").toFile(), "changeit".toCharArray());
        var own = (java.security.cert.X509Certificate) keys.getCertificate("node");
        assertThat(TlsFiles.end(new NodeConfig.Tls(certificate, key)))
                .contains(own.getNotAfter().toInstant());
        assertThat(TlsFiles.end(new NodeConfig.Tls(key, key))).isEmpty();
    }

    @Test
    void whatCannotBeReadIsNamedWithItsKey() {
        Path missing = folder.resolve("missing.pem");
        assertThat(objection(missing, key))
                .isEqualTo("tls.certificate: the file " + missing + " does not exist");
        assertThat(objection(certificate, missing))
                .isEqualTo("tls.key: the file " + missing + " does not exist");
        assertThat(objection(folder, key)).endsWith("is a directory");
    }

    @Test
    void theTwoFilesAreToldApart() {
        assertThat(objection(key, certificate))
                .startsWith("tls.certificate: the file " + key)
                .endsWith("holds no PEM certificate");
        assertThat(objection(certificate, certificate))
                .startsWith("tls.key: the file " + certificate)
                .endsWith("holds no PEM private key");
    }

    @Test
    void aKeyInAnotherFormSaysHowToConvertIt() throws Exception {
        Path old = write("old.pem", "RSA PRIVATE KEY", new byte[9]);
        assertThat(objection(certificate, old)).contains("openssl pkcs8 -topk8 -nocrypt");
        Path encrypted = write("encrypted.pem", "ENCRYPTED PRIVATE KEY", new byte[9]);
        assertThat(objection(certificate, encrypted)).contains("openssl pkcs8 -topk8 -nocrypt");
    }

    @Test
    void aKeyOfAnotherCertificateIsNoticed() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        KeyPair other = generator.generateKeyPair();
        Path foreign = write("foreign.pem", "PRIVATE KEY", other.getPrivate().getEncoded());
        assertThat(objection(certificate, foreign)).contains("is not the key of the certificate");
        Path rsa =
                write(
                        "rsa.pem",
                        "PRIVATE KEY",
                        KeyPairGenerator.getInstance("RSA")
                                .generateKeyPair()
                                .getPrivate()
                                .getEncoded());
        assertThat(objection(certificate, rsa)).contains("holds no key for the certificate's EC");
    }
}
