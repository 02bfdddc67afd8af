package io.mainstay.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.server.command.Finding.Level;
import io.mainstay.server.config.ConfigLoader;
import io.mainstay.server.config.Head;
import io.mainstay.server.config.NodeConfig;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/// Each check is provoked once; whatever is not well says how to cure it.
class DoctorTest {

    private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");

    private static NodeConfig config(Map<String, String> flags) throws Exception {
        return ConfigLoader.load(null, flags, Map.of());
    }

    private static void says(Finding finding, String id, Level level) {
        assertThat(finding.id()).isEqualTo(id);
        assertThat(finding.level()).as(finding.cause()).isEqualTo(level);
        assertThat(finding.cause()).isNotBlank();
        assertThat(finding.fix().isEmpty()).isEqualTo(level == Level.OK);
    }

    @Test
    void theMachineIsJudged() {
        says(MachineChecks.jdk(21), "jdk", Level.BAD);
        says(MachineChecks.jdk(25), "jdk", Level.OK);
        says(MachineChecks.heap(64 << 20), "heap", Level.WARN);
        says(MachineChecks.processors(1), "processors", Level.WARN);
        says(MachineChecks.clock(Instant.EPOCH), "clock", Level.BAD);
        says(MachineChecks.encoding("ISO-8859-1"), "encoding", Level.WARN);
    }

    @Test
    void theLimitOfOpenFilesIsRead() {
        String line = "Max open files            %s                 524288               files\n";
        says(MachineChecks.openFiles(line.formatted("1024")), "open-files", Level.WARN);
        says(MachineChecks.openFiles(line.formatted("65536")), "open-files", Level.OK);
        says(MachineChecks.openFiles(line.formatted("unlimited")), "open-files", Level.OK);
        says(MachineChecks.openFiles(""), "open-files", Level.OK);
    }

    @Test
    void theDiskIsJudged(@TempDir Path folder) {
        says(DiskChecks.space(100 << 20, 256 << 20, 64 << 20), "disk-space", Level.BAD);
        says(DiskChecks.space(300 << 20, 256 << 20, 64 << 20), "disk-space", Level.WARN);
        says(DiskChecks.sync(50), "disk-sync", Level.WARN);
        Path missing = folder.resolve("missing");
        says(DiskChecks.writable(missing, missing), "data-dir", Level.BAD);
        assertThat(DiskChecks.all(missing, 0, 1 << 20)).hasSize(3);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void theConfigurationIsJudged() throws Exception {
        NodeConfig open = config(Map.of("bind", "0.0.0.0", "http.enabled", "false"));
        says(ConfigChecks.bind(open), "bind", Level.WARN);
        says(ConfigChecks.tls(open, NOW), "tls", Level.WARN);
        says(ConfigChecks.console(open), "admin", Level.WARN);
        NodeConfig noFile =
                config(Map.of("tls.certificate", "/nowhere/c.pem", "tls.key", "/nowhere/k.pem"));
        says(ConfigChecks.tls(noFile, NOW), "tls", Level.BAD);
    }

    @Test
    void aCertificateThatEndsSoonIsToldInTime() {
        says(ConfigChecks.tlsEnd(NOW.minusSeconds(1), NOW), "tls", Level.BAD);
        says(ConfigChecks.tlsEnd(NOW.plus(Duration.ofDays(13)), NOW), "tls", Level.WARN);
        says(ConfigChecks.tlsEnd(NOW.plus(Duration.ofDays(15)), NOW), "tls", Level.OK);
    }

    @Test
    void aTakenPortIsFound() throws Exception {
        try (ServerSocket owner = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            says(
                    ConfigChecks.port(Head.HTTP, "127.0.0.1", owner.getLocalPort()),
                    "port-http",
                    Level.WARN);
        }
        says(ConfigChecks.port(Head.HTTP, "127.0.0.1", 0), "port-http", Level.OK);
    }

    @Test
    void thePortsOfAllHeadsThatListenAreLookedAt() throws Exception {
        assertThat(ConfigChecks.all(config(Map.of()), NOW))
                .extracting(Finding::id)
                .filteredOn(id -> id.startsWith("port-"))
                .containsExactly(
                        "port-http",
                        "port-eureka",
                        "port-grpc",
                        "port-amqp",
                        "port-rabbitmq",
                        "port-rabbitmq-metrics");
    }
}
