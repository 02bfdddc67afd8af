package io.mainstay.it.amqp;

import com.rabbitmq.client.ConnectionFactory;

import io.mainstay.testkit.Http;
import io.mainstay.testkit.NodeProcess;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Objects;
import java.util.stream.Stream;

/// The broker that the tests talk to: a node of ours, or the one that [#ADDRESS] names.
final class Broker implements AutoCloseable {

    /// System property with `host:port` of a broker to test in place of a node.
    static final String ADDRESS = "mainstay.it.amqp";

    private final String host;
    private final int port;
    private final @Nullable NodeProcess node;

    /// Of a node that is the broker's own.
    private final @Nullable Path home;

    private Broker(String host, int port, @Nullable NodeProcess node, @Nullable Path home) {
        this.host = host;
        this.port = port;
        this.node = node;
        this.home = home;
    }

    static Broker start() throws IOException {
        String address = System.getProperty(ADDRESS, "");
        if (!address.isEmpty()) {
            int colon = address.lastIndexOf(':');
            String host = address.substring(0, colon);
            return new Broker(host, Integer.parseInt(address.substring(colon + 1)), null, null);
        }
        Path home = Files.createTempDirectory("mainstay-it-amqp");
        NodeProcess node = NodeProcess.start(home);
        return new Broker("127.0.0.1", node.amqpPort(), node, home);
    }

    /// A node of the test's own.
    static Broker of(NodeProcess node) {
        return new Broker("127.0.0.1", node.amqpPort(), node, null);
    }

    boolean listens() {
        return port != 0;
    }

    /// False: another broker is tested, whose state and process are not ours.
    boolean isMainstay() {
        return node != null;
    }

    String host() {
        return host;
    }

    int port() {
        return port;
    }

    /// What our node tells Prometheus.
    String metrics() throws Exception {
        return Http.get(Objects.requireNonNull(node).httpUrl() + "/metrics").body();
    }

    /// As `guest`, without recovery: what breaks shall be seen.
    ConnectionFactory factory() {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost(host);
        factory.setPort(port);
        factory.setAutomaticRecoveryEnabled(false);
        return factory;
    }

    /// Kills a node of ours and removes what it wrote.
    @Override
    public void close() {
        if (node == null || home == null) {
            return;
        }
        node.kill();
        try (Stream<Path> files = Files.walk(home)) {
            files.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
