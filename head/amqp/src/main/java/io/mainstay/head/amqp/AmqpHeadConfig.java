package io.mainstay.head.amqp;

import io.mainstay.common.Check;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.Set;

/// Where the AMQP head listens and what it takes.
///
/// @param host address to bind
/// @param port of AMQP; 0: a free one
/// @param tls where AMQP over TLS is spoken, `null`: nowhere
/// @param messageMaxBytes body of a message, 1 to 512 MiB
/// @param maxConnections of clients that are let in, 1 and up
/// @param channelMax channels of a connection, 1 to 65,535
/// @param transactionMaxBytes bodies of a transaction, 1 and up
/// @param loopbackUsers who may come from this machine only, as `guest`, whose password everybody knows
/// @param nodeName what clients see as `cluster_name`, and a part of ids of connections
public record AmqpHeadConfig(
        String host,
        int port,
        @Nullable Tls tls,
        int messageMaxBytes,
        int maxConnections,
        int channelMax,
        long transactionMaxBytes,
        Set<String> loopbackUsers,
        String nodeName) {

    /// RabbitMQ's default since 4.0.
    public static final int MESSAGE_MAX_BYTES = 16 << 20;

    /// RabbitMQ's default.
    public static final int CHANNEL_MAX = 2047;

    public static final long TRANSACTION_MAX_BYTES = 64L << 20;

    /// RabbitMQ's default.
    public static final Set<String> LOOPBACK_USERS = Set.of("guest");

    private static final int MESSAGE_MOST_BYTES = 512 << 20;

    public AmqpHeadConfig {
        Check.that(port >= 0 && port <= 65_535, "amqp.port is %s, allowed: 0 to 65535", port);
        Check.that(maxConnections > 0, "%s connections, allowed: 1 and up", maxConnections);
        Check.that(
                channelMax > 0 && channelMax <= 65_535,
                "%s channels, allowed: 1 to 65535",
                channelMax);
        Check.that(transactionMaxBytes > 0, "a transaction of %s bytes", transactionMaxBytes);
        Check.that(
                messageMaxBytes > 0 && messageMaxBytes <= MESSAGE_MOST_BYTES,
                "the largest message is %s bytes, allowed: 1 to %s",
                messageMaxBytes,
                MESSAGE_MOST_BYTES);
    }

    /// @param port 0: a free one
    /// @param certificate PEM file with the certificate chain
    /// @param key PEM file with the private key (PKCS #8)
    /// @param clients what is asked of certificates of clients; `null`: no client is asked for one
    public record Tls(int port, Path certificate, Path key, @Nullable ClientCertificates clients) {

        public Tls {
            Check.that(port >= 0 && port <= 65_535, "amqps.port is %s, allowed: 0 to 65535", port);
        }
    }

    /// A client that shows a certificate which is signed by one of `ca` is offered the mechanism EXTERNAL.
    ///
    /// @param ca PEM file with the certificates that sign those of clients
    /// @param required whether a client without a certificate is turned away by TLS itself
    /// @param name which part of a certificate is the name of its user
    public record ClientCertificates(Path ca, boolean required, LoginName name) {}

    /// RabbitMQ's `ssl_cert_login_from`.
    public enum LoginName {
        /// The whole subject as RFC 4514 writes it, as in `CN=orders,O=Shop`: RabbitMQ's default.
        DISTINGUISHED_NAME,
        /// The common name in the subject, as in `orders`.
        COMMON_NAME
    }
}
