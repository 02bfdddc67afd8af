package io.mainstay.client.internal;

import io.mainstay.registry.v1.Beat;
import io.mainstay.registry.v1.ClientFrame;
import io.mainstay.registry.v1.Result;
import io.mainstay.registry.v1.ServerFrame;
import io.mainstay.registry.v1.SessionKey;
import io.mainstay.registry.v1.Update;
import io.mainstay.registry.v1.Welcome;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// A node that does what a test tells it.
final class PlayedNode implements Transport {
    private final VirtualLoop loop;

    /// Frames of the present stream.
    final List<ClientFrame> frames = new ArrayList<>();

    /// When each stream was opened.
    final List<Long> opened = new ArrayList<>();

    boolean silent;
    boolean knowsSessions = true;
    @Nullable String refusal;

    /// What opening a stream throws.
    @Nullable RuntimeException broken;

    /// Ends no stream by itself.
    boolean stays;

    boolean closed;
    Result.Code code = Result.Code.DONE;
    @Nullable Listener listener;

    PlayedNode(VirtualLoop loop) {
        this.loop = loop;
    }

    @Override
    public Stream open(String address, Listener told) {
        opened.add(loop.wallMs());
        if (broken != null) {
            throw broken;
        }
        frames.clear();
        listener = told;
        return new Stream() {
            @Override
            public void send(ClientFrame frame) {
                if (listener == told) {
                    frames.add(frame);
                    loop.execute(() -> answer(told, frame));
                }
            }

            @Override
            public void finish() {
                if (!stays) {
                    loop.execute(() -> told.ended(false, "It is over."));
                }
            }

            @Override
            public void abandon() {
                if (listener == told) {
                    listener = null;
                }
            }
        };
    }

    private void answer(Listener to, ClientFrame frame) {
        if (silent || listener != to) {
            return;
        }
        if (refusal != null) {
            listener = null;
            to.ended(true, refusal);
            return;
        }
        switch (frame.getFrameCase()) {
            case HELLO ->
                    to.received(
                            ServerFrame.newBuilder()
                                    .setWelcome(
                                            Welcome.newBuilder()
                                                    .setSession(SessionKey.newBuilder().setId("s"))
                                                    .setResumed(
                                                            knowsSessions
                                                                    && frame.getHello().hasResume())
                                                    .setClusterId("c1")
                                                    .setNodeId("n1")
                                                    .setBeatIntervalMs(1_000)
                                                    .setLeaseMs(5_000))
                                    .build());
            case REGISTER -> result(to, frame.getRegister().getRequestId());
            case CANCEL -> result(to, frame.getCancel().getRequestId());
            case BEAT -> {
                if (frame.getBeat().getAnswer()) {
                    to.received(
                            ServerFrame.newBuilder().setBeat(Beat.getDefaultInstance()).build());
                }
            }
            default -> {}
        }
    }

    private void result(Listener to, long request) {
        to.received(
                ServerFrame.newBuilder()
                        .setResult(
                                Result.newBuilder()
                                        .setRequestId(request)
                                        .setCode(code)
                                        .setMessage("As the test has it."))
                        .build());
    }

    void push(Update update) {
        Listener to = listener;
        if (to != null) {
            to.received(ServerFrame.newBuilder().setUpdate(update).build());
        }
    }

    void breakConnection() {
        Listener to = listener;
        listener = null;
        if (to != null) {
            to.ended(false, "The cable was cut.");
        }
    }

    long count(ClientFrame.FrameCase kind) {
        return frames.stream().filter(frame -> frame.getFrameCase() == kind).count();
    }

    ClientFrame first(ClientFrame.FrameCase kind) {
        return frames.stream()
                .filter(frame -> frame.getFrameCase() == kind)
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void close() {
        closed = true;
        listener = null;
    }
}
