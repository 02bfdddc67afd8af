package io.mainstay.kernel.group;

import io.mainstay.kernel.journal.Journal;
import io.mainstay.kernel.journal.RecordType;
import io.mainstay.platform.Platform;

import org.apache.kafka.common.memory.MemoryPool;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.raft.KafkaRaftClient;
import org.apache.kafka.server.common.KRaftVersion;
import org.apache.kafka.server.common.OffsetAndEpoch;
import org.apache.kafka.snapshot.RecordsSnapshotWriter;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;

/// What a group is made of before its engine starts.
record GroupParts(
        int id, Snapshots snapshots, GroupLog log, GroupBodies bodies, JournalStateStore store) {

    private static final OffsetAndEpoch BEGINNING = new OffsetAndEpoch(0, 0);

    static GroupParts make(
            int id,
            int nodeId,
            Platform platform,
            Journal journal,
            BodyCache cache,
            GroupWiring wiring)
            throws IOException {
        Snapshots snapshots =
                new Snapshots(platform.disk(), id, snapshot -> wiring.stateOf(id, snapshot));
        return new GroupParts(
                id,
                snapshots,
                wiring.log(id, journal, snapshots),
                new GroupBodies(id, journal, cache),
                wiring.store(id, nodeId, journal));
    }

    /// Takes the group's records of the journal.
    Journal.Replay replay() {
        return new Records();
    }

    private final class Records implements Journal.Replay {

        @Override
        public void record(
                RecordType type,
                int group,
                long baseOffset,
                long lastOffset,
                int epoch,
                long recordEnd,
                ByteBuffer payload) {
            switch (type) {
                case BATCH, TRUNCATE, START_AT, RESET_TO_SNAPSHOT -> {
                    log.replayed(type, baseOffset, lastOffset, epoch, recordEnd, payload);
                    bodies.replayed(type, baseOffset, lastOffset, recordEnd, payload);
                }
                case BODIES -> bodies.replayed(type, baseOffset, lastOffset, recordEnd, payload);
                case ELECTION_STATE -> store.replayed(payload);
                case SYNC_MARK, CLEAN_STOP, SEGMENT_END -> {}
            }
        }

        /// Of moved bodies, and of a batch below the snapshot, nothing is needed but bodies. A batch also says how long its entries are, from which
        /// addresses before it follow: if it does not say that any more, it is needed.
        @Override
        public boolean damaged(
                RecordType type,
                int group,
                long baseOffset,
                long lastOffset,
                int epoch,
                long recordEnd,
                ByteBuffer payload) {
            return switch (type) {
                case BODIES -> {
                    bodies.damagedBlock(baseOffset, lastOffset);
                    yield true;
                }
                case BATCH -> {
                    boolean passed =
                            lastOffset < snapshots.latest().map(OffsetAndEpoch::offset).orElse(0L)
                                    && BatchShape.isKept(payload, baseOffset, lastOffset, epoch);
                    if (passed) {
                        record(type, group, baseOffset, lastOffset, epoch, recordEnd, payload);
                        bodies.damagedBatch(recordEnd);
                    }
                    yield passed;
                }
                case TRUNCATE,
                        START_AT,
                        RESET_TO_SNAPSHOT,
                        ELECTION_STATE,
                        SYNC_MARK,
                        CLEAN_STOP,
                        SEGMENT_END ->
                        false;
            };
        }
    }

    /// At the first start of a node: the voter set (one voter, in a node of its own), written as the snapshot before the first entry, so
    /// that the group can become larger later without reformatting.
    void beginIfNew(Voters founders) {
        if (snapshots.latest().isPresent()) {
            return;
        }
        try (RecordsSnapshotWriter<ByteBuffer> writer =
                new RecordsSnapshotWriter.Builder()
                        .setRawSnapshotWriter(snapshots.writer(BEGINNING))
                        .setKraftVersion(KRaftVersion.KRAFT_VERSION_1)
                        .setVoterSet(Optional.of(founders.set()))
                        .build(EntrySerde.INSTANCE)) {
            writer.freeze();
        }
    }

    GroupEngine engine(
            LocalGroup group,
            NodeIdentity identity,
            Voters founders,
            MemoryPool pool,
            Platform platform,
            Outbox outbox,
            GroupWiring wiring,
            Wake apply) {
        GroupQueue queue = new GroupQueue();
        Expirations expirations = new Expirations(platform.clock());
        long incarnation = platform.random().nextLong();
        HoldRules rules = wiring.rules();
        PeerChannel channel = new PeerChannel(group, store, outbox, rules, founders, incarnation);
        KafkaRaftClient<ByteBuffer> client =
                EngineAccess.newClient(
                        identity.nodeId(),
                        identity.directoryId(),
                        channel,
                        queue,
                        log,
                        pool,
                        platform.clock(),
                        expirations,
                        wiring.times(),
                        identity.clusterId(),
                        founders.endpointsOf(identity.nodeId()),
                        founders.addresses(),
                        "group " + id,
                        platform.random());
        channel.attach(client);
        log.onCut(end -> EngineAccess.cutControlRecords(client, end));
        client.initialize(Map.of(), store, new Metrics(), ignored -> {});
        ReadIndex reads =
                new ReadIndex(
                        group,
                        client,
                        () -> EngineAccess.voters(client),
                        outbox,
                        rules,
                        incarnation);
        GroupEngine engine =
                new GroupEngine(
                        group,
                        queue,
                        client,
                        new GroupPeers(channel, reads, expirations),
                        store,
                        snapshots,
                        apply);
        group.reads = reads;
        client.register(engine);
        return engine;
    }
}
