package io.mainstay.it.amqp.differential;

import com.rabbitmq.client.Connection;

import io.mainstay.testkit.Conditions;
import io.mainstay.testkit.HeldPorts;
import io.mainstay.testkit.JavaProcess;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Apache Qpid Broker-J, in memory, in a process of its own. It does not run on this Java: since 24 there is no `Subject.getSubject` any more.
final class Qpid implements AutoCloseable {

    private static final Path JARS = Path.of("target", "qpid");
    private static final Path JAVAS = Path.of("/usr/lib/jvm");
    private static final Pattern VERSION = Pattern.compile("JAVA_VERSION=\"([0-9]+)");
    private static final int OLDEST = 17;
    private static final int NEWEST = 23;
    private static final Duration READY = Duration.ofSeconds(60);

    private final Peer peer;
    private final JavaProcess process;

    private Qpid(Peer peer, JavaProcess process) {
        this.peer = peer;
        this.process = process;
    }

    static boolean isThere() {
        return Files.isDirectory(JARS) && java() != null;
    }

    static Qpid start(Path home) throws IOException {
        Path java = java();
        if (java == null) {
            throw new IllegalStateException("no Java that Qpid runs on");
        }
        int port = HeldPorts.take();
        Files.createDirectories(home);
        Path sources = Path.of("src", "test", "resources", "qpid");
        JavaProcess process =
                JavaProcess.start(
                        new JavaProcess.Command(
                                "Qpid Broker-J",
                                java,
                                List.of("-Xmx256m", "-XX:+UseSerialGC"),
                                JARS.resolve("*").toString(),
                                // Compiled by the Java that runs it.
                                sources.resolve("QpidPeer.java").toString(),
                                List.of(
                                        Integer.toString(port),
                                        sources.resolve("config.json").toString(),
                                        home.toString()),
                                home.resolve("log")));
        Qpid started = new Qpid(Peer.on(port, ""), process);
        try {
            Conditions.await("Qpid Broker-J", READY, started::answers);
            return started;
        } catch (AssertionError late) {
            started.close();
            throw new IllegalStateException(process.log(), late);
        }
    }

    private boolean answers() {
        try (Connection connection = peer.factory().newConnection()) {
            return connection.isOpen();
        } catch (Exception notYet) {
            return false;
        }
    }

    /// A Java of this machine that it runs on.
    private static @Nullable Path java() {
        try (Stream<Path> all = Files.isDirectory(JAVAS) ? Files.list(JAVAS) : Stream.empty()) {
            return all.filter(Qpid::isRight)
                    .map(home -> home.resolve("bin").resolve("java"))
                    .filter(Files::isExecutable)
                    .findFirst()
                    .orElse(null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isRight(Path home) {
        try {
            Matcher version = VERSION.matcher(Files.readString(home.resolve("release")));
            if (!version.find()) {
                return false;
            }
            int number = Integer.parseInt(version.group(1));
            return OLDEST <= number && number <= NEWEST;
        } catch (IOException none) {
            return false;
        }
    }

    Peer peer() {
        return peer;
    }

    @Override
    public void close() {
        process.close();
    }
}
