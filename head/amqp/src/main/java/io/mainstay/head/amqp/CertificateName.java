package io.mainstay.head.amqp;

import io.mainstay.head.amqp.AmqpHeadConfig.LoginName;

import org.jspecify.annotations.Nullable;

import java.security.cert.X509Certificate;
import java.util.Map;

import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.security.auth.x500.X500Principal;

/// The user that a client's certificate names.
final class CertificateName {

    /// Attributes that RFC 4514 does not name and RabbitMQ writes so.
    private static final Map<String, String> RABBIT_WORDS =
            Map.of(
                    "2.5.4.4", "SN",
                    "2.5.4.5", "SERIALNUMBER",
                    "2.5.4.12", "TITLE",
                    "2.5.4.42", "GIVENNAME",
                    "2.5.4.43", "INITIALS",
                    "2.5.4.44", "GENERATIONQUALIFIER",
                    "2.5.4.65", "PSEUDONYM",
                    "1.2.840.113549.1.9.1", "EMAILADDRESS");

    private CertificateName() {}

    /// `null` if the client showed no certificate, or one without that name: then it has other mechanisms.
    static @Nullable String of(SSLSession session, LoginName wanted) {
        try {
            X509Certificate own = (X509Certificate) session.getPeerCertificates()[0];
            return of(own.getSubjectX500Principal(), wanted);
        } catch (SSLPeerUnverifiedException none) {
            return null;
        }
    }

    static @Nullable String of(X500Principal subject, LoginName wanted) {
        return switch (wanted) {
            case DISTINGUISHED_NAME -> {
                String name = subject.getName(X500Principal.RFC2253, RABBIT_WORDS);
                yield name.isEmpty() ? null : name;
            }
            case COMMON_NAME -> commonName(subject.getName());
        };
    }

    private static @Nullable String commonName(String subject) {
        try {
            for (Rdn part : new LdapName(subject).getRdns()) {
                if (part.getType().equalsIgnoreCase("CN")) {
                    return String.valueOf(part.getValue());
                }
            }
            return null;
        } catch (InvalidNameException unreadable) {
            return null;
        }
    }
}
