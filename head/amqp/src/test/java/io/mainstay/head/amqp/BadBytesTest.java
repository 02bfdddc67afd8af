package io.mainstay.head.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Random;

/// What strangers send, byte by byte, and what they are told.
class BadBytesTest {

    private static final byte[] OURS = {'A', 'M', 'Q', 'P', 0, 0, 9, 1};
    private static final int CHANNEL_OPEN_OK = (20 << 16) | 11;
    private static final int CHANNEL_CLOSE = (20 << 16) | 40;
    private static final int CONNECTION_CLOSE = (10 << 16) | 50;

    private AmqpFixture fixture;

    @BeforeEach
    void start() throws Exception {
        fixture = new AmqpFixture(new FakeMessaging());
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    private RawClient open() throws Exception {
        RawClient client = RawClient.open(fixture.head.port());
        client.method(1, 20, 10, ByteBuffer.allocate(1));
        assertThat(client.read().method()).isEqualTo(CHANNEL_OPEN_OK);
        return client;
    }

    private static void publish(RawClient client) throws Exception {
        // reserved, exchange "", key "q", no bits
        client.method(1, 60, 40, ByteBuffer.wrap(new byte[] {0, 0, 0, 1, 'q', 0}));
    }

    private static byte[] header(int classId, long size) {
        return ByteBuffer.allocate(14)
                .putShort((short) classId)
                .putShort((short) 0)
                .putLong(size)
                .array();
    }

    @Test
    void otherProtocolsGetOurHeaderAndTheEnd() throws Exception {
        for (byte[] first :
                new byte[][] {
                    {'A', 'M', 'Q', 'P', 0, 1, 0, 0},
                    {'A', 'M', 'Q', 'P', 3, 1, 0, 0},
                    "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
                    {0x16, 0x03, 0x01, 0x02, 0x00, 0x01}
                }) {
            try (RawClient client = new RawClient(fixture.head.port())) {
                client.raw(first);
                assertThat(client.readBytes(8)).isEqualTo(OURS);
                assertThat(client.ended()).isTrue();
            }
        }
    }

    @Test
    void theOlderHeaderIsTaken() throws Exception {
        try (RawClient client = new RawClient(fixture.head.port())) {
            client.header(1, 1, 0, 9);
            assertThat(client.read().method()).isEqualTo((10 << 16) | 10);
        }
    }

    @Test
    void aRefusedLoginIsToldToThoseWhoUnderstand() throws Exception {
        try (RawClient client = new RawClient(fixture.head.port())) {
            client.header(0, 0, 9, 1);
            client.read();
            client.login("guest", "wrong", true);
            assertThat(client.read().close())
                    .isEqualTo(
                            "403 ACCESS_REFUSED - Login was refused using authentication mechanism PLAIN. For details see the broker logfile.");
        }
        try (RawClient client = new RawClient(fixture.head.port())) {
            client.header(0, 0, 9, 1);
            client.read();
            client.login("somebody", "guest", false);
            assertThat(client.ended()).isTrue();
        }
    }

    @Test
    void tuningBeyondTheBoundsIsRefused() throws Exception {
        tuned(0, 131_072, "530 NOT_ALLOWED - negotiated channel_max = 0 (no limit) is higher");
        tuned(4000, 131_072, "530 NOT_ALLOWED - negotiated channel_max = 4000 is higher");
        tuned(100, 0, "530 NOT_ALLOWED - negotiated frame_max = 0 (no limit) is higher");
        tuned(100, 4095, "530 NOT_ALLOWED - negotiated frame_max = 4095 is lower than");
        tuned(100, 200_000, "530 NOT_ALLOWED - negotiated frame_max = 200000 is higher");
    }

    private void tuned(int channels, int frame, String sentence) throws Exception {
        try (RawClient client = new RawClient(fixture.head.port())) {
            client.header(0, 0, 9, 1);
            client.read();
            client.login("guest", "guest", true);
            client.read();
            client.method(
                    0, 10, 31, ByteBuffer.allocate(8).putShort((short) channels).putInt(frame));
            assertThat(client.read().close()).startsWith(sentence);
        }
    }

    private void closes(RawClient client, String sentence) throws Exception {
        RawClient.Frame frame = client.read();
        assertThat(frame.method()).isEqualTo(CONNECTION_CLOSE);
        assertThat(frame.close()).startsWith(sentence);
        client.method(0, 10, 51, ByteBuffer.allocate(0));
        assertThat(client.ended()).isTrue();
    }

    @Test
    void framesThatAreNoneCloseTheConnection() throws Exception {
        try (RawClient client = open()) {
            client.raw((byte) 1, (byte) 0, (byte) 1, (byte) 0x7f, (byte) 0xff, (byte) 0, (byte) 0);
            closes(client, "501 FRAME_ERROR - type 1, channel 1: frame too large");
        }
        try (RawClient client = open()) {
            client.raw(
                    (byte) 1, (byte) 0, (byte) 1, (byte) 0, (byte) 0, (byte) 0, (byte) 0, (byte) 7);
            closes(client, "501 FRAME_ERROR - type 1, channel 1: invalid frame end marker 0x07");
        }
        try (RawClient client = open()) {
            client.frame(5, 0, new byte[0]);
            closes(client, "501 FRAME_ERROR - type 5, channel 0: unknown frame type");
        }
        try (RawClient client = open()) {
            client.frame(8, 1, new byte[0]);
            closes(client, "505 UNEXPECTED_FRAME - heartbeat on channel 1");
        }
    }

    @Test
    void framesInTheWrongOrderCloseTheConnection() throws Exception {
        try (RawClient client = open()) {
            publish(client);
            publish(client);
            closes(client, "505 UNEXPECTED_FRAME - expected content header for class 60");
        }
        try (RawClient client = open()) {
            client.frame(3, 1, new byte[1]);
            closes(client, "505 UNEXPECTED_FRAME - expected method frame, got content body");
        }
        try (RawClient client = open()) {
            publish(client);
            client.frame(2, 1, header(50, 3));
            closes(
                    client,
                    "505 UNEXPECTED_FRAME - expected content header for class 60, got one for class 50");
        }
        try (RawClient client = open()) {
            publish(client);
            client.frame(2, 1, header(60, 3));
            publish(client);
            closes(client, "505 UNEXPECTED_FRAME - expected content body");
        }
        try (RawClient client = open()) {
            publish(client);
            client.frame(2, 1, header(60, 3));
            client.frame(3, 1, new byte[4]);
            closes(client, "505 UNEXPECTED_FRAME - a content body has 1 bytes more");
        }
    }

    @Test
    void whatCannotBeReadClosesTheConnection() throws Exception {
        try (RawClient client = open()) {
            client.frame(1, 1, new byte[3]);
            closes(client, "502 SYNTAX_ERROR - a method frame has 3 bytes");
        }
        try (RawClient client = open()) {
            client.method(
                    1,
                    50,
                    10,
                    ByteBuffer.wrap(HexFormat.of().parseHex("0000" + "0171" + "00" + "7fffffff")));
            closes(
                    client,
                    "502 SYNTAX_ERROR - method 50.10: a field table declares 2147483647 bytes");
        }
        try (RawClient client = open()) {
            client.method(1, 77, 10, ByteBuffer.allocate(0));
            closes(client, "503 COMMAND_INVALID - unknown method 77.10");
        }
        try (RawClient client = open()) {
            client.method(9, 60, 10, ByteBuffer.allocate(7));
            closes(client, "504 CHANNEL_ERROR - expected 'channel.open'");
        }
        try (RawClient client = open()) {
            client.method(1, 20, 10, ByteBuffer.allocate(1));
            closes(client, "504 CHANNEL_ERROR - second 'channel.open' seen");
        }
    }

    @Test
    void aMessageThatIsTooLargeClosesItsChannelOnly() throws Exception {
        try (RawClient client = open()) {
            publish(client);
            client.frame(2, 1, header(60, AmqpFixture.MESSAGE_MAX_BYTES + 1));
            client.frame(3, 1, new byte[1000]);
            RawClient.Frame close = client.read();
            assertThat(close.method()).isEqualTo(CHANNEL_CLOSE);
            assertThat(close.close())
                    .isEqualTo(
                            "406 PRECONDITION_FAILED - message size 1048577 is larger than configured max size 1048576");
            client.frame(3, 1, new byte[1000]);
            client.method(1, 20, 41, ByteBuffer.allocate(0));
            client.method(1, 20, 10, ByteBuffer.allocate(1));
            assertThat(client.read().method()).isEqualTo(CHANNEL_OPEN_OK);
        }
    }

    /// A seeded loop over frames that stock clients send: whatever becomes of them, the head answers or closes, and serves the next client.
    @Test
    void mutatedFramesDoNotBreakTheHead() throws Exception {
        byte[][] corpus = Corpus.frames();
        for (int seed = 0; seed < 150; seed++) {
            Random random = new Random(seed);
            try (RawClient client = open()) {
                for (int n = 0; n < 20; n++) {
                    byte[] frame = corpus[random.nextInt(corpus.length)].clone();
                    for (int i = random.nextInt(3); i > 0; i--) {
                        // The length stays right more often than not, so that arguments are
                        // reached.
                        int at = random.nextInt(8) == 0 ? 0 : Math.min(7, frame.length - 1);
                        frame[at + random.nextInt(frame.length - at)] = (byte) random.nextInt();
                    }
                    client.raw(frame);
                }
            } catch (java.io.IOException closed) {
                // The head may close at any byte.
            }
        }
        try (RawClient client = open()) {
            client.method(1, 20, 40, ByteBuffer.allocate(7));
            assertThat(client.read().method()).isEqualTo((20 << 16) | 41);
        }
        org.awaitility.Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> fixture.head.connections() == 0);
    }
}
