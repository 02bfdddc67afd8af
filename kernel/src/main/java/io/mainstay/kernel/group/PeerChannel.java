package io.mainstay.kernel.group;

import io.mainstay.common.Check;

import org.apache.kafka.common.Node;
import org.apache.kafka.common.feature.SupportedVersionRange;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.raft.KafkaRaftClient;
import org.apache.kafka.raft.NetworkChannel;
import org.apache.kafka.raft.RaftRequest;
import org.apache.kafka.raft.RaftResponse;
import org.apache.kafka.raft.RaftUtil;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// The network of one group: the engine's requests and answers as frames through the node's [Outbox]. Driver thread only.
///
/// A request whose node cannot be reached ends with an error body: an exception would cost the engine its whole request time-out.
final class PeerChannel implements NetworkChannel {

    static final ListenerName LISTENER = new ListenerName("PEER");

    private final LocalGroup group;
    private final JournalStateStore store;
    private final Outbox outbox;
    private final HoldRules rules;
    private final Voters founders;
    private final long incarnation;

    /// The engine has at most one request under way to a node: a newer one means that it gave the older one up.
    private final Map<Integer, Asked> asked = new HashMap<>();

    private @Nullable KafkaRaftClient<ByteBuffer> client;
    private int correlationId;

    PeerChannel(
            LocalGroup group,
            JournalStateStore store,
            Outbox outbox,
            HoldRules rules,
            Voters founders,
            long incarnation) {
        this.group = group;
        this.store = store;
        this.outbox = outbox;
        this.rules = rules;
        this.founders = founders;
        this.incarnation = incarnation;
    }

    void attach(KafkaRaftClient<ByteBuffer> engine) {
        client = engine;
    }

    @Override
    public int newCorrelationId() {
        return correlationId++;
    }

    @Override
    public CompletionStage<RaftResponse.Inbound> send(RaftRequest.Outbound request) {
        Node node = request.destination();
        ApiMessage message = request.data();
        CompletableFuture<RaftResponse.Inbound> future = new CompletableFuture<>();
        // A node that the engine knows by its address only has a negative id.
        int id = node.id() >= 0 ? node.id() : founders.idOf(node.host(), node.port());
        if (id == group.nodeId || id < 0) {
            future.complete(unreachable(request));
            return future;
        }
        ByteBuffer frame =
                Frame.encode(
                        group.id,
                        Frame.REQUEST,
                        message.highestSupportedVersion(),
                        request.correlationId(),
                        incarnation,
                        message);
        asked.put(id, new Asked(request.correlationId(), node, future));
        outbox.put(
                id,
                frame,
                rules.request(ApiKeys.forId(message.apiKey()), outbox.journalEnd()),
                () -> future.complete(unreachable(request)));
        return future;
    }

    private static RaftResponse.Inbound unreachable(RaftRequest.Outbound request) {
        ApiKeys api = ApiKeys.forId(request.data().apiKey());
        return new RaftResponse.Inbound(
                request.correlationId(),
                RaftUtil.errorResponse(api, Errors.BROKER_NOT_AVAILABLE),
                request.destination());
    }

    /// An answer from `node` to what the engine asked; one that nobody waits for is dropped.
    void answered(int node, Frame frame) {
        Asked waiting = asked.get(node);
        if (waiting == null
                || frame.incarnation() != incarnation
                || frame.correlationId() != waiting.correlationId) {
            return;
        }
        asked.remove(node);
        ApiMessage message = ApiKeys.forId(frame.api()).messageType.newResponse();
        message.read(new ByteBufferAccessor(frame.body()), frame.version());
        waiting.future.complete(
                new RaftResponse.Inbound(waiting.correlationId, message, waiting.node));
    }

    /// `node` asks.
    void asked(int node, Frame frame) {
        ApiKeys api = ApiKeys.forId(frame.api());
        if (api == ApiKeys.API_VERSIONS) {
            answer(node, frame, versions());
            return;
        }
        ApiMessage message = api.messageType.newRequest();
        message.read(new ByteBufferAccessor(frame.body()), frame.version());
        Check.present(client, "group %d: a request before the start", group.id)
                .handle(
                        new RaftRequest.Inbound(
                                LISTENER,
                                frame.correlationId(),
                                frame.version(),
                                message,
                                new EngineTime(group.clock).milliseconds()))
                .thenAccept(answer -> answer(node, frame, answer.data()));
    }

    private void answer(int node, Frame request, ApiMessage message) {
        ByteBuffer frame =
                Frame.encode(
                        group.id,
                        Frame.ANSWER,
                        request.version(),
                        request.correlationId(),
                        request.incarnation(),
                        message);
        outbox.put(node, frame, need(message), () -> {});
    }

    private long need(ApiMessage message) {
        if (message instanceof FetchResponseData fetched && carriesOurLog(fetched)) {
            long highWatermark = fetched.responses().get(0).partitions().get(0).highWatermark();
            return rules.fetchAnswer(
                    group.log.positionBehind(highWatermark - 1), store.writtenAt());
        }
        return rules.answer(ApiKeys.forId(message.apiKey()), outbox.journalEnd());
    }

    /// True for what a leader tells a follower whose log fits: batches, or that there is nothing new.
    private static boolean carriesOurLog(FetchResponseData fetched) {
        if (fetched.errorCode() != Errors.NONE.code() || fetched.responses().isEmpty()) {
            return false;
        }
        var partition = fetched.responses().get(0).partitions().get(0);
        return partition.errorCode() == Errors.NONE.code()
                && partition.divergingEpoch().epoch() < 0
                && partition.snapshotId().epoch() < 0;
    }

    /// The engine does not answer this itself, and refuses a new voter whose answer lacks its protocol range.
    private static ApiVersionsResponseData versions() {
        SupportedVersionRange range = EngineAccess.KRAFT_VERSIONS;
        ApiVersionsResponseData answer = new ApiVersionsResponseData();
        answer.supportedFeatures()
                .add(
                        new ApiVersionsResponseData.SupportedFeatureKey()
                                .setName(org.apache.kafka.server.common.KRaftVersion.FEATURE_NAME)
                                .setMinVersion(range.min())
                                .setMaxVersion(range.max()));
        return answer;
    }

    @Override
    public ListenerName listenerName() {
        return LISTENER;
    }

    @Override
    public void close() {}

    private record Asked(
            int correlationId, Node node, CompletableFuture<RaftResponse.Inbound> future) {}
}
