package io.mainstay.server.node;

import io.mainstay.console.ConsolePage;
import io.mainstay.head.eureka.EurekaHead;
import io.mainstay.head.eureka.EurekaHeadConfig;
import io.mainstay.head.eureka.EurekaPeers;
import io.mainstay.head.http.AdminServices;
import io.mainstay.head.http.ConsoleFiles;
import io.mainstay.head.http.HttpHead;
import io.mainstay.head.web.Authenticator;
import io.mainstay.head.web.EventLoops;
import io.mainstay.head.web.WebServerConfig;
import io.mainstay.head.web.WebServerConfig.WebLimits;
import io.mainstay.kernel.group.RaftGroup;
import io.mainstay.kernel.group.RaftGroups;
import io.mainstay.kernel.group.RaftGroupsConfig;
import io.mainstay.kernel.journal.JournalConfig;
import io.mainstay.kernel.journal.SegmentedJournal;
import io.mainstay.platform.Platform;
import io.mainstay.platform.real.RealPlatform;
import io.mainstay.registry.api.InstanceKey;
import io.mainstay.registry.api.RegistryLimits;
import io.mainstay.registry.service.RegistryConfig;
import io.mainstay.registry.service.RegistryGroups;
import io.mainstay.registry.service.RegistryService;
import io.mainstay.server.command.StartedNode;
import io.mainstay.server.command.VersionCommand;
import io.mainstay.server.config.Head;
import io.mainstay.server.config.NodeConfig;
import io.vertx.core.Vertx;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/// One running node: platform, journal, raft groups, domains, heads, made in this order and ended in the reverse.
public final class Node implements StartedNode {

    private static final Logger LOG = LoggerFactory.getLogger(Node.class);
    private static final Duration READY = Duration.ofSeconds(60);

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    /// Replaced as heads begin to listen: requests read it meanwhile.
    private volatile Map<String, String> addresses = Map.of();

    private Node() {}

    /// Starts a node; returns when its clients are served.
    ///
    /// @throws IOException with a sentence for people; everything that was started is ended again
    public static Node start(NodeConfig config) throws IOException {
        Node node = new Node();
        try {
            node.build(config);
            return node;
        } catch (IOException | RuntimeException e) {
            node.close();
            throw e;
        } catch (InterruptedException e) {
            node.close();
            Thread.currentThread().interrupt();
            throw new NodeStartException("the start was interrupted", e);
        }
    }

    private void build(NodeConfig config) throws IOException, InterruptedException {
        if (config.beyondLoopback()) {
            throw new NodeStartException(
                    "bind is "
                            + config.bind()
                            + ", which other machines can reach, and this version knows no users yet: only loopback addresses (127.0.0.1) are allowed");
        }
        Platform platform = RealPlatform.at(config.dataDir());
        Closeable lock = platform.disk().tryLock("lock");
        if (lock == null) {
            throw new NodeStartException(
                    "another node runs on the data directory "
                            + config.dataDir()
                            + ": stop it, or give this one a directory of its own (--data)");
        }
        parts.push(lock);
        SegmentedJournal journal =
                SegmentedJournal.open(
                        new JournalConfig(
                                config.journal().segmentBytes(), config.journal().watermarkBytes()),
                        platform);
        parts.push(journal);
        AtomicReference<RaftGroups> opened = new AtomicReference<>();
        RegistryService registry =
                RegistryService.open(
                        platform,
                        RegistryGroups.of(config.dataGroups(), opened::get),
                        registryConfig(config.registry()),
                        new TcpProbe(platform.threads()));
        RaftGroups groups =
                RaftGroups.open(
                        groupsConfig(config),
                        platform,
                        journal,
                        id -> id == 0 ? List.of() : List.of(registry.machineFor(id)));
        opened.set(groups);
        parts.push(groups);
        groups.start();
        registry.start();
        parts.push(registry);
        if (!groups.awaitReady(READY)) {
            throw new NodeStartException(
                    "the raft groups were not ready within "
                            + READY.toSeconds()
                            + " s: see the log");
        }
        heads(config, platform, journal, groups, registry);
        registry.opened();
        LOG.info("node {} is ready: {}", config.nodeId(), addresses);
    }

    private static RaftGroupsConfig groupsConfig(NodeConfig config) {
        RaftGroupsConfig usual = RaftGroupsConfig.DEFAULT;
        return new RaftGroupsConfig(
                usual.nodeId(),
                config.dataGroups(),
                usual.snapshotLogBytes(),
                usual.snapshotInterval(),
                usual.maxBytesUnderWay());
    }

    private static RegistryConfig registryConfig(NodeConfig.Registry wanted) {
        RegistryConfig usual = RegistryConfig.DEFAULT;
        NodeConfig.Protection protection = wanted.protection();
        return new RegistryConfig(
                new RegistryLimits(wanted.maxInstances()),
                usual.protection()
                        .with(
                                protection.enabled(),
                                protection.servicePercent() / 100.0,
                                protection.serviceMin(),
                                protection.globalPercent() / 100.0,
                                protection.globalMin(),
                                protection.maxMs()),
                wanted.deltaWindowMs(),
                usual.maxPendingBytes());
    }

    private void heads(
            NodeConfig config,
            Platform platform,
            SegmentedJournal journal,
            RaftGroups groups,
            RegistryService registry)
            throws IOException {
        NodeMetrics metrics = new NodeMetrics(groups, journal, registry);
        parts.push(metrics);
        NodeOverview overview =
                new NodeOverview(
                        config.nodeId(),
                        VersionCommand.version(),
                        groups,
                        journal,
                        registry,
                        this::addresses,
                        platform.clock());
        Vertx vertx = EventLoops.start();
        parts.push(() -> vertx.close().toCompletionStage().toCompletableFuture().join());
        EurekaPeers peers = peers(config, platform, registry, vertx);
        parts.push(peers);
        Authenticator everybody = Authenticator.open();
        String adminUrl = "";
        if (config.head(Head.HTTP).enabled()) {
            AdminServices services =
                    new AdminServices(
                            peers.outward(),
                            overview::now,
                            () -> isReady(groups, journal),
                            metrics::scrape);
            HttpHead http =
                    HttpHead.start(
                            web(config, Head.HTTP),
                            services,
                            ConsoleFiles.at(ConsolePage.ROOT),
                            everybody,
                            vertx);
            parts.push(http);
            adminUrl = address(config, Head.HTTP, http.port());
        }
        if (config.head(Head.EUREKA).enabled()) {
            EurekaHead eureka =
                    EurekaHead.start(
                            new EurekaHeadConfig(
                                    web(config, Head.EUREKA),
                                    InstanceKey.DEFAULT_NAMESPACE,
                                    adminUrl),
                            peers,
                            everybody,
                            platform,
                            vertx);
            parts.push(eureka);
            address(config, Head.EUREKA, eureka.port());
        }
    }

    private static EurekaPeers peers(
            NodeConfig config, Platform platform, RegistryService registry, Vertx vertx)
            throws NodeStartException {
        try {
            return EurekaPeers.start(
                    config.eurekaPeers(), registry, InstanceKey.DEFAULT_NAMESPACE, platform, vertx);
        } catch (IllegalArgumentException unusable) {
            throw new NodeStartException(String.valueOf(unusable.getMessage()), unusable);
        }
    }

    private static boolean isReady(RaftGroups groups, SegmentedJournal journal) {
        for (int id = 0; id < groups.count(); id++) {
            if (groups.group(id).status().role() != RaftGroup.Role.LEADER) {
                return false;
            }
        }
        return !journal.failed();
    }

    private static WebServerConfig web(NodeConfig config, Head head) {
        NodeConfig.Tls tls = config.tls();
        return new WebServerConfig(
                head.id(),
                config.bind(),
                config.head(head).port(),
                tls == null ? null : tls.certificate(),
                tls == null ? null : tls.key(),
                WebLimits.usual().withBodyBytes(config.bodyMaxBytes()));
    }

    private String address(NodeConfig config, Head head, int port) {
        String url = (config.tls() == null ? "http" : "https") + "://" + config.bind() + ":" + port;
        Map<String, String> more = new LinkedHashMap<>(addresses);
        more.put(head.id(), url);
        addresses = Collections.unmodifiableMap(more);
        return url;
    }

    @Override
    public Map<String, String> addresses() {
        return addresses;
    }

    /// Ends in order: heads first, so that no client is told anything that the journal does not hold. Idempotent.
    @Override
    public void close() {
        while (!parts.isEmpty()) {
            AutoCloseable part = parts.pop();
            try {
                part.close();
            } catch (Exception e) {
                LOG.warn("{} did not end in order", part.getClass().getSimpleName(), e);
            }
        }
    }
}
