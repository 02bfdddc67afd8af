package io.mainstay.server.config;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Whether the two files of TLS can be used, and belong together. Otherwise a client would be the first to notice.
public final class TlsFiles {

    /// No chain and no key is near it; a device or a log that was named by mistake is not read to its end.
    private static final long MAX_BYTES = 1 << 20;

    private static final String OWN = "tls.certificate";

    private static final Pattern KEY =
            Pattern.compile("-----BEGIN ([A-Z ]*)PRIVATE KEY-----([^-]+)-----END");

    private TlsFiles() {}

    /// A sentence that names the key of the configuration and the file, or nothing if all is well.
    public static Optional<String> objection(NodeConfig.Tls tls) {
        try {
            Certificate certificate = certificate(OWN, tls.certificate());
            PrivateKey key = key(tls.key(), certificate.getPublicKey().getAlgorithm());
            if (!belongTogether(certificate.getPublicKey(), key)) {
                throw new Unusable(
                        "tls.key",
                        tls.key(),
                        "is not the key of the certificate " + tls.certificate());
            }
            return Optional.empty();
        } catch (Unusable unusable) {
            return Optional.of(String.valueOf(unusable.getMessage()));
        }
    }

    /// The same for the certificates that sign those of clients.
    public static Optional<String> objection(NodeConfig.ClientCertificates clients) {
        try {
            certificate("amqps.client-ca", clients.ca());
            return Optional.empty();
        } catch (Unusable unusable) {
            return Optional.of(String.valueOf(unusable.getMessage()));
        }
    }

    /// When the node's own certificate ends, or nothing if that cannot be read: [#objection] says why.
    public static Optional<Instant> end(NodeConfig.Tls tls) {
        try {
            return certificate(OWN, tls.certificate()) instanceof X509Certificate own
                    ? Optional.of(own.getNotAfter().toInstant())
                    : Optional.empty();
        } catch (Unusable unusable) {
            return Optional.empty();
        }
    }

    /// @param key of the configuration
    private static Certificate certificate(String key, Path file) throws Unusable {
        byte[] bytes = read(key, file);
        try {
            // The first of a chain is the node's own.
            var chain =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(bytes));
            if (!chain.isEmpty()) {
                return chain.iterator().next();
            }
        } catch (GeneralSecurityException broken) {
            throw new Unusable(key, file, "holds no PEM certificate", broken);
        }
        throw new Unusable(key, file, "holds no PEM certificate");
    }

    private static PrivateKey key(Path file, String algorithm) throws Unusable {
        String text = new String(read("tls.key", file), StandardCharsets.ISO_8859_1);
        Matcher found = KEY.matcher(text);
        if (!found.find()) {
            throw new Unusable("tls.key", file, "holds no PEM private key");
        }
        if (!found.group(1).isEmpty()) {
            throw new Unusable(
                    "tls.key",
                    file,
                    "holds a key in another form than plain PKCS #8: convert it with 'openssl pkcs8 -topk8 -nocrypt'");
        }
        try {
            byte[] encoded = Base64.getMimeDecoder().decode(found.group(2));
            return KeyFactory.getInstance(algorithm)
                    .generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (IllegalArgumentException | GeneralSecurityException broken) {
            throw new Unusable(
                    "tls.key", file, "holds no key for the certificate's " + algorithm, broken);
        }
    }

    /// What one signs the other verifies.
    private static boolean belongTogether(PublicKey certified, PrivateKey key) {
        String algorithm =
                switch (certified.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> certified.getAlgorithm();
                };
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(new byte[32]);
            byte[] signed = signature.sign();
            signature.initVerify(certified);
            signature.update(new byte[32]);
            return signature.verify(signed);
        } catch (GeneralSecurityException differs) {
            // Keys of different sizes or curves say it so.
            return false;
        }
    }

    private static byte[] read(String key, Path file) throws Unusable {
        try {
            if (Files.isDirectory(file)) {
                throw new Unusable(key, file, "is a directory");
            }
            if (Files.size(file) > MAX_BYTES) {
                throw new Unusable(key, file, "has more than 1 MiB");
            }
            return Files.readAllBytes(file);
        } catch (NoSuchFileException missing) {
            throw new Unusable(key, file, "does not exist", missing);
        } catch (AccessDeniedException denied) {
            throw new Unusable(key, file, "may not be read by this user", denied);
        } catch (IOException e) {
            throw new Unusable(key, file, "cannot be read: " + e.getMessage(), e);
        }
    }

    private static final class Unusable extends Exception {
        private static final long serialVersionUID = 1L;

        Unusable(String key, Path file, String why) {
            super(sentence(key, file, why));
        }

        Unusable(String key, Path file, String why, Throwable cause) {
            super(sentence(key, file, why), cause);
        }

        private static String sentence(String key, Path file, String why) {
            return key + ": the file " + file.toAbsolutePath() + " " + why;
        }
    }
}
