package io.mainstay.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A certificate for 127.0.0.1 and localhost that vouches for itself, made with the JDK's `keytool`.
///
/// @param certificate PEM file
/// @param key PEM file, PKCS #8
/// @param keyStore PKCS #12 with both
/// @param trustStore PKCS #12 with the certificate, for Java clients
public record TestCertificate(Path certificate, Path key, Path keyStore, Path trustStore) {

    /// Of all stores here.
    public static final String PASSWORD = "changeit";

    /// @param folder gets the files
    /// @param algorithm `RSA` or `EC`
    public static TestCertificate make(Path folder, String algorithm)
            throws IOException, InterruptedException, GeneralSecurityException {
        return make(folder, algorithm, "CN=node");
    }

    /// @param subject such as `CN=orders,O=Shop`
    public static TestCertificate make(Path folder, String algorithm, String subject)
            throws IOException, InterruptedException, GeneralSecurityException {
        Files.createDirectories(folder);
        Path store = folder.resolve("key.p12");
        keytool(
                "-genkeypair",
                "-alias",
                "node",
                "-keyalg",
                algorithm,
                "-dname",
                subject,
                "-validity",
                "2",
                "-ext",
                "SAN=ip:127.0.0.1,dns:localhost",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD);
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        Path certificate = folder.resolve("certificate.pem");
        Path key = folder.resolve("key.pem");
        Files.writeString(
                certificate, pem("CERTIFICATE", keys.getCertificate("node").getEncoded()));
        Files.writeString(
                key, pem("PRIVATE KEY", keys.getKey("node", PASSWORD.toCharArray()).getEncoded()));
        Path trusted = folder.resolve("trust.p12");
        keytool(
                "-importcert",
                "-noprompt",
                "-alias",
                "node",
                "-file",
                certificate.toString(),
                "-storetype",
                "PKCS12",
                "-keystore",
                trusted.toString(),
                "-storepass",
                PASSWORD);
        return new TestCertificate(certificate, key, store, trusted);
    }

    private static String pem(String what, byte[] bytes) {
        return "-----BEGIN "
                + what
                + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes)
                + "\n-----END "
                + what
                + "-----\n";
    }

    private static void keytool(String... arguments) throws IOException, InterruptedException {
        List<String> line = new java.util.ArrayList<>(List.of(arguments));
        line.addFirst(JavaProcess.sameJava().resolveSibling("keytool").toString());
        Path log = Files.createTempFile("keytool", ".log");
        try {
            Process process =
                    new ProcessBuilder(line)
                            .redirectErrorStream(true)
                            .redirectOutput(log.toFile())
                            .start();
            if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IOException("keytool failed: " + Files.readString(log));
            }
        } finally {
            Files.delete(log);
        }
    }
}
