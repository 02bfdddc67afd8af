package io.mainstay.server.node;

import io.mainstay.access.service.AccessService;
import io.mainstay.access.state.AccessMachine;
import io.mainstay.kernel.group.RaftGroup;
import io.mainstay.kernel.group.RaftGroups;
import io.mainstay.kernel.group.RaftGroupsConfig;
import io.mainstay.kernel.journal.JournalConfig;
import io.mainstay.kernel.journal.SegmentedJournal;
import io.mainstay.kernel.placement.SlotMap;
import io.mainstay.messaging.api.MessageTraces;
import io.mainstay.messaging.api.TopologyOutcome;
import io.mainstay.messaging.service.MessagingService;
import io.mainstay.messaging.topology.service.TopologyService;
import io.mainstay.messaging.topology.state.TopologyMachine;
import io.mainstay.platform.Platform;
import io.mainstay.platform.real.RealPlatform;
import io.mainstay.registry.api.RegistryLimits;
import io.mainstay.registry.service.RegistryConfig;
import io.mainstay.registry.service.RegistryGroups;
import io.mainstay.registry.service.RegistryService;
import io.mainstay.server.config.NodeConfig;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/// What a node is without its heads: the data directory with its lock, journal, raft groups and domains, all of them
/// ready. Nobody can reach it from outside the process, and no lease ends before the registry is started.
///
/// @param parts what is ended, last first
record Core(
        Platform platform,
        SegmentedJournal journal,
        RaftGroups groups,
        RegistryService registry,
        AccessService access,
        MessagingService messaging,
        Parts parts)
        implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Core.class);
    private static final Duration READY = Duration.ofSeconds(60);

    /// Opens the data directory, or makes it; returns when everything that was acknowledged before is visible again.
    ///
    /// @throws IOException with a sentence for people; everything that was opened is closed again
    static Core open(NodeConfig config) throws IOException {
        return open(config, (MessageTraces) null);
    }

    /// As the other method.
    ///
    /// @param traces of messages, `null`: none
    static Core open(NodeConfig config, @Nullable MessageTraces traces) throws IOException {
        Parts parts = new Parts();
        try {
            return open(config, traces, parts);
        } catch (IOException | RuntimeException e) {
            parts.close();
            throw e;
        } catch (InterruptedException e) {
            parts.close();
            Thread.currentThread().interrupt();
            throw new NodeStartException("the start was interrupted", e);
        }
    }

    private static Core open(NodeConfig config, @Nullable MessageTraces traces, Parts parts)
            throws IOException, InterruptedException {
        Platform platform = RealPlatform.at(config.dataDir());
        Closeable lock = platform.disk().tryLock("lock");
        if (lock == null) {
            throw new NodeStartException(
                    "another node runs on the data directory "
                            + config.dataDir()
                            + ": stop it, or give this one a directory of its own (--data)");
        }
        parts.add(lock);
        SegmentedJournal journal =
                SegmentedJournal.open(
                        new JournalConfig(
                                config.journal().segmentBytes(), config.journal().watermarkBytes()),
                        platform);
        parts.add(journal);
        AtomicReference<RaftGroups> opened = new AtomicReference<>();
        RegistryService registry =
                RegistryService.open(
                        platform,
                        RegistryGroups.of(config.dataGroups(), opened::get),
                        registryConfig(config.registry()),
                        new TcpProbe(platform.threads()));
        AccessMachine users = new AccessMachine();
        int memoryGroup = config.dataGroups() + 1;
        TopologyMachine topology =
                new TopologyMachine(new SlotMap(config.dataGroups()), memoryGroup);
        MessagingService messaging =
                new MessagingService(
                        platform,
                        memoryGroup,
                        Duration.ofMillis(config.consumerTimeoutMs()),
                        traces);
        RaftGroups groups =
                RaftGroups.open(
                        groupsConfig(config),
                        platform,
                        journal,
                        id ->
                                id == 0
                                        ? List.of(users, topology)
                                        : id == memoryGroup
                                                ? List.of(messaging.machineFor(id))
                                                : List.of(
                                                        registry.machineFor(id),
                                                        messaging.machineFor(id)));
        opened.set(groups);
        parts.add(groups);
        groups.start();
        parts.add(registry);
        if (!groups.awaitReady(READY)) {
            throw new NodeStartException(
                    "the raft groups were not ready within "
                            + READY.toSeconds()
                            + " s: see the log");
        }
        AccessService access = AccessService.open(platform, groups.group(0), users);
        serveQueues(groups, topology, messaging);
        parts.add(messaging);
        RemovedUsers.watch(access, messaging.clients());
        LOG.debug("{} users are known", access.users().size());
        return new Core(platform, journal, groups, registry, access, messaging, parts);
    }

    /// What lived with the connections of an earlier process goes before anybody can see it.
    private static void serveQueues(
            RaftGroups groups, TopologyMachine machine, MessagingService messaging)
            throws IOException, InterruptedException {
        TopologyService topology = new TopologyService(groups.group(0), machine);
        try {
            TopologyOutcome begun = topology.begin().get(READY.toSeconds(), TimeUnit.SECONDS);
            if (!(begun instanceof TopologyOutcome.Done)) {
                throw new NodeStartException("messaging could not begin: " + begun);
            }
        } catch (ExecutionException | TimeoutException e) {
            throw new NodeStartException("messaging could not begin: " + e, e);
        }
        if (!messaging.start(groups::group, topology, machine::onChange, READY)) {
            throw new NodeStartException(
                    "the queues were not ready within " + READY.toSeconds() + " s: see the log");
        }
    }

    private static RaftGroupsConfig groupsConfig(NodeConfig config) {
        RaftGroupsConfig usual = RaftGroupsConfig.DEFAULT;
        return new RaftGroupsConfig(
                usual.nodeId(),
                config.dataGroups(),
                1,
                // Who wants small files wants a small journal.
                Math.min(usual.snapshotLogBytes(), config.journal().segmentBytes()),
                usual.snapshotInterval(),
                usual.maxBytesUnderWay());
    }

    private static RegistryConfig registryConfig(NodeConfig.Registry wanted) {
        RegistryConfig usual = RegistryConfig.DEFAULT;
        NodeConfig.Protection protection = wanted.protection();
        return new RegistryConfig(
                new RegistryLimits(wanted.maxInstances(), RegistryLimits.DEFAULT.maxNamespaces()),
                usual.protection()
                        .with(
                                protection.enabled(),
                                protection.servicePercent() / 100.0,
                                protection.serviceMin(),
                                protection.globalPercent() / 100.0,
                                protection.globalMin(),
                                protection.maxMs()),
                wanted.deltaWindowMs(),
                wanted.pushBytesPerSecond(),
                usual.maxPendingBytes());
    }

    /// Whether clients are served: every raft group is led and the journal takes writes.
    boolean isReady() {
        for (int id = 0; id < groups.count(); id++) {
            if (groups.group(id).status().role() != RaftGroup.Role.LEADER) {
                return false;
            }
        }
        return !journal.failed();
    }

    @Override
    public void close() {
        parts.close();
    }
}
