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
import org.apache.kafka.raft.RaftLog;
import org.apache.kafka.raft.RaftMessageQueue;
import org.apache.kafka.server.common.serialization.RecordSerde;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.random.RandomGenerator;

/// The one place that reaches into the engine's package: its constructor with an injected queue, memory pool and random source is
/// package-private. An upgrade of Kafka that changes it fails here.
final class EngineAccess {

    /// What a member may be asked to speak.
    static final SupportedVersionRange KRAFT_VERSIONS =
            new SupportedVersionRange((short) 0, (short) 1);

    private static final int FETCH_MAX_WAIT_MS = 500;
    private static final MethodHandle CONSTRUCTOR = constructor();

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

    @SuppressWarnings("unchecked")
    static KafkaRaftClient<ByteBuffer> newClient(
            int nodeId,
            Uuid directoryId,
            NetworkChannel channel,
            RaftMessageQueue queue,
            RaftLog log,
            MemoryPool memoryPool,
            Clock clock,
            String clusterId,
            Endpoints endpoints,
            InetSocketAddress bootstrap,
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
                            (ExpirationService) new NeverExpires(),
                            FETCH_MAX_WAIT_MS,
                            true,
                            clusterId,
                            (Collection<InetSocketAddress>) List.of(bootstrap),
                            endpoints,
                            KRAFT_VERSIONS,
                            new LogContext("[" + name + "] "),
                            Random.from(random),
                            quorumConfig());
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("the raft engine could not be made", e);
        }
    }

    private static QuorumConfig quorumConfig() {
        return new QuorumConfig(
                new AbstractConfig(
                        QuorumConfig.CONFIG_DEF,
                        Map.of(QuorumConfig.QUORUM_LINGER_MS_CONFIG, 0),
                        false));
    }
}
