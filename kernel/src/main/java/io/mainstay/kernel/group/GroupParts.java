package io.mainstay.kernel.group;

import io.mainstay.kernel.journal.Journal;
import io.mainstay.platform.Platform;

import org.apache.kafka.common.memory.MemoryPool;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.raft.Endpoints;
import org.apache.kafka.raft.KafkaRaftClient;
import org.apache.kafka.raft.ReplicaKey;
import org.apache.kafka.raft.VoterSet;
import org.apache.kafka.server.common.KRaftVersion;
import org.apache.kafka.server.common.OffsetAndEpoch;
import org.apache.kafka.snapshot.RecordsSnapshotWriter;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;

/// What a group is made of before its engine starts.
record GroupParts(int id, Snapshots snapshots, GroupLog log, JournalStateStore store) {

    private static final OffsetAndEpoch BEGINNING = new OffsetAndEpoch(0, 0);

    /// The address that a lone voter writes into its voter set; a node that is joined by others changes it.
    private static final InetSocketAddress ADDRESS =
            InetSocketAddress.createUnresolved("localhost", 7000);

    private static final Endpoints ENDPOINTS =
            Endpoints.fromInetSocketAddresses(Map.of(LoneChannel.LISTENER, ADDRESS));

    static GroupParts make(int id, Platform platform, Journal journal) throws IOException {
        Snapshots snapshots = new Snapshots(platform.disk(), id);
        return new GroupParts(
                id,
                snapshots,
                new GroupLog(id, journal, snapshots),
                new JournalStateStore(id, journal));
    }

    /// At the first start of a node: a voter set of one, written as the snapshot before the first entry, so that the group can
    /// become three later without reformatting.
    void beginIfNew(NodeIdentity identity) {
        if (snapshots.latest().isPresent()) {
            return;
        }
        VoterSet alone =
                VoterSet.fromMap(
                        Map.of(
                                identity.nodeId(),
                                VoterSet.VoterNode.of(
                                        ReplicaKey.of(identity.nodeId(), identity.directoryId()),
                                        ENDPOINTS,
                                        EngineAccess.KRAFT_VERSIONS)));
        try (RecordsSnapshotWriter<ByteBuffer> writer =
                new RecordsSnapshotWriter.Builder()
                        .setRawSnapshotWriter(snapshots.writer(BEGINNING))
                        .setKraftVersion(KRaftVersion.KRAFT_VERSION_1)
                        .setVoterSet(Optional.of(alone))
                        .build(EntrySerde.INSTANCE)) {
            writer.freeze();
        }
    }

    GroupEngine engine(
            LocalGroup group,
            NodeIdentity identity,
            MemoryPool pool,
            Platform platform,
            Wake apply) {
        GroupQueue queue = new GroupQueue();
        KafkaRaftClient<ByteBuffer> client =
                EngineAccess.newClient(
                        identity.nodeId(),
                        identity.directoryId(),
                        new LoneChannel(),
                        queue,
                        log,
                        pool,
                        platform.clock(),
                        identity.clusterId(),
                        ENDPOINTS,
                        ADDRESS,
                        "group " + id,
                        platform.random());
        client.initialize(Map.of(), store, new Metrics(), ignored -> {});
        GroupEngine engine = new GroupEngine(group, queue, client, store, snapshots, apply);
        client.register(engine);
        return engine;
    }
}
