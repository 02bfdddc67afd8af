package io.mainstay.head.amqp;

import io.mainstay.messaging.message.FieldTable;
import io.mainstay.messaging.message.FieldTableCodec;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// A client that sends whatever bytes it is told to.
final class RawClient implements AutoCloseable {

    private static final int DEADLINE_MS = 60_000;

    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;

    /// @param payload of a method: class, method and arguments
    record Frame(int type, int channel, ByteBuffer payload) {

        int method() {
            return payload.getInt(0);
        }

        /// Reply code and text of a close.
        String close() {
            int code = payload.getShort(4) & 0xffff;
            byte[] text = new byte[payload.get(6) & 0xff];
            payload.get(7, text);
            return code + " " + new String(text, StandardCharsets.UTF_8);
        }
    }

    RawClient(int port) throws IOException {
        socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(DEADLINE_MS);
        socket.setTcpNoDelay(true);
        in = new DataInputStream(socket.getInputStream());
        out = new DataOutputStream(socket.getOutputStream());
    }

    /// One that is through with the handshake.
    static RawClient open(int port) throws IOException {
        RawClient client = new RawClient(port);
        client.header(0, 0, 9, 1);
        client.read();
        client.login("guest", "guest", true);
        client.read();
        client.method(0, 10, 31, ByteBuffer.allocate(8).putShort((short) 100).putInt(131_072));
        client.method(0, 10, 40, ByteBuffer.allocate(4).put((byte) 1).put((byte) '/'));
        client.read();
        return client;
    }

    void header(int... version) throws IOException {
        out.write("AMQP".getBytes(StandardCharsets.US_ASCII));
        for (int part : version) {
            out.write(part);
        }
    }

    /// @param understands whether the client has the capability authentication_failure_close
    void login(String user, String password, boolean understands) throws IOException {
        FieldTable properties =
                FieldTable.EMPTY.with(
                        "capabilities",
                        FieldTable.EMPTY.with("authentication_failure_close", understands));
        byte[] table = FieldTableCodec.encode(properties);
        byte[] response = ("\0" + user + "\0" + password).getBytes(StandardCharsets.UTF_8);
        ByteBuffer arguments = ByteBuffer.allocate(table.length + 6 + 4 + response.length + 6);
        arguments.put(table);
        FieldTableCodec.encodeShortString("PLAIN", arguments);
        arguments.putInt(response.length).put(response);
        FieldTableCodec.encodeShortString("en_US", arguments);
        method(0, 10, 11, ByteBuffer.wrap(arguments.array()).position(arguments.capacity()));
    }

    /// @param arguments the whole array is sent
    void method(int channel, int classId, int methodId, ByteBuffer arguments) throws IOException {
        ByteBuffer payload = ByteBuffer.allocate(4 + arguments.capacity());
        payload.putShort((short) classId).putShort((short) methodId).put(arguments.array());
        frame(1, channel, payload.array());
    }

    void frame(int type, int channel, byte[] payload) throws IOException {
        out.writeByte(type);
        out.writeShort(channel);
        out.writeInt(payload.length);
        out.write(payload);
        out.writeByte(0xCE);
    }

    void raw(byte... bytes) throws IOException {
        out.write(bytes);
    }

    Frame read() throws IOException {
        int type = in.readUnsignedByte();
        int channel = in.readUnsignedShort();
        byte[] payload = new byte[in.readInt()];
        in.readFully(payload);
        if (in.readUnsignedByte() != 0xCE) {
            throw new IOException("no frame end");
        }
        return new Frame(type, channel, ByteBuffer.wrap(payload));
    }

    byte[] readBytes(int count) throws IOException {
        return in.readNBytes(count);
    }

    /// Whether nothing more comes.
    boolean ended() throws IOException {
        try {
            return in.read() < 0;
        } catch (java.net.SocketException reset) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
