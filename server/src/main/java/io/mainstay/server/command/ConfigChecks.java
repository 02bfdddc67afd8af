package io.mainstay.server.command;

import io.mainstay.server.config.Head;
import io.mainstay.server.config.NodeConfig;
import io.mainstay.server.config.TlsFiles;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Checks of what is configured: ports, addresses, TLS.
final class ConfigChecks {

    /// Heads that listen in this version; amqps does so where there is a certificate.
    private static final List<Head> BUILT =
            List.of(
                    Head.HTTP,
                    Head.EUREKA,
                    Head.GRPC,
                    Head.AMQP,
                    Head.AMQPS,
                    Head.RABBITMQ,
                    Head.RABBITMQ_METRICS);

    private static final Finding ON = Finding.ok("tls", "on");

    /// A certificate that ends sooner is worth a word.
    private static final Duration TLS_NOTICE = Duration.ofDays(14);

    private ConfigChecks() {}

    static List<Finding> all(NodeConfig config, Instant now) {
        List<Finding> findings = new ArrayList<>();
        findings.add(bind(config));
        findings.add(tls(config, now));
        findings.add(console(config));
        for (Head head : BUILT) {
            boolean listens = head != Head.AMQPS || config.tls() != null;
            if (listens && config.head(head).enabled()) {
                findings.add(port(head, config.bind(), config.head(head).port()));
            }
        }
        return findings;
    }

    static Finding bind(NodeConfig config) {
        return config.beyondLoopback()
                ? Finding.warn(
                        "bind",
                        config.bind() + " can be reached from other machines",
                        "Users are needed then ('mainstay user init'); or bind to 127.0.0.1.")
                : Finding.ok("bind", config.bind() + " can be reached from this machine only");
    }

    /// @param now what the end of the certificate is compared with
    static Finding tls(NodeConfig config, Instant now) {
        NodeConfig.Tls tls = config.tls();
        if (tls == null) {
            return config.beyondLoopback()
                    ? Finding.warn(
                            "tls",
                            "passwords travel in the clear",
                            "Set tls.certificate and tls.key.")
                    : Finding.ok("tls", "off, and not needed on loopback");
        }
        NodeConfig.ClientCertificates clients = config.clientCertificates();
        return TlsFiles.objection(tls)
                .or(() -> clients == null ? Optional.empty() : TlsFiles.objection(clients))
                .map(
                        objection ->
                                Finding.bad(
                                        "tls",
                                        objection,
                                        "Give a PEM certificate and its key in PKCS #8, readable by this user."))
                .orElseGet(() -> TlsFiles.end(tls).map(end -> tlsEnd(end, now)).orElse(ON));
    }

    static Finding tlsEnd(Instant end, Instant now) {
        String fix = "Renew the certificate and start the node again.";
        if (end.isBefore(now)) {
            return Finding.bad("tls", "the certificate ended at " + end, fix);
        }
        return end.isBefore(now.plus(TLS_NOTICE))
                ? Finding.warn(
                        "tls",
                        "the certificate ends at %s, within %d days"
                                .formatted(end, TLS_NOTICE.toDays()),
                        fix)
                : Finding.ok("tls", "on; the certificate ends at " + end);
    }

    static Finding console(NodeConfig config) {
        return config.head(Head.HTTP).enabled()
                ? Finding.ok("admin", "console and commands can reach the node")
                : Finding.warn(
                        "admin",
                        "http.enabled is false: no console, no metrics, no commands",
                        "Set http.enabled to true.");
    }

    static Finding port(Head head, String bind, int port) {
        String id = "port-" + head.id();
        if (port == 0) {
            return Finding.ok(id, "a free one");
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(bind), port));
            return Finding.ok(id, bind + ":" + port + " is free");
        } catch (IOException taken) {
            return Finding.warn(
                    id,
                    bind + ":" + port + " cannot be bound: " + taken.getMessage(),
                    "If it is not this node that runs already, stop its owner or set "
                            + head.id()
                            + ".port.");
        }
    }
}
