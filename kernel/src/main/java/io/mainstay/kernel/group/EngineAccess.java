package io.mainstay.kernel.group;

import io.mainstay.platform.Clock;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.feature.SupportedVersionRange;
import org.apache.kafka.common.memory.MemoryPool;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.common.utils.internals.LogContext;
import org.apache.kafka.raft.Endpoints;
import org.apache.kafka.raft.ExpirationService;
import org.apache.kafka.raft.KafkaRaftClient;
import org.apache.kafka.raft.NetworkChannel;
import org.apache.kafka.raft.QuorumConfig;
import org.apache.kafka.raft.QuorumState;
import org.apache.kafka.raft.RaftLog;
import org.apache.kafka.raft.RaftMessageQueue;
import org.apache.kafka.raft.internals.KRaftControlRecordStateMachine;
import org.apache.kafka.server.common.serialization.RecordSerde;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;

/// The one place that reaches into the engine's package: its constructor with an injected queue, memory pool and random source is
/// package-private, and one upstream defect is cured from outside ([#cutControlRecords]). An upgrade of Kafka that changes what is used fails
/// here.
final class EngineAccess {

    /// What a member may be asked to speak.
    static final SupportedVersionRange KRAFT_VERSIONS =
            new SupportedVersionRange((short) 0, (short) 1);

    private static final MethodHandle CONSTRUCTOR = constructor();
    private static final MethodHandle QUORUM = quorum();
    private static final VarHandle CONTROL_RECORDS =
            field(KafkaRaftClient.class, "partitionState", KRaftControlRecordStateMachine.class);
    private static final VarHandle NEXT_OFFSET =
            field(KRaftControlRecordStateMachine.class, "nextOffset", long.class);

    private EngineAccess() {}

    private static MethodHandle constructor() {
        try {
            return MethodHandles.privateLookupIn(KafkaRaftClient.class, MethodHandles.lookup())
                    .findConstructor(
                            KafkaRaftClient.class,
                            MethodType.methodType(
                                    void.class,
                                    OptionalInt.class,
                                    Uuid.class,
                                    RecordSerde.class,
                                    NetworkChannel.class,
                                    RaftMessageQueue.class,
                                    RaftLog.class,
                                    MemoryPool.class,
                                    Time.class,
                                    ExpirationService.class,
                                    int.class,
                                    boolean.class,
                                    String.class,
                                    Collection.class,
                                    Endpoints.class,
                                    SupportedVersionRange.class,
                                    LogContext.class,
                                    Random.class,
                                    QuorumConfig.class));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static MethodHandle quorum() {
        try {
            return MethodHandles.privateLookupIn(KafkaRaftClient.class, MethodHandles.lookup())
                    .findVirtual(
                            KafkaRaftClient.class,
                            "quorum",
                            MethodType.methodType(QuorumState.class));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static VarHandle field(Class<?> owner, String name, Class<?> type) {
        try {
            return MethodHandles.privateLookupIn(owner, MethodHandles.lookup())
                    .findVarHandle(owner, name, type);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /// What the member is at this moment: follower, candidate, leader, and of which term.
    static QuorumState quorum(KafkaRaftClient<?> client) {
        try {
            return (QuorumState) QUORUM.invoke(client);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("the raft engine does not tell its state", e);
        }
    }

    /// Ids of the voters of the latest voter set in the log.
    static Set<Integer> voters(KafkaRaftClient<?> client) {
        return controlRecords(client).lastVoterSet().voterIds();
    }

    private static KRaftControlRecordStateMachine controlRecords(KafkaRaftClient<?> client) {
        return (KRaftControlRecordStateMachine) CONTROL_RECORDS.getVolatile(client);
    }

    /// The engine's reader of control records does not notice that the log was cut below what it has read: it would never see a voter set
    /// that is written again at those offsets.
    ///
    /// @param end the new end of the log, or -1 if the log begins anew at a snapshot, which must be read then
    static void cutControlRecords(KafkaRaftClient<?> client, long end) {
        cutControlRecords(controlRecords(client), end);
    }

    static void cutControlRecords(KRaftControlRecordStateMachine records, long end) {
        NEXT_OFFSET.setVolatile(records, Math.min((long) NEXT_OFFSET.getVolatile(records), end));
    }

    @SuppressWarnings("unchecked")
    static KafkaRaftClient<ByteBuffer> newClient(
            int nodeId,
            Uuid directoryId,
            NetworkChannel channel,
            RaftMessageQueue queue,
            RaftLog log,
            MemoryPool memoryPool,
            Clock clock,
            ExpirationService expirations,
            EngineTimes times,
            String clusterId,
            Endpoints endpoints,
            Collection<InetSocketAddress> bootstrap,
            String name,
            RandomGenerator random) {
        try {
            return (KafkaRaftClient<ByteBuffer>)
                    CONSTRUCTOR.invoke(
                            OptionalInt.of(nodeId),
                            directoryId,
                            (RecordSerde<ByteBuffer>) EntrySerde.INSTANCE,
                            channel,
                            queue,
                            log,
                            memoryPool,
                            (Time) new EngineTime(clock),
                            expirations,
                            times.parkMs(),
                            true,
                            clusterId,
                            bootstrap,
                            endpoints,
                            KRAFT_VERSIONS,
                            new LogContext("[" + name + "] "),
                            Random.from(random),
                            quorumConfig(times));
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("the raft engine could not be made", e);
        }
    }

    private static QuorumConfig quorumConfig(EngineTimes times) {
        return new QuorumConfig(
                new AbstractConfig(
                        QuorumConfig.CONFIG_DEF,
                        Map.of(
                                QuorumConfig.QUORUM_LINGER_MS_CONFIG,
                                0,
                                QuorumConfig.QUORUM_FETCH_TIMEOUT_MS_CONFIG,
                                times.fetchMs(),
                                QuorumConfig.QUORUM_ELECTION_TIMEOUT_MS_CONFIG,
                                times.electionMs(),
                                QuorumConfig.QUORUM_ELECTION_BACKOFF_MAX_MS_CONFIG,
                                times.electionMs(),
                                QuorumConfig.QUORUM_REQUEST_TIMEOUT_MS_CONFIG,
                                times.requestMs()),
                        false));
    }
}
