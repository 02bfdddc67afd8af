package io.mainstay.testkit;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A real Spring Eureka server as the peer to compare with, in a JVM of its own.
public final class EurekaServerProcess implements AutoCloseable {
    private static final Duration READY = Duration.ofSeconds(120);

    private final JavaProcess process;
    private final int port;

    private EurekaServerProcess(JavaProcess process, int port) {
        this.process = process;
        this.port = port;
    }

    /// Starts it and waits until it answers.
    ///
    /// @param target build folder of the module `examples/eureka-peer`
    /// @param properties Spring properties beside those of its `application.yml`, as `key=value`
    public static EurekaServerProcess start(
            Path java, Path target, Path log, String... properties) {
        return startOn(HeldPorts.take(), java, target, log, properties);
    }

    /// Starts it on a port of the caller's choice.
    public static EurekaServerProcess startOn(
            int port, Path java, Path target, Path log, String... properties) {
        List<String> arguments = new ArrayList<>();
        arguments.add("--server.port=" + port);
        for (String property : properties) {
            arguments.add("--" + property);
        }
        JavaProcess process =
                JavaProcess.start(
                        new JavaProcess.Command(
                                "Spring Eureka server",
                                java,
                                List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                                JavaProcess.classpathOf(target),
                                "io.mainstay.peer.EurekaPeer",
                                arguments,
                                log));
        EurekaServerProcess server = new EurekaServerProcess(process, port);
        try {
            Conditions.await(
                    "the Eureka server's first answer",
                    READY,
                    () -> {
                        if (!process.alive()) {
                            throw new AssertionError("it ended:\n" + process.log());
                        }
                        return Http.get(server.eurekaUrl() + "apps/").status() == 200;
                    });
            return server;
        } catch (AssertionError e) {
            process.kill();
            throw e;
        }
    }

    public int port() {
        return port;
    }

    public String eurekaUrl() {
        return "http://127.0.0.1:" + port + "/eureka/";
    }

    public JavaProcess process() {
        return process;
    }

    @Override
    public void close() {
        process.close();
    }
}
