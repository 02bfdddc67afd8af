package io.mainstay.server.command;

import io.mainstay.server.config.Head;
import io.mainstay.server.config.NodeConfig;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Checks of what is configured: ports, addresses, TLS.
final class ConfigChecks {

    /// Heads that listen in this version.
    private static final List<Head> BUILT = List.of(Head.HTTP, Head.EUREKA);

    private ConfigChecks() {}

    static List<Finding> all(NodeConfig config) {
        List<Finding> findings = new ArrayList<>();
        findings.add(bind(config));
        findings.add(tls(config));
        findings.add(console(config));
        for (Head head : BUILT) {
            if (config.head(head).enabled()) {
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
                        "Bind to 127.0.0.1, or see that only those who may can reach it.")
                : Finding.ok("bind", config.bind() + " can be reached from this machine only");
    }

    static Finding tls(NodeConfig config) {
        NodeConfig.Tls tls = config.tls();
        if (tls == null) {
            return config.beyondLoopback()
                    ? Finding.warn(
                            "tls",
                            "passwords travel in the clear",
                            "Set tls.certificate and tls.key.")
                    : Finding.ok("tls", "off, and not needed on loopback");
        }
        for (Path file : List.of(tls.certificate(), tls.key())) {
            if (!Files.isReadable(file)) {
                return Finding.bad(
                        "tls", file + " cannot be read", "Check its path and who may read it.");
            }
        }
        return Finding.ok("tls", "on");
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
