package io.mainstay.bench.stream;

import io.mainstay.registry.v1.Beat;
import io.mainstay.registry.v1.ClientFrame;
import io.mainstay.registry.v1.Hello;
import io.mainstay.registry.v1.ServerFrame;

import java.io.IOException;
import java.nio.ByteBuffer;

/// One stream of the streaming protocol over its own connection. It answers what HTTP/2 wants answered (settings, pings, windows) and
/// gives away whole frames.
public final class StreamLine extends Line {

    private static final byte[] OPENING = Http2.opening("/mainstay.registry.v1.Registry/Connect");
    private static final byte[] BEAT =
            encoded(ClientFrame.newBuilder().setBeat(Beat.getDefaultInstance()));
    private static final byte[] SETTINGS_ACK =
            Http2.frame(Http2.SETTINGS, Http2.ACK, 0, new byte[0]);
    private static final int GRPC_HEAD = 5;

    /// Takes what the server says, on the loop's thread.
    public interface Listener {
        void frame(StreamLine line, ServerFrame frame) throws IOException;
    }

    private final Listener listener;
    private final Pile frames = new Pile();
    private final Pile messages = new Pile();
    private int taken;
    private long pings;

    /// Connects, opens the stream and says hello.
    public StreamLine(int port, Hello.Builder hello, Listener listener) throws IOException {
        super(port);
        this.listener = listener;
        write(OPENING);
        send(ClientFrame.newBuilder().setHello(hello));
    }

    public void send(ClientFrame.Builder frame) throws IOException {
        write(encoded(frame));
    }

    public void beat() throws IOException {
        write(BEAT);
    }

    /// A beat as it goes over the wire: 9 bytes of HTTP/2, 5 of gRPC, 2 of the protocol. Nobody changes it.
    public static byte[] beatBytes() {
        return BEAT;
    }

    private static byte[] encoded(ClientFrame.Builder frame) {
        return Http2.message(frame.build().toByteArray());
    }

    /// Pings of the server that were answered. Exact when the loop stands still.
    public long pings() {
        return pings;
    }

    @Override
    void received(ByteBuffer bytes) throws IOException {
        frames.add(bytes);
        while (frames.size() >= Http2.HEAD) {
            int length = frames.intAt(0) >>> 8;
            if (frames.size() < Http2.HEAD + length) {
                return;
            }
            int type = frames.byteAt(3);
            int flags = frames.byteAt(4);
            frames.drop(Http2.HEAD);
            take(type, flags, length == 0 ? ByteBuffer.allocate(0) : frames.take(length));
        }
    }

    private void take(int type, int flags, ByteBuffer payload) throws IOException {
        switch (type) {
            case Http2.DATA -> data(payload);
            case Http2.SETTINGS -> {
                if ((flags & Http2.ACK) == 0) {
                    write(SETTINGS_ACK);
                }
            }
            case Http2.PING -> {
                if ((flags & Http2.ACK) == 0) {
                    byte[] same = new byte[payload.remaining()];
                    payload.get(same);
                    write(Http2.frame(Http2.PING, Http2.ACK, 0, same));
                    pings++;
                }
            }
            case Http2.RST_STREAM, Http2.GOAWAY -> end();
            case Http2.HEADERS -> {
                if ((flags & Http2.END_STREAM) != 0) {
                    end();
                }
            }
            default -> {
                // A window that opens: beats are too small to be held up by one.
            }
        }
    }

    private void data(ByteBuffer payload) throws IOException {
        taken += payload.remaining();
        if (taken >= Http2.WINDOW / 2) {
            write(Http2.windowUpdate(0, taken));
            write(Http2.windowUpdate(Http2.STREAM, taken));
            taken = 0;
        }
        messages.add(payload);
        while (messages.size() >= GRPC_HEAD) {
            int length = messages.intAt(1);
            if (messages.size() < GRPC_HEAD + length) {
                return;
            }
            messages.drop(GRPC_HEAD);
            listener.frame(
                    this,
                    length == 0
                            ? ServerFrame.getDefaultInstance()
                            : ServerFrame.parseFrom(messages.take(length)));
        }
    }
}
