package io.mainstay.head.grpc;

import io.mainstay.access.service.AccessService;
import io.mainstay.access.state.AccessMachine;
import io.mainstay.head.web.AccessAuthenticator;
import io.mainstay.kernel.group.RaftGroups;
import io.mainstay.kernel.group.RaftGroupsConfig;
import io.mainstay.kernel.journal.JournalConfig;
import io.mainstay.kernel.journal.SegmentedJournal;
import io.mainstay.platform.Platform;
import io.mainstay.platform.real.RealPlatform;
import io.mainstay.registry.lease.Probe;
import io.mainstay.registry.service.RegistryConfig;
import io.mainstay.registry.service.RegistryGroups;
import io.mainstay.registry.service.RegistryService;
import io.mainstay.registry.session.Sessions;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/// The gRPC head over real domains, raft groups and a real disk, on a free port of loopback.
final class GrpcFixture implements AutoCloseable {

    static final int MAX_SESSIONS = 50;

    final AccessService access;
    final RegistryService registry;
    final Sessions sessions;
    private final SegmentedJournal journal;
    private final RaftGroups groups;
    private final GrpcHead head;

    GrpcFixture(Path directory) throws Exception {
        Platform platform = RealPlatform.at(directory);
        journal = SegmentedJournal.open(new JournalConfig(1 << 20, 0), platform);
        AtomicReference<RaftGroups> opened = new AtomicReference<>();
        registry =
                RegistryService.open(
                        platform,
                        RegistryGroups.of(1, opened::get),
                        RegistryConfig.DEFAULT,
                        Probe.NONE);
        AccessMachine users = new AccessMachine();
        groups =
                RaftGroups.open(
                        new RaftGroupsConfig(1, 1, Long.MAX_VALUE, Duration.ofHours(1), 16L << 20),
                        platform,
                        journal,
                        id -> List.of(id == 0 ? users : registry.machineFor(id)));
        opened.set(groups);
        groups.start();
        registry.start();
        if (!groups.awaitReady(Duration.ofSeconds(60))) {
            throw new AssertionError("the raft groups were not ready");
        }
        registry.opened();
        access = AccessService.open(platform, groups.group(0), users);
        sessions = new Sessions(registry, registry::evict, platform.clock(), MAX_SESSIONS);
        head =
                GrpcHead.start(
                        new GrpcHeadConfig(
                                "127.0.0.1", 0, null, null, groups.clusterId(), "node-1"),
                        registry,
                        sessions,
                        registry.push(),
                        new AccessAuthenticator(access, false),
                        platform);
    }

    int port() {
        return head.port();
    }

    @Override
    public void close() throws Exception {
        head.close();
        registry.close();
        groups.close();
        journal.close();
    }
}
