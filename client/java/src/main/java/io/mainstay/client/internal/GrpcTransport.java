package io.mainstay.client.internal;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.mainstay.client.Credentials;
import io.mainstay.client.Tls;
import io.mainstay.registry.v1.ClientFrame;
import io.mainstay.registry.v1.ServerFrame;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

import javax.net.ssl.SSLException;

/// grpc-java, one channel for each try: when to try again is decided here, not by the channel.
public final class GrpcTransport implements Transport {

    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private static final MethodDescriptor<ClientFrame, ServerFrame> CONNECT =
            MethodDescriptor.<ClientFrame, ServerFrame>newBuilder()
                    .setType(MethodType.BIDI_STREAMING)
                    .setFullMethodName("mainstay.registry.v1.Registry/Connect")
                    .setRequestMarshaller(new MessageMarshaller<>(ClientFrame.parser()))
                    .setResponseMarshaller(new MessageMarshaller<>(ServerFrame.parser()))
                    .build();

    /// A full view of a large service is one frame.
    private static final int MAX_FRAME_BYTES = 64 << 20;

    private static final int CONNECT_MS = 5_000;

    private final Loop loop;
    private final Credentials credentials;
    private final @Nullable Tls tls;
    private final Set<GrpcStream> open = new HashSet<>();

    public GrpcTransport(Loop loop, Credentials credentials, @Nullable Tls tls) {
        this.loop = loop;
        this.credentials = credentials;
        this.tls = tls;
    }

    @Override
    public Stream open(String address, Listener listener) {
        NettyChannelBuilder builder =
                NettyChannelBuilder.forTarget(target(address))
                        .executor(loop::execute)
                        .disableRetry()
                        .maxInboundMessageSize(MAX_FRAME_BYTES)
                        .withOption(
                                io.grpc.netty.shaded.io.netty.channel.ChannelOption
                                        .CONNECT_TIMEOUT_MILLIS,
                                CONNECT_MS);
        if (tls == null) {
            builder.usePlaintext();
        } else {
            try {
                SslContextBuilder ssl = GrpcSslContexts.forClient();
                Path trusted = tls.trusted();
                if (trusted != null) {
                    ssl.trustManager(trusted.toFile());
                }
                builder.sslContext(ssl.build());
            } catch (SSLException | IllegalArgumentException unusable) {
                loop.execute(
                        () ->
                                listener.ended(
                                        true,
                                        "The trusted certificates cannot be used: "
                                                + unusable.getMessage()));
                return new NoStream();
            }
        }
        // Asked before there is a channel: the application's supplier may throw.
        String header = credentials.header();
        GrpcStream stream = new GrpcStream(builder.build(), listener);
        open.add(stream);
        stream.start(header);
        return stream;
    }

    /// The brackets of an IPv6 address are quoted.
    static String target(String address) {
        try {
            return new URI("dns", "", "/" + address, null).toString();
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("'%s' is no address.".formatted(address), e);
        }
    }

    @Override
    public void close() {
        Set.copyOf(open).forEach(GrpcStream::abandon);
    }

    /// For tests.
    int openStreams() {
        return open.size();
    }

    private final class GrpcStream extends ClientCall.Listener<ServerFrame> implements Stream {
        private final ManagedChannel channel;
        private final ClientCall<ClientFrame, ServerFrame> call;
        private final Listener listener;
        private boolean over;

        GrpcStream(ManagedChannel channel, Listener listener) {
            this.channel = channel;
            this.listener = listener;
            call = channel.newCall(CONNECT, CallOptions.DEFAULT);
        }

        void start(String header) {
            Metadata headers = new Metadata();
            if (!header.isEmpty()) {
                headers.put(AUTHORIZATION, header);
            }
            call.start(this, headers);
            call.request(1);
        }

        @Override
        public void send(ClientFrame frame) {
            if (!over) {
                call.sendMessage(frame);
            }
        }

        @Override
        public void finish() {
            if (!over) {
                call.halfClose();
            }
        }

        @Override
        public void abandon() {
            if (!over) {
                over = true;
                free();
            }
        }

        private void free() {
            open.remove(this);
            channel.shutdownNow();
        }

        @Override
        public void onMessage(ServerFrame frame) {
            if (!over) {
                listener.received(frame);
                call.request(1);
            }
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            if (over) {
                return;
            }
            over = true;
            free();
            listener.ended(isRefusal(status), sentence(status));
        }
    }

    private static boolean isRefusal(Status status) {
        return switch (status.getCode()) {
            case UNAUTHENTICATED, PERMISSION_DENIED, INVALID_ARGUMENT, UNIMPLEMENTED -> true;
            default -> false;
        };
    }

    private static String sentence(Status status) {
        String text = status.getDescription();
        Throwable cause = status.getCause();
        while (cause != null && cause.getCause() != null) {
            cause = cause.getCause();
        }
        String reason = cause == null || cause.getMessage() == null ? "" : cause.getMessage();
        if (text == null) {
            return reason.isEmpty() ? "The node ended the stream: " + status.getCode() : reason;
        }
        return reason.isEmpty() || text.contains(reason) ? text : text + ": " + reason;
    }

    private static final class NoStream implements Stream {
        @Override
        public void send(ClientFrame frame) {}

        @Override
        public void finish() {}

        @Override
        public void abandon() {}
    }
}
