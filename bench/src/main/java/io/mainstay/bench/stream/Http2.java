package io.mainstay.bench.stream;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// The few frames of HTTP/2 (RFC 9113) that a client of one stream needs.
///
/// ```
///  0        3      4       5          9
///  +--------+------+-------+----------+--------...
///  | length | type | flags | stream   | payload
///  +--------+------+-------+----------+--------...
/// ```
final class Http2 {

    static final int HEAD = 9;
    static final int STREAM = 1;

    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;

    static final int END_STREAM = 1;
    static final int ACK = 1;
    private static final int END_HEADERS = 4;

    /// Bytes that the server may send before it is told that they were taken: what grpc-java's client gives.
    static final int WINDOW = 1 << 20;

    private static final int DEFAULT_WINDOW = 65_535;
    private static final int SETTINGS_INITIAL_WINDOW_SIZE = 4;

    private static final byte[] PREFACE =
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private Http2() {}

    /// Preface, settings and the headers of a gRPC call of `path`.
    static byte[] opening(String path) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(PREFACE);
        ByteBuffer settings = ByteBuffer.allocate(6);
        settings.putShort((short) SETTINGS_INITIAL_WINDOW_SIZE).putInt(WINDOW);
        out.writeBytes(frame(SETTINGS, 0, 0, settings.array()));
        out.writeBytes(windowUpdate(0, WINDOW - DEFAULT_WINDOW));
        out.writeBytes(frame(HEADERS, END_HEADERS, STREAM, headers(path)));
        return out.toByteArray();
    }

    /// HPACK (RFC 7541) without its tables: fields of the static table by their index, others as they are.
    private static byte[] headers(String path) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        // :method POST and :scheme http
        out.write(0x80 | 3);
        out.write(0x80 | 6);
        // :authority, :path and content-type by the index of the name; 31 does not fit into four
        // bits
        out.write(1);
        text(out, "localhost");
        out.write(4);
        text(out, path);
        out.write(0x0f);
        out.write(31 - 15);
        text(out, "application/grpc");
        out.write(0);
        text(out, "te");
        text(out, "trailers");
        return out.toByteArray();
    }

    private static void text(ByteArrayOutputStream out, String text) {
        out.write(text.length());
        out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    static byte[] windowUpdate(int stream, int bytes) {
        return frame(WINDOW_UPDATE, 0, stream, ByteBuffer.allocate(4).putInt(bytes).array());
    }

    /// A gRPC message as one DATA frame: a zero for "not compressed", four bytes of length, the message.
    static byte[] message(byte[] message) {
        ByteBuffer grpc = ByteBuffer.allocate(5 + message.length);
        grpc.put((byte) 0).putInt(message.length).put(message);
        return frame(DATA, 0, STREAM, grpc.array());
    }

    static byte[] frame(int type, int flags, int stream, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(HEAD + payload.length);
        frame.putInt(payload.length << 8 | type).put((byte) flags).putInt(stream);
        return frame.put(payload).array();
    }
}
