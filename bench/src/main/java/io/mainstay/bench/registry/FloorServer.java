package io.mainstay.bench.registry;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/// The physical limit: one selector thread that reads whatever came and answers as many bytes as a beat's answer has, without
/// parsing. Its one argument is how many bytes it answers: those of an empty HTTP answer, or as many zeros, or none. Prints its port on
/// standard output and lives until its standard input ends.
public final class FloorServer {

    private static final byte[] HTTP_ANSWER =
            "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    static final int HTTP_ANSWER_BYTES = HTTP_ANSWER.length;

    private FloorServer() {}

    public static void main(String[] args) throws IOException {
        int answerBytes = Integer.parseInt(args[0]);
        byte[] answer = answerBytes == HTTP_ANSWER_BYTES ? HTTP_ANSWER : new byte[answerBytes];
        try (ServerSocketChannel server = ServerSocketChannel.open();
                Selector selector = Selector.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
            server.configureBlocking(false);
            server.register(selector, SelectionKey.OP_ACCEPT);
            System.out.println(((InetSocketAddress) server.getLocalAddress()).getPort());
            Thread.ofPlatform()
                    .daemon()
                    .start(
                            () -> {
                                try {
                                    while (System.in.read() >= 0) {}
                                } catch (IOException e) {
                                    System.err.println("floor: " + e);
                                }
                                System.exit(0);
                            });
            serve(server, selector, answer);
        }
    }

    private static void serve(ServerSocketChannel server, Selector selector, byte[] answer)
            throws IOException {
        ByteBuffer in = ByteBuffer.allocateDirect(16 * 1024);
        ByteBuffer out = ByteBuffer.allocateDirect(answer.length).put(answer).flip();
        while (true) {
            selector.select();
            var keys = selector.selectedKeys().iterator();
            while (keys.hasNext()) {
                SelectionKey key = keys.next();
                keys.remove();
                if (key.isAcceptable()) {
                    SocketChannel channel = server.accept();
                    channel.configureBlocking(false);
                    channel.register(selector, SelectionKey.OP_READ);
                } else {
                    SocketChannel channel = (SocketChannel) key.channel();
                    if (channel.read(in.clear()) < 0) {
                        channel.close();
                    } else if (answer.length > 0) {
                        channel.write(out.rewind());
                    }
                }
            }
        }
    }
}
