package io.mainstay.server.node;

import io.mainstay.console.ConsolePage;
import io.mainstay.head.eureka.EurekaHead;
import io.mainstay.head.eureka.EurekaHeadConfig;
import io.mainstay.head.eureka.EurekaPeers;
import io.mainstay.head.grpc.GrpcHead;
import io.mainstay.head.grpc.GrpcHeadConfig;
import io.mainstay.head.http.AdminServices;
import io.mainstay.head.http.ConsoleFiles;
import io.mainstay.head.http.HttpHead;
import io.mainstay.head.web.AccessAuthenticator;
import io.mainstay.head.web.Authenticator;
import io.mainstay.head.web.EventLoops;
import io.mainstay.head.web.WebServerConfig;
import io.mainstay.head.web.WebServerConfig.WebLimits;
import io.mainstay.registry.api.InstanceKey;
import io.mainstay.registry.session.Sessions;
import io.mainstay.server.command.StartedNode;
import io.mainstay.server.command.VersionCommand;
import io.mainstay.server.config.Head;
import io.mainstay.server.config.NodeConfig;
import io.mainstay.server.config.TlsFiles;
import io.mainstay.server.trace.Tracing;
import io.vertx.core.Vertx;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/// One running node: its [Core], then its heads, ended in the reverse order.
public final class Node implements StartedNode {

    /// Streaming clients of a node, those in their grace included.
    private static final int MAX_SESSIONS = 50_000;

    private static final Logger LOG = LoggerFactory.getLogger(Node.class);

    private final Parts parts = new Parts();

    /// Replaced as heads begin to listen: requests read it meanwhile.
    private volatile Map<String, String> addresses = Map.of();

    private Node() {}

    /// Starts a node; returns when its clients are served.
    ///
    /// @throws IOException with a sentence for people; everything that was started is ended again
    public static Node start(NodeConfig config) throws IOException {
        Node node = new Node();
        try {
            checkTls(config);
            Tracing tracing = node.tracing(config);
            Core core = Core.open(config, tracing == null ? null : tracing.messages());
            node.parts.add(core);
            OpenNetwork.check(config, core.access());
            core.registry().start();
            node.heads(config, core, tracing);
            core.registry().opened();
            LOG.info("node {} is ready: {}", config.nodeId(), node.addresses);
            return node;
        } catch (IOException | RuntimeException e) {
            node.close();
            throw e;
        }
    }

    private static void checkTls(NodeConfig config) throws NodeStartException {
        NodeConfig.Tls tls = config.tls();
        String objection = tls == null ? "" : TlsFiles.objection(tls).orElse("");
        NodeConfig.ClientCertificates clients = config.clientCertificates();
        if (objection.isEmpty() && clients != null) {
            objection =
                    tls == null
                            ? "amqps.client-ca is set, but TLS is off: set tls.certificate and tls.key"
                            : TlsFiles.objection(clients).orElse("");
        }
        if (!objection.isEmpty()) {
            throw new NodeStartException(objection);
        }
    }

    /// Ended last: what the others do is told until then.
    private @Nullable Tracing tracing(NodeConfig config) {
        NodeConfig.Traces wanted = config.traces();
        if (wanted == null) {
            return null;
        }
        Tracing tracing =
                Tracing.start(
                        wanted.endpoint(),
                        wanted.ratio(),
                        wanted.maxSpans(),
                        config.nodeId(),
                        VersionCommand.version());
        parts.add(tracing);
        return tracing;
    }

    private void heads(NodeConfig config, Core core, @Nullable Tracing tracing) throws IOException {
        NodeMetrics metrics =
                new NodeMetrics(
                        core.groups(), core.journal(), core.registry(), core.registry().push());
        parts.add(metrics);
        NodeOverview overview =
                new NodeOverview(
                        config.nodeId(),
                        VersionCommand.version(),
                        core.groups(),
                        core.journal(),
                        core.registry(),
                        core.messaging(),
                        this::addresses,
                        core.platform().clock());
        if (tracing != null) {
            metrics.tracing(tracing);
        }
        Vertx vertx = tracing == null ? EventLoops.start() : EventLoops.start(tracing.requests());
        parts.add(() -> vertx.close().toCompletionStage().toCompletableFuture().join());
        EurekaPeers peers = peers(config, core, vertx);
        parts.add(peers);
        Authenticator authenticator =
                new AccessAuthenticator(core.access(), config.beyondLoopback());
        ResourceAlarm alarm =
                new ResourceAlarm(
                        core.journal()::full,
                        new MemoryAlarm(
                                new JvmMemory(),
                                config.memoryWatermarkPercent(),
                                core.platform().clock()),
                        core.platform().threads());
        parts.add(alarm);
        metrics.alarm(alarm);
        String adminUrl = "";
        AtomicReference<String> console = new AtomicReference<>("");
        MessagingHeads queues =
                new MessagingHeads(
                        config,
                        core,
                        alarm,
                        authenticator,
                        console::get,
                        vertx,
                        (head, bodyBytes) -> web(config, head, bodyBytes),
                        (head, port) -> address(config, head, port),
                        parts);
        if (config.head(Head.HTTP).enabled()) {
            AdminServices services =
                    new AdminServices(
                            peers.outward(),
                            core.registry().push(),
                            core.access(),
                            overview::now,
                            core::isReady,
                            metrics::scrape,
                            core.platform().clock(),
                            !config.beyondLoopback(),
                            alarm::now,
                            core.messaging(),
                            queues.definitions());
            HttpHead http =
                    HttpHead.start(
                            web(config, Head.HTTP),
                            services,
                            ConsoleFiles.at(ConsolePage.ROOT),
                            authenticator,
                            vertx);
            parts.add(http);
            adminUrl = address(config, Head.HTTP, http.port());
            console.set(adminUrl);
        }
        if (config.head(Head.EUREKA).enabled()) {
            EurekaHead eureka =
                    EurekaHead.start(
                            new EurekaHeadConfig(web(config, Head.EUREKA), adminUrl),
                            peers,
                            authenticator,
                            core.platform(),
                            vertx);
            parts.add(eureka);
            address(config, Head.EUREKA, eureka.port());
        }
        queues.start();
        if (config.head(Head.GRPC).enabled()) {
            GrpcHead grpc = grpc(config, core, peers, authenticator);
            metrics.streams(grpc::streams);
        }
    }

    private GrpcHead grpc(
            NodeConfig config, Core core, EurekaPeers peers, Authenticator authenticator)
            throws IOException {
        NodeConfig.Tls tls = config.tls();
        Sessions sessions =
                new Sessions(
                        peers.outward(),
                        core.registry()::evict,
                        core.platform().clock(),
                        MAX_SESSIONS);
        GrpcHead grpc =
                GrpcHead.start(
                        new GrpcHeadConfig(
                                config.bind(),
                                config.head(Head.GRPC).port(),
                                tls == null ? null : tls.certificate(),
                                tls == null ? null : tls.key(),
                                core.groups().clusterId(),
                                config.nodeId()),
                        core.registry(),
                        sessions,
                        core.registry().push(),
                        authenticator,
                        core.platform());
        parts.add(grpc);
        address(config, Head.GRPC, grpc.port());
        return grpc;
    }

    private static EurekaPeers peers(NodeConfig config, Core core, Vertx vertx)
            throws NodeStartException {
        try {
            return EurekaPeers.start(
                    config.eurekaPeers(),
                    core.registry(),
                    InstanceKey.DEFAULT_NAMESPACE,
                    core.platform(),
                    vertx);
        } catch (IllegalArgumentException unusable) {
            throw new NodeStartException(String.valueOf(unusable.getMessage()), unusable);
        }
    }

    private static WebServerConfig web(NodeConfig config, Head head) {
        return web(config, head, config.bodyMaxBytes());
    }

    private static WebServerConfig web(NodeConfig config, Head head, int bodyMaxBytes) {
        NodeConfig.Tls tls = config.tls();
        return new WebServerConfig(
                head.id(),
                config.bind(),
                config.head(head).port(),
                tls == null ? null : tls.certificate(),
                tls == null ? null : tls.key(),
                WebLimits.usual().withBodyBytes(bodyMaxBytes));
    }

    private String address(NodeConfig config, Head head, int port) {
        String url = scheme(config, head) + "://" + host(config.bind()) + ":" + port;
        Map<String, String> more = new LinkedHashMap<>(addresses);
        more.put(head.id(), url);
        addresses = Collections.unmodifiableMap(more);
        return url;
    }

    private static String scheme(NodeConfig config, Head head) {
        return switch (head) {
            case AMQP -> "amqp";
            case AMQPS -> "amqps";
            default -> config.tls() == null ? "http" : "https";
        };
    }

    /// An IPv6 address goes into brackets.
    private static String host(String bind) {
        return bind.contains(":") ? "[" + bind + "]" : bind;
    }

    @Override
    public Map<String, String> addresses() {
        return addresses;
    }

    /// Ends in order: heads first, so that no client is told anything that the journal does not hold. Idempotent.
    @Override
    public void close() {
        parts.close();
    }
}
