package io.mainstay.head.amqp;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;

import io.mainstay.head.web.Authenticator;
import io.mainstay.messaging.message.FieldTable;
import io.mainstay.messaging.message.FieldTableCodec;
import io.mainstay.platform.Platform;
import io.mainstay.platform.real.RealPlatform;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;

import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What a client may send behind its handshake, made of arbitrary bytes: whatever they are, the head answers or closes with a code that names the
/// client's mistake, and no exception of our own comes of it.
///
/// The entry point has the form that Jazzer and other fuzzers look for; `docs/protocols/amqp.md` says how to run one. The first byte says how the rest
/// is meant: even, as it is; odd, as frames whose heads and ends are added, so that a fuzzer reaches what is in them: a byte for the type, one for the
/// channel, two for the length, and the payload.
public final class AmqpFuzz {

    private static final int FRAMES = 64;
    private static final byte[] FRAME_TYPES = {1, 2, 3, 8};
    private static final int FRAME_END = 0xCE;
    private static final int INTERNAL_ERROR = 541;
    private static final int CONNECTION_CLOSE = (10 << 16) | 50;
    private static final List<byte[]> OPENING = opening();
    private static final Logger LOG =
            (Logger) LoggerFactory.getLogger(AmqpFuzz.class.getPackageName());
    private static final Platform PLATFORM = platform();

    private AmqpFuzz() {}

    /// @throws AssertionError if the head failed
    public static void fuzzerTestOneInput(byte[] input) {
        Level level = LOG.getLevel();
        LOG.setLevel(Level.OFF);
        try {
            talk(input);
        } finally {
            LOG.setLevel(level);
        }
    }

    private static void talk(byte[] input) {
        Shared shared =
                new Shared(
                        new AmqpHeadConfig(
                                "127.0.0.1",
                                0,
                                null,
                                1 << 16,
                                1,
                                AmqpHeadConfig.CHANNEL_MAX,
                                AmqpHeadConfig.TRANSACTION_MAX_BYTES,
                                AmqpHeadConfig.LOOPBACK_USERS,
                                "fuzz"),
                        new FakeMessaging(),
                        Authenticator.open(),
                        PLATFORM.clock(),
                        PublishAlarm.never(),
                        new DirectReplies(),
                        new OpenConnections(),
                        new DeliveriesInHand(AmqpLimits.ALL_IN_HAND),
                        new Quotas(1));
        AmqpConnection connection = new AmqpConnection(shared, false);
        LocalChannel channel = new LocalChannel();
        channel.pipeline().addLast(connection.decoder(), connection);
        try {
            for (byte[] part : OPENING) {
                send(channel, Unpooled.wrappedBuffer(part));
            }
            send(channel, sent(input));
            // What consumers and confirms bring.
            for (int i = 0; i < 3; i++) {
                channel.runPendingTasks();
            }
        } finally {
            channel.close();
            channel.runPendingTasks();
            check(channel);
            channel.finishAndReleaseAll();
        }
    }

    private static void send(EmbeddedChannel channel, ByteBuf bytes) {
        if (!channel.isOpen()) {
            bytes.release();
            return;
        }
        channel.writeOneInbound(bytes);
        if (channel.isOpen()) {
            channel.flushInbound();
        }
        channel.runPendingTasks();
    }

    private static void check(EmbeddedChannel channel) {
        channel.checkException();
        ByteBuf out = Unpooled.buffer();
        for (ByteBuf next = channel.readOutbound(); next != null; next = channel.readOutbound()) {
            out.writeBytes(next);
            next.release();
        }
        out.skipBytes(out.readableBytes() > 0 && out.getByte(0) == 'A' ? 8 : 0);
        while (out.readableBytes() >= 8) {
            int type = out.readUnsignedByte();
            int number = out.readUnsignedShort();
            int length = out.readInt();
            if (type == 1
                    && number == 0
                    && length > 6
                    && out.getInt(out.readerIndex()) == CONNECTION_CLOSE
                    && out.getUnsignedShort(out.readerIndex() + 4) == INTERNAL_ERROR) {
                throw new AssertionError("the head failed: see its log");
            }
            out.skipBytes(length + 1);
        }
        out.release();
    }

    private static ByteBuf sent(byte[] input) {
        if (input.length == 0 || (input[0] & 1) == 0) {
            return Unpooled.wrappedBuffer(
                    input, Math.min(1, input.length), Math.max(0, input.length - 1));
        }
        ByteBuffer in = ByteBuffer.wrap(input).position(1);
        ByteBuf frames = Unpooled.buffer();
        for (int n = 0; n < FRAMES && in.remaining() >= 4; n++) {
            byte type = FRAME_TYPES[in.get() & 3];
            int channel = in.get() & 3;
            byte[] payload = new byte[Math.min(in.getShort() & 0xffff, in.remaining())];
            in.get(payload);
            frame(frames, type, channel, payload);
        }
        return frames;
    }

    private static void frame(ByteBuf out, int type, int channel, byte[] payload) {
        out.writeByte(type).writeShort(channel).writeInt(payload.length);
        out.writeBytes(payload).writeByte(FRAME_END);
    }

    /// Handshake, a channel, and a queue with a binding and a consumer.
    private static List<byte[]> opening() {
        List<byte[]> parts = new ArrayList<>();
        parts.add(new byte[] {'A', 'M', 'Q', 'P', 0, 0, 9, 1});
        byte[] properties =
                FieldTableCodec.encode(
                        FieldTable.EMPTY.with(
                                "capabilities",
                                FieldTable.EMPTY
                                        .with("authentication_failure_close", true)
                                        .with("consumer_cancel_notify", true)));
        byte[] response = "\0guest\0guest".getBytes(StandardCharsets.UTF_8);
        ByteBuf start = text(id(10, 11).writeBytes(properties), "PLAIN");
        parts.add(method(0, text(start.writeInt(response.length).writeBytes(response), "en_US")));
        parts.add(method(0, id(10, 31).writeShort(100).writeInt(131_072).writeShort(0)));
        parts.add(method(0, text(id(10, 40), "/").writeShort(0)));
        parts.add(method(1, id(20, 10).writeByte(0)));
        parts.add(method(1, text(id(50, 10).writeShort(0), "q").writeByte(0).writeInt(0)));
        ByteBuf bind = text(text(text(id(50, 20).writeShort(0), "q"), "amq.topic"), "k.#");
        parts.add(method(1, bind.writeByte(0).writeInt(0)));
        ByteBuf consume = text(text(id(60, 20).writeShort(0), "q"), "tag");
        parts.add(method(1, consume.writeByte(0).writeInt(0)));
        return parts;
    }

    private static ByteBuf id(int classId, int methodId) {
        return Unpooled.buffer().writeShort(classId).writeShort(methodId);
    }

    private static ByteBuf text(ByteBuf out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return out.writeByte(bytes.length).writeBytes(bytes);
    }

    private static byte[] method(int channel, ByteBuf payload) {
        byte[] bytes = new byte[payload.readableBytes()];
        payload.readBytes(bytes);
        ByteBuf out = Unpooled.buffer();
        frame(out, 1, channel, bytes);
        byte[] whole = new byte[out.readableBytes()];
        out.readBytes(whole);
        return whole;
    }

    private static Platform platform() {
        try {
            return RealPlatform.at(Path.of("target", "unused"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A channel of this machine, where guest may come in.
    private static final class LocalChannel extends EmbeddedChannel {
        private static final InetSocketAddress HERE = new InetSocketAddress("127.0.0.1", 5672);

        @Override
        protected SocketAddress remoteAddress0() {
            return HERE;
        }

        @Override
        protected SocketAddress localAddress0() {
            return HERE;
        }
    }
}
