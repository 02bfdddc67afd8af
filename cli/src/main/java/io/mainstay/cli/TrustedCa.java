package io.mainstay.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// Trust in the certificates of one PEM file and in nobody else.
final class TrustedCa {

    private TrustedCa() {}

    static SSLContext of(String file) {
        Collection<? extends Certificate> certificates;
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            certificates = CertificateFactory.getInstance("X.509").generateCertificates(in);
        } catch (IOException | GeneralSecurityException | InvalidPathException e) {
            throw unusable(file, e.toString(), e);
        }
        if (certificates.isEmpty()) {
            throw unusable(file, "it has no certificate", null);
        }
        try {
            return trusting(certificates);
        } catch (IOException | GeneralSecurityException e) {
            throw unusable(file, e.toString(), e);
        }
    }

    private static SSLContext trusting(Collection<? extends Certificate> certificates)
            throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        for (Certificate certificate : certificates) {
            store.setCertificateEntry("ca-" + store.size(), certificate);
        }
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private static CliException unusable(
            String file, String why, @org.jspecify.annotations.Nullable Exception cause) {
        String sentence =
                "--ca is \"" + file + "\", allowed: a PEM file with certificates (" + why + ")";
        return cause == null
                ? new CliException(ExitCode.USAGE, sentence)
                : new CliException(ExitCode.USAGE, sentence, cause);
    }
}
