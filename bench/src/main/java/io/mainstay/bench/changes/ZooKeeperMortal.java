package io.mainstay.bench.changes;

import org.apache.jute.BinaryOutputArchive;
import org.apache.jute.Record;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.proto.ConnectRequest;
import org.apache.zookeeper.proto.CreateRequest;
import org.apache.zookeeper.proto.RequestHeader;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;

/// A session with one ephemeral znode, by hand: ZooKeeper's own client can neither die without a word nor fall silent.
final class ZooKeeperMortal implements AutoCloseable {

    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;
    private final long lastWord;

    /// Returns when the znode is there.
    ZooKeeperMortal(int port, String path, byte[] data, int sessionMs) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        in = new DataInputStream(socket.getInputStream());
        out = new DataOutputStream(socket.getOutputStream());
        send(new ConnectRequest(0, 0, sessionMs, 0, new byte[16], false));
        receive();
        lastWord = System.nanoTime();
        send(
                new RequestHeader(1, ZooDefs.OpCode.create),
                new CreateRequest(
                        path, data, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL.toFlag()));
        byte[] answer = receive();
        // xid 4, zxid 8, error 4
        if (answer.length < 16 || (answer[12] | answer[13] | answer[14] | answer[15]) != 0) {
            throw new IOException("ZooKeeper did not create " + path);
        }
    }

    /// Monotonic nanoseconds of the last that it said.
    long lastWord() {
        return lastWord;
    }

    private void send(Record... records) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryOutputArchive archive = BinaryOutputArchive.getArchive(bytes);
        for (Record record : records) {
            record.serialize(archive, "");
        }
        out.writeInt(bytes.size());
        bytes.writeTo(out);
        out.flush();
    }

    private byte[] receive() throws IOException {
        byte[] answer = new byte[in.readInt()];
        in.readFully(answer);
        return answer;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
