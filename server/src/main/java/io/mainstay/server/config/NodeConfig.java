package io.mainstay.server.config;

import io.mainstay.common.Check;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Everything that a node is made from, checked. See [Settings] for units and ranges.
///
/// @param dataDir of this node alone
/// @param bind address that all heads listen on
/// @param heads port and switch of every head
/// @param tls null: plain HTTP
/// @param clientCertificates null: AMQP clients are not asked for a certificate
/// @param dataGroups number of data groups beside `meta`
/// @param bodyMaxBytes largest request body of the HTTP heads
/// @param messageMaxBytes largest body of a message
/// @param maxConnections of AMQP clients
/// @param channelMax channels of an AMQP connection
/// @param transactionMaxBytes bodies of messages in a transaction
/// @param loopbackUsers who may come from this machine only
/// @param memoryWatermarkPercent above it publishers are blocked
/// @param consumerTimeoutMs how long a consumer may keep a delivery unsettled by default; 0: for ever
/// @param traces null: the node makes none
public record NodeConfig(
        Path dataDir,
        String nodeId,
        String bind,
        Map<Head, HeadConfig> heads,
        @Nullable Tls tls,
        @Nullable ClientCertificates clientCertificates,
        int dataGroups,
        Journal journal,
        Registry registry,
        List<String> eurekaPeers,
        int bodyMaxBytes,
        int messageMaxBytes,
        int maxConnections,
        int channelMax,
        long transactionMaxBytes,
        List<String> loopbackUsers,
        int memoryWatermarkPercent,
        int consumerTimeoutMs,
        @Nullable Traces traces,
        Log log) {

    /// @param port 0: a free one
    public record HeadConfig(int port, boolean enabled) {}

    public record Tls(Path certificate, Path key) {}

    /// Certificates of AMQP clients.
    ///
    /// @param ca what signs them
    /// @param required whether a client must have one
    /// @param byCommonName whether the common name in it is the user, and not the whole subject
    public record ClientCertificates(Path ca, boolean required, boolean byCommonName) {}

    public record Journal(int segmentBytes, long watermarkBytes) {}

    public record Registry(
            Protection protection, int deltaWindowMs, int maxInstances, long pushBytesPerSecond) {}

    /// @param enabled false: evictions are never held, whatever an operator says later
    public record Protection(
            boolean enabled,
            int servicePercent,
            int serviceMin,
            int globalPercent,
            int globalMin,
            long maxMs) {}

    /// @param endpoint URL of the collector
    /// @param ratio share of what has no `traceparent` that is traced, 0 to 1
    /// @param maxSpans that are open or wait for the collector
    public record Traces(String endpoint, double ratio, int maxSpans) {}

    /// @param format `auto`, `text` or `json`
    /// @param level a level of SLF4J in lower case
    public record Log(String format, String level) {

        /// @param terminal whether the log goes to a terminal
        public boolean json(boolean terminal) {
            return format.equals("json") || (format.equals("auto") && !terminal);
        }
    }

    public HeadConfig head(Head head) {
        return Check.present(heads.get(head), "no configuration of the head %s", head);
    }

    /// Whether other machines can reach the heads.
    public boolean beyondLoopback() {
        try {
            return !InetAddress.getByName(bind).isLoopbackAddress();
        } catch (UnknownHostException unknown) {
            // Binding will fail with its own sentence; until then the safe answer.
            return true;
        }
    }

    private static @Nullable ClientCertificates clientCertificates(Configuration values) {
        Path ca = values.path("amqps.client-ca").orElse(null);
        return ca == null
                ? null
                : new ClientCertificates(
                        ca,
                        values.text("amqps.client-certificate").equals("required"),
                        values.text("amqps.login-from").equals("common-name"));
    }

    private static @Nullable Traces traces(Configuration values) {
        String endpoint = values.text("traces.otlp-endpoint");
        return endpoint.isEmpty()
                ? null
                : new Traces(
                        endpoint,
                        values.ratio("traces.sample-ratio"),
                        values.smallNumber("traces.max-spans"));
    }

    static NodeConfig of(Configuration values) {
        Map<Head, HeadConfig> heads = new java.util.EnumMap<>(Head.class);
        for (Head head : Head.values()) {
            heads.put(
                    head,
                    new HeadConfig(
                            values.smallNumber(head.id() + ".port"),
                            values.isOn(head.id() + ".enabled")));
        }
        Path certificate = values.path("tls.certificate").orElse(null);
        Path key = values.path("tls.key").orElse(null);
        return new NodeConfig(
                Path.of(values.text("data.dir")),
                values.text("node.id"),
                values.text("bind"),
                java.util.Collections.unmodifiableMap(heads),
                certificate == null || key == null ? null : new Tls(certificate, key),
                clientCertificates(values),
                values.smallNumber("groups.data"),
                new Journal(
                        values.smallNumber("journal.segment-bytes"),
                        values.number("disk.watermark-bytes")),
                new Registry(
                        new Protection(
                                values.isOn("registry.protection.enabled"),
                                values.smallNumber("registry.protection.service-percent"),
                                values.smallNumber("registry.protection.service-min"),
                                values.smallNumber("registry.protection.global-percent"),
                                values.smallNumber("registry.protection.global-min"),
                                values.number("registry.protection.max-ms")),
                        values.smallNumber("registry.delta-window-ms"),
                        values.smallNumber("registry.max-instances"),
                        values.number("registry.push-bytes-per-second")),
                values.list("eureka.peers"),
                values.smallNumber("http.body-max-bytes"),
                values.smallNumber("amqp.message-max-bytes"),
                values.smallNumber("amqp.max-connections"),
                values.smallNumber("amqp.channel-max"),
                values.number("amqp.transaction-max-bytes"),
                values.list("amqp.loopback-users"),
                values.smallNumber("amqp.memory-watermark-percent"),
                values.smallNumber("amqp.consumer-timeout-ms"),
                traces(values),
                new Log(values.text("log.format"), values.text("log.level")));
    }
}
