package io.mainstay.demo;

import io.mainstay.testkit.EurekaServerProcess;
import io.mainstay.testkit.Http;
import io.mainstay.testkit.NodeProcess;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The server that the story is told on, seen through Eureka's protocol.
sealed interface Registry extends AutoCloseable {
    Pattern INSTANCE =
            Pattern.compile("\"instanceId\"\\s*:\\s*\"([^\"]+)\"|\"status\"\\s*:\\s*\"([A-Z_]+)\"");

    String name();

    String eurekaUrl();

    /// Port of the streaming protocol on loopback.
    default int streamingPort() {
        throw new IllegalStateException(name() + " does not stream");
    }

    /// For people: where to look at it.
    String consoleUrl();

    /// Port of AMQP on loopback, 0 if it has none: then orders go from service to service by calls.
    default int amqpPort() {
        return 0;
    }

    /// SIGKILL, and a start on the same ports; returns when it answers.
    void killAndStart();

    /// How long a step may take before the demo gives up.
    Duration patience();

    @Override
    void close();

    /// Ids of the instances of `service` whose status is UP; empty if it has none.
    default Set<String> up(String service) throws IOException, InterruptedException {
        Http.Answer answer = Http.get(eurekaUrl() + "apps/" + service);
        Set<String> up = new TreeSet<>();
        if (answer.status() == 404) {
            return up;
        }
        if (answer.status() != 200) {
            throw new IOException("HTTP status " + answer.status() + " from " + name());
        }
        // In the answer's fixed order of fields an instance's id comes before its status.
        String id = "";
        Matcher matcher = INSTANCE.matcher(answer.body());
        while (matcher.find()) {
            if (matcher.group(1) != null) {
                id = matcher.group(1);
            } else if (matcher.group(2).equals("UP")) {
                up.add(id);
            }
        }
        return up;
    }

    /// Sets the status that clients see, whatever the instance says of itself.
    default void overrideStatus(String service, String instance, String status)
            throws IOException, InterruptedException {
        String url = eurekaUrl() + "apps/" + service + "/" + instance + "/status?value=" + status;
        Http.Answer answer = Http.call("PUT", url, "");
        if (answer.status() != 200) {
            throw new IOException("HTTP status " + answer.status() + " for a status change");
        }
    }

    /// A Mainstay node.
    record Mainstay(NodeProcess node) implements Registry {
        static Mainstay start(Path java, List<String> flags, String classpath, Path home) {
            return new Mainstay(NodeProcess.start(java, flags, classpath, home));
        }

        @Override
        public String name() {
            return "Mainstay";
        }

        @Override
        public String eurekaUrl() {
            return node.eurekaUrl();
        }

        @Override
        public int streamingPort() {
            return node.grpcPort();
        }

        @Override
        public String consoleUrl() {
            return node.httpUrl() + "/";
        }

        @Override
        public int amqpPort() {
            return node.amqpPort();
        }

        @Override
        public void killAndStart() {
            node.kill();
            node.startAgain();
        }

        @Override
        public Duration patience() {
            return Duration.ofSeconds(30);
        }

        @Override
        public void close() {
            node.close();
        }
    }

    /// A Spring Eureka server, for comparison.
    final class SpringEureka implements Registry {
        private final Path java;
        private final Path target;
        private final Path log;
        private EurekaServerProcess server;

        SpringEureka(Path java, Path target, Path log) {
            this.java = java;
            this.target = target;
            this.log = log;
            this.server = EurekaServerProcess.start(java, target, log);
        }

        @Override
        public String name() {
            return "Spring Eureka server";
        }

        @Override
        public String eurekaUrl() {
            return server.eurekaUrl();
        }

        @Override
        public String consoleUrl() {
            return server.eurekaUrl().replace("/eureka/", "/");
        }

        @Override
        public void killAndStart() {
            int port = server.port();
            server.process().kill();
            server = EurekaServerProcess.startOn(port, java, target, log);
        }

        @Override
        public Duration patience() {
            return Duration.ofSeconds(240);
        }

        @Override
        public void close() {
            server.close();
        }
    }
}
