package io.mainstay.head.amqp.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mainstay.messaging.message.FieldTable;
import io.mainstay.messaging.message.FieldTableCodec;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

import java.nio.ByteBuffer;

/// The methods that a server sends. Event loop only; nothing leaves before [FrameWriter#flush].
public final class MethodWriter {

    private static final int SHORT_STRING_BYTES = 255;

    private final FrameWriter frames;

    public MethodWriter(FrameWriter frames) {
        this.frames = frames;
    }

    public void connectionStart(FieldTable properties, String mechanisms, String locales) {
        ByteBuf out = frames.method(0, MethodId.CONNECTION_START);
        out.writeByte(0).writeByte(9).writeBytes(FieldTableCodec.encode(properties));
        longString(out, mechanisms);
        longString(out, locales);
        frames.end();
    }

    public void connectionTune(int channelMax, int frameMax, int heartbeatSeconds) {
        frames.method(0, MethodId.CONNECTION_TUNE)
                .writeShort(channelMax)
                .writeInt(frameMax)
                .writeShort(heartbeatSeconds);
        frames.end();
    }

    public void connectionOpenOk() {
        shortString(frames.method(0, MethodId.CONNECTION_OPEN_OK), "");
        frames.end();
    }

    /// @param failing [MethodId] of the method that was wrong, 0: none
    public void connectionClose(int code, String text, int failing) {
        close(frames.method(0, MethodId.CONNECTION_CLOSE), code, text, failing);
    }

    public void connectionBlocked(String reason) {
        shortString(frames.method(0, MethodId.CONNECTION_BLOCKED), reason);
        frames.end();
    }

    public void channelOpenOk(int channel) {
        frames.method(channel, MethodId.CHANNEL_OPEN_OK).writeInt(0);
        frames.end();
    }

    public void channelFlowOk(int channel, boolean active) {
        frames.method(channel, MethodId.CHANNEL_FLOW_OK).writeBoolean(active);
        frames.end();
    }

    public void channelClose(int channel, int code, String text, int failing) {
        close(frames.method(channel, MethodId.CHANNEL_CLOSE), code, text, failing);
    }

    private void close(ByteBuf out, int code, String text, int failing) {
        out.writeShort(code);
        shortString(out, text);
        out.writeShort(MethodId.classOf(failing)).writeShort(MethodId.methodOf(failing));
        frames.end();
    }

    public void accessRequestOk(int channel) {
        frames.method(channel, MethodId.ACCESS_REQUEST_OK).writeShort(1);
        frames.end();
    }

    public void queueDeclareOk(int channel, String queue, long messages, int consumers) {
        ByteBuf out = frames.method(channel, MethodId.QUEUE_DECLARE_OK);
        shortString(out, queue);
        out.writeInt(count(messages)).writeInt(consumers);
        frames.end();
    }

    /// For purge-ok and delete-ok.
    public void messageCount(int channel, int id, long messages) {
        frames.method(channel, id).writeInt(count(messages));
        frames.end();
    }

    /// A method without arguments.
    public void bare(int channel, int id) {
        frames.method(channel, id);
        frames.end();
    }

    public void basicConsumeOk(int channel, String consumerTag) {
        shortString(frames.method(channel, MethodId.BASIC_CONSUME_OK), consumerTag);
        frames.end();
    }

    public void basicCancelOk(int channel, String consumerTag) {
        shortString(frames.method(channel, MethodId.BASIC_CANCEL_OK), consumerTag);
        frames.end();
    }

    /// Tells a client that its consumer ended.
    public void basicCancel(int channel, String consumerTag) {
        ByteBuf out = frames.method(channel, MethodId.BASIC_CANCEL);
        shortString(out, consumerTag);
        out.writeByte(1);
        frames.end();
    }

    public void basicAck(int channel, long tag, boolean multiple) {
        frames.method(channel, MethodId.BASIC_ACK).writeLong(tag).writeBoolean(multiple);
        frames.end();
    }

    public void basicNack(int channel, long tag, boolean multiple) {
        frames.method(channel, MethodId.BASIC_NACK).writeLong(tag).writeBoolean(multiple);
        frames.end();
    }

    /// A content follows.
    ///
    /// @param exchange short string with its length in front
    /// @param routingKey likewise
    public void basicDeliver(
            int channel,
            byte[] consumerTag,
            long deliveryTag,
            boolean redelivered,
            ByteBuffer exchange,
            ByteBuffer routingKey) {
        ByteBuf out = frames.method(channel, MethodId.BASIC_DELIVER);
        out.writeByte(consumerTag.length).writeBytes(consumerTag);
        out.writeLong(deliveryTag).writeBoolean(redelivered);
        out.writeBytes(exchange.duplicate()).writeBytes(routingKey.duplicate());
        frames.end();
    }

    /// A content follows; see [#basicDeliver].
    public void basicGetOk(
            int channel,
            long deliveryTag,
            boolean redelivered,
            ByteBuffer exchange,
            ByteBuffer routingKey,
            long messagesLeft) {
        ByteBuf out = frames.method(channel, MethodId.BASIC_GET_OK);
        out.writeLong(deliveryTag).writeBoolean(redelivered);
        out.writeBytes(exchange.duplicate()).writeBytes(routingKey.duplicate());
        out.writeInt(count(messagesLeft));
        frames.end();
    }

    public void basicGetEmpty(int channel) {
        shortString(frames.method(channel, MethodId.BASIC_GET_EMPTY), "");
        frames.end();
    }

    /// A content follows.
    public void basicReturn(
            int channel, ReplyCode code, String text, String exchange, String routingKey) {
        ByteBuf out = frames.method(channel, MethodId.BASIC_RETURN);
        out.writeShort(code.number());
        shortString(out, text);
        shortString(out, exchange);
        shortString(out, routingKey);
        frames.end();
    }

    private static void longString(ByteBuf out, String text) {
        byte[] bytes = text.getBytes(UTF_8);
        out.writeInt(bytes.length).writeBytes(bytes);
    }

    /// Text that is too long is cut at a character.
    private static void shortString(ByteBuf out, String text) {
        String fits = text;
        if (ByteBufUtil.utf8Bytes(text) > SHORT_STRING_BYTES) {
            int chars = Math.min(text.length(), SHORT_STRING_BYTES);
            while (ByteBufUtil.utf8Bytes(text, 0, chars) > SHORT_STRING_BYTES) {
                chars--;
            }
            fits = text.substring(0, chars);
        }
        out.writeByte(ByteBufUtil.utf8Bytes(fits));
        ByteBufUtil.writeUtf8(out, fits);
    }

    /// AMQP has 32 bits for it.
    private static int count(long messages) {
        return (int) Math.min(messages, Integer.MAX_VALUE);
    }
}
