package io.mainstay.server.config;

import io.mainstay.server.config.Setting.Type;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The table of every key; the reference page is made from it.
public final class Settings {

    private static final long GIB = 1L << 30;
    private static final Map<String, Setting> ALL = table();

    private Settings() {}

    /// In the order of the reference page.
    public static List<Setting> all() {
        return List.copyOf(ALL.values());
    }

    public static @Nullable Setting find(String key) {
        return ALL.get(key);
    }

    /// The known key that is nearest to `wrong`, if one is near enough to be meant.
    public static Optional<String> nearest(String wrong) {
        return nearest(wrong, List.copyOf(ALL.keySet()));
    }

    static Optional<String> nearest(String wrong, List<String> known) {
        int bound = Math.max(2, wrong.length() / 3);
        return known.stream()
                .min(Comparator.comparingInt(key -> EditDistance.between(wrong, key)))
                .filter(key -> EditDistance.between(wrong, key) <= bound);
    }

    private static Map<String, Setting> table() {
        List<Setting> settings = new ArrayList<>();
        node(settings);
        heads(settings);
        journal(settings);
        registry(settings);
        traces(settings);
        Map<String, Setting> byKey = new LinkedHashMap<>();
        settings.forEach(setting -> byKey.put(setting.key(), setting));
        return byKey;
    }

    private static void node(List<Setting> to) {
        to.add(
                Setting.of(
                        Type.PATH,
                        "data.dir",
                        "mainstay-data",
                        "Directory of everything the node keeps; one node per directory."));
        to.add(
                Setting.of(
                        Type.TEXT,
                        "node.id",
                        "node-1",
                        "Name of this node in logs, metrics and the console."));
        to.add(
                Setting.of(
                        Type.TEXT,
                        "bind",
                        "127.0.0.1",
                        "Address that the heads listen on; beyond loopback users are needed."));
        to.add(
                Setting.of(
                        Type.PATH,
                        "tls.certificate",
                        "",
                        "PEM file with the certificate chain; with tls.key it turns TLS on."));
        to.add(Setting.of(Type.PATH, "tls.key", "", "PEM file with the private key, as PKCS #8."));
        to.add(
                Setting.choice(
                        "log.format",
                        "auto",
                        List.of("auto", "text", "json"),
                        "Form of the log; auto is text on a terminal and JSON otherwise."));
        to.add(
                Setting.choice(
                        "log.level",
                        "info",
                        List.of("error", "warn", "info", "debug", "trace"),
                        "How much the node logs of itself."));
        to.add(
                Setting.number(
                        "groups.data",
                        "8",
                        "raft groups",
                        1,
                        64,
                        "Number of data groups; fixed when the node starts for the first time."));
    }

    private static void heads(List<Setting> to) {
        for (Head head : Head.values()) {
            to.add(
                    Setting.number(
                            head.id() + ".port",
                            Integer.toString(head.usualPort()),
                            "",
                            0,
                            65_535,
                            "Port of the head "
                                    + head.id()
                                    + " ("
                                    + head.speaks()
                                    + "); 0 is a free one."));
            to.add(
                    Setting.of(
                            Type.SWITCH,
                            head.id() + ".enabled",
                            "true",
                            "Whether the head " + head.id() + " listens."));
        }
        to.add(
                Setting.number(
                        "http.body-max-bytes",
                        "1MiB",
                        "bytes",
                        1_024,
                        64 << 20,
                        "Largest request body of the HTTP heads, as sent and again after decompression."));
        to.add(
                Setting.of(
                        Type.PATH,
                        "amqps.client-ca",
                        "",
                        "PEM file with the certificates that sign those of AMQP clients; it turns the mechanism EXTERNAL on."));
        to.add(
                Setting.choice(
                        "amqps.client-certificate",
                        "optional",
                        List.of("optional", "required"),
                        "With amqps.client-ca: whether an AMQP client without a certificate of its own is turned away."));
        to.add(
                Setting.choice(
                        "amqps.login-from",
                        "distinguished-name",
                        List.of("distinguished-name", "common-name"),
                        "What of a client's certificate is the name of its user with EXTERNAL."));
        to.add(
                Setting.number(
                        "amqp.message-max-bytes",
                        "16MiB",
                        "bytes",
                        1_024,
                        128 << 20,
                        "Largest body of a message; a larger one is refused with 406."));
        to.add(
                Setting.number(
                        "amqp.max-connections",
                        "50000",
                        "connections",
                        1,
                        1_000_000,
                        "AMQP connections that are let in, with and without TLS together; one more is refused with 530."));
        to.add(
                Setting.number(
                        "amqp.channel-max",
                        "2047",
                        "channels",
                        1,
                        65_535,
                        "Channels of an AMQP connection; a client that asks for more, or for no limit, is refused with 530."));
        to.add(
                Setting.number(
                        "amqp.transaction-max-bytes",
                        "64MiB",
                        "bytes",
                        1_024,
                        GIB,
                        "Message bodies in a transaction, in memory until it is committed; a publish beyond is refused with 406."));
        to.add(
                Setting.of(
                        Type.LIST,
                        "amqp.loopback-users",
                        "guest",
                        "Users whose AMQP clients may come from this machine only, by default the one whose password everybody knows; on other ports that is guest always, and without users nobody comes from elsewhere."));
        to.add(
                Setting.number(
                        "amqp.memory-watermark-percent",
                        "80",
                        "%",
                        10,
                        100,
                        "Publishers are blocked while more than this share is needed of the heap's old generation after a collection, or of the memory for buffers."));
        to.add(
                Setting.number(
                        "amqp.consumer-timeout-ms",
                        "1800000",
                        "ms",
                        0,
                        Integer.MAX_VALUE,
                        "How long a consumer may keep a delivery unsettled before its channel is closed with 406, where queue and policy say nothing; 0 is for ever."));
        to.add(
                Setting.of(
                        Type.LIST,
                        "eureka.peers",
                        "",
                        "Service URLs of Eureka servers to exchange instances with while moving: http://user:password@host:8761/eureka/."));
    }

    private static void journal(List<Setting> to) {
        to.add(
                Setting.number(
                        "journal.segment-bytes",
                        "64MiB",
                        "bytes",
                        16 << 20,
                        GIB,
                        "Size of one journal file, a multiple of 4 KiB; fixed at the first start."));
        to.add(
                Setting.number(
                        "disk.watermark-bytes",
                        "256MiB",
                        "bytes",
                        0,
                        1024 * GIB,
                        "Free disk space below which writes are refused."));
    }

    private static void traces(List<Setting> to) {
        to.add(
                Setting.of(
                        Type.TEXT,
                        "traces.otlp-endpoint",
                        "",
                        "URL of an OpenTelemetry collector that takes the node's own traces by OTLP over HTTP, as http://127.0.0.1:4318; without a path /v1/traces is added, and without a URL nothing is traced."));
        to.add(
                Setting.of(
                        Type.RATIO,
                        "traces.sample-ratio",
                        "0",
                        "Share of messages and HTTP requests without a traceparent that are traced; with one, its flag decides."));
        to.add(
                Setting.number(
                        "traces.max-spans",
                        "8192",
                        "spans",
                        64,
                        1 << 20,
                        "Spans that are open or wait for the collector; beyond that nothing more is traced, which mainstay_traces_lost_total counts."));
    }

    private static void registry(List<Setting> to) {
        to.add(
                Setting.of(
                        Type.SWITCH,
                        "registry.protection.enabled",
                        "true",
                        "Whether evictions are held while many instances fall silent together."));
        to.add(
                Setting.number(
                        "registry.protection.service-percent",
                        "50",
                        "%",
                        1,
                        100,
                        "Evictions of a service are held when more than this share of it fell silent together."));
        to.add(
                Setting.number(
                        "registry.protection.service-min",
                        "4",
                        "instances",
                        2,
                        1_000_000,
                        "A service with fewer instances is not judged by its share."));
        to.add(
                Setting.number(
                        "registry.protection.global-percent",
                        "15",
                        "%",
                        1,
                        100,
                        "All evictions are held when more than this share of all instances fell silent together."));
        to.add(
                Setting.number(
                        "registry.protection.global-min",
                        "10",
                        "instances",
                        2,
                        1_000_000,
                        "Fewer silent instances than this never hold all evictions."));
        to.add(
                Setting.number(
                        "registry.protection.max-ms",
                        "300000",
                        "ms",
                        1_000,
                        86_400_000,
                        "Longest time that protection holds one instance."));
        to.add(
                Setting.number(
                        "registry.delta-window-ms",
                        "180000",
                        "ms",
                        10_000,
                        3_600_000,
                        "How long a change stays in the delta that clients poll."));
        to.add(
                Setting.number(
                        "registry.max-instances",
                        "200000",
                        "instances",
                        1,
                        10_000_000,
                        "Instances that the registry holds; more are refused."));
        to.add(
                Setting.number(
                        "registry.push-bytes-per-second",
                        "0",
                        "bytes",
                        0,
                        10 * GIB,
                        "Bound of all pushes to streaming clients together; 0 for none. What must wait is merged."));
    }
}
