package io.mainstay.bench.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.registry.v1.Hello;
import io.mainstay.registry.v1.ServerFrame;
import io.mainstay.registry.v1.Update;
import io.mainstay.registry.v1.Welcome;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/// The client by hand, against bytes that come in every way they may.
class StreamLineTest {

    private static final ServerFrame WELCOME =
            ServerFrame.newBuilder().setWelcome(Welcome.newBuilder().setNodeId("n")).build();
    private static final ServerFrame UPDATE =
            ServerFrame.newBuilder().setUpdate(Update.newBuilder().setService("S")).build();
    private static final byte[] PING = {1, 2, 3, 4, 5, 6, 7, 8};

    @Test
    void framesAreWholeHoweverTheirBytesAreCut() throws Exception {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        said.writeBytes(Http2.frame(Http2.SETTINGS, 0, 0, new byte[0]));
        said.writeBytes(Http2.message(WELCOME.toByteArray()));
        said.writeBytes(Http2.frame(Http2.PING, 0, 0, PING));
        byte[] update = Http2.message(UPDATE.toByteArray());
        // One message in two frames of DATA.
        byte[] first = java.util.Arrays.copyOfRange(update, Http2.HEAD, Http2.HEAD + 3);
        byte[] second = java.util.Arrays.copyOfRange(update, Http2.HEAD + 3, update.length);
        said.writeBytes(Http2.frame(Http2.DATA, 0, Http2.STREAM, first));
        said.writeBytes(Http2.frame(Http2.DATA, 0, Http2.STREAM, second));
        said.writeBytes(Http2.frame(Http2.HEADERS, Http2.END_STREAM, Http2.STREAM, new byte[1]));
        List<ServerFrame> came = new ArrayList<>();
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                StreamLoop loop = new StreamLoop();
                StreamLine line =
                        loop.add(
                                new StreamLine(
                                        server.getLocalPort(),
                                        Hello.newBuilder().setClientId("c"),
                                        (one, frame) -> came.add(frame)));
                Socket socket = server.accept()) {
            socket.setTcpNoDelay(true);
            long read = 0;
            for (byte one : said.toByteArray()) {
                socket.getOutputStream().write(one);
                read++;
                while (line.bytesIn() < read) {
                    loop.turn(100);
                }
            }
            assertThat(came).containsExactly(WELCOME, UPDATE);
            assertThat(line.pings()).isEqualTo(1);
            assertThat(line.ended()).isTrue();
            line.close();
            byte[] sent = socket.getInputStream().readAllBytes();
            byte[] end = Http2.frame(Http2.PING, Http2.ACK, 0, PING);
            assertThat(sent).startsWith("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes());
            assertThat(sent).endsWith(end);
        }
    }

    @Test
    void aBeatIsSixteenBytes() {
        assertThat(StreamLine.beatBytes()).hasSize(16);
    }
}
