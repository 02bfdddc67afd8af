package io.mainstay.head.grpc;

import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.mainstay.registry.v1.Beat;
import io.mainstay.registry.v1.ClientFrame;
import io.mainstay.registry.v1.Hello;
import io.mainstay.registry.v1.Instance;
import io.mainstay.registry.v1.Port;
import io.mainstay.registry.v1.Register;
import io.mainstay.registry.v1.Result;
import io.mainstay.registry.v1.Selector;
import io.mainstay.registry.v1.ServerFrame;
import io.mainstay.registry.v1.Subscribe;
import io.mainstay.registry.v1.Update;
import io.mainstay.registry.v1.Welcome;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;

/// One stream as grpc-java makes it, and a copy of what it subscribes to.
final class GrpcClient implements AutoCloseable {

    private static final MethodDescriptor<ClientFrame, ServerFrame> CONNECT =
            MethodDescriptor.<ClientFrame, ServerFrame>newBuilder()
                    .setType(MethodType.BIDI_STREAMING)
                    .setFullMethodName("mainstay.registry.v1.Registry/Connect")
                    .setRequestMarshaller(ProtoUtils.marshaller(ClientFrame.getDefaultInstance()))
                    .setResponseMarshaller(ProtoUtils.marshaller(ServerFrame.getDefaultInstance()))
                    .build();

    final CompletableFuture<Status> ended = new CompletableFuture<>();
    final TreeMap<String, Instance> instances = new TreeMap<>();
    private final BlockingDeque<ServerFrame> frames = new LinkedBlockingDeque<>();
    private final ManagedChannel channel;
    private final ClientCall<ClientFrame, ServerFrame> call;
    private final boolean greedy;
    private long requests;
    long revision;

    GrpcClient(int port) {
        this(port, "", true);
    }

    /// @param authorization value of the metadata; empty: none
    /// @param greedy false: a client that does not read until [#read] is called
    GrpcClient(int port, String authorization, boolean greedy) {
        this.greedy = greedy;
        channel = NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
        call = channel.newCall(CONNECT, io.grpc.CallOptions.DEFAULT);
        Metadata headers = new Metadata();
        if (!authorization.isEmpty()) {
            headers.put(RegistryStream.AUTHORIZATION, authorization);
        }
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onMessage(ServerFrame frame) {
                        frames.add(frame);
                        if (GrpcClient.this.greedy) {
                            call.request(1);
                        }
                    }

                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        ended.complete(status);
                    }
                },
                headers);
        read(1);
    }

    void read(int count) {
        call.request(count);
    }

    void send(ClientFrame.Builder frame) {
        call.sendMessage(frame.build());
    }

    Welcome hello(Hello.Builder hello) throws Exception {
        send(ClientFrame.newBuilder().setHello(hello));
        return next(ServerFrame::hasWelcome, ServerFrame::getWelcome);
    }

    Welcome hello(String clientId) throws Exception {
        return hello(Hello.newBuilder().setClientId(clientId));
    }

    void beat() {
        send(ClientFrame.newBuilder().setBeat(Beat.getDefaultInstance()));
    }

    Result register(String service, String id) throws Exception {
        return register(service, id, "", Map.of());
    }

    Result register(String service, String id, String zone, Map<String, String> labels)
            throws Exception {
        long request = ++requests;
        send(registration(service, id, zone, labels, request));
        return next(
                frame -> frame.hasResult() && frame.getResult().getRequestId() == request,
                ServerFrame::getResult);
    }

    void select(String service, long known, Selector.Builder selector) {
        send(
                ClientFrame.newBuilder()
                        .setSubscribe(
                                Subscribe.newBuilder()
                                        .setService(service)
                                        .setKnownRevision(known)
                                        .setSelector(selector)));
    }

    static ClientFrame.Builder registration(String service, String id, long request) {
        return registration(service, id, "", Map.of(), request);
    }

    static ClientFrame.Builder registration(
            String service, String id, String zone, Map<String, String> labels, long request) {
        return ClientFrame.newBuilder()
                .setRegister(
                        Register.newBuilder()
                                .setRequestId(request)
                                .setInstance(
                                        Instance.newBuilder()
                                                .setService(service)
                                                .setInstanceId(id)
                                                .setHost("127.0.0.1")
                                                .setZone(zone)
                                                .putAllLabels(labels)
                                                .setPort(
                                                        Port.newBuilder()
                                                                .setNumber(8080)
                                                                .setEnabled(true))
                                                .putMetadata("version", "1")));
    }

    /// Whether such a frame has come and was not taken.
    boolean pending(Predicate<ServerFrame> kind) {
        return frames.stream().anyMatch(kind);
    }

    void subscribe(String service, long known) {
        send(
                ClientFrame.newBuilder()
                        .setSubscribe(
                                Subscribe.newBuilder()
                                        .setService(service)
                                        .setKnownRevision(known)));
    }

    /// Takes the next update into the copy.
    Update update() throws Exception {
        Update update = next(ServerFrame::hasUpdate, ServerFrame::getUpdate);
        if (update.getToRevision() < revision) {
            throw new AssertionError("revision went back to " + update.getToRevision());
        }
        if (update.getFull()) {
            instances.clear();
        } else if (update.getFromRevision() != revision) {
            throw new AssertionError(
                    "a delta from %d, but this client has %d"
                            .formatted(update.getFromRevision(), revision));
        }
        update.getPutList().forEach(one -> instances.put(one.getInstanceId(), one));
        update.getRemovedList().forEach(instances::remove);
        revision = update.getToRevision();
        return update;
    }

    /// Takes updates until the copy is as wanted.
    void until(Predicate<TreeMap<String, Instance>> wanted) throws Exception {
        while (!wanted.test(instances)) {
            update();
        }
    }

    <T> T next(Predicate<ServerFrame> wanted, Function<ServerFrame, T> part) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        // Of other kinds than this test waits for now.
        Deque<ServerFrame> others = new ArrayDeque<>();
        try {
            while (true) {
                ServerFrame frame = frames.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (frame == null) {
                    throw new AssertionError(
                            "the frame did not come; the stream: " + ended.getNow(null));
                }
                if (wanted.test(frame)) {
                    return part.apply(frame);
                }
                others.push(frame);
            }
        } finally {
            others.forEach(frames::addFirst);
        }
    }

    Status status() throws Exception {
        return ended.get(60, TimeUnit.SECONDS);
    }

    /// Ends the stream as a process does that goes in order.
    void halfClose() {
        call.halfClose();
    }

    /// As the end of the process: the connection is closed with no word.
    @Override
    public void close() throws Exception {
        channel.shutdownNow();
        channel.awaitTermination(10, TimeUnit.SECONDS);
    }
}
