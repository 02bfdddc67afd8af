package io.mainstay.head.amqp.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;

import java.util.List;

/// Bytes to frames. Tells a [Sink], on the event loop, and hands nothing to later handlers.
///
/// Buffers at most one frame: a declared length beyond the limit is refused before its bytes come, and bytes are held only as they come.
/// After the first error nothing more is read.
public final class FrameDecoder extends ByteToMessageDecoder {

    /// Who hears of frames.
    public interface Sink {
        /// The connection begins with these bytes: four at least, eight if the first four are `AMQP`.
        ///
        /// @return whether frames may follow
        boolean protocolHeader(ByteBuf header);

        /// @param payload valid until return; retain what shall live longer
        void frame(int type, int channel, ByteBuf payload);

        /// The bytes are no frame; none follows.
        void frameError(AmqpException error);

        /// Bytes came in.
        void bytesIn(int bytes);
    }

    private static final int PROTOCOL_HEADER_BYTES = 8;
    private static final int AMQP = 0x414d5150;

    private enum Phase {
        PROTOCOL_HEADER,
        FRAMES,
        BROKEN
    }

    private final Sink sink;
    private Phase phase = Phase.PROTOCOL_HEADER;
    private long frameMax;

    /// @param frameMax whole bytes of a frame until [#frameMax(long)] says otherwise
    public FrameDecoder(Sink sink, long frameMax) {
        this.sink = sink;
        this.frameMax = frameMax;
    }

    public void frameMax(long bytes) {
        frameMax = bytes;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        if (message instanceof ByteBuf bytes) {
            sink.bytesIn(bytes.readableBytes());
        }
        super.channelRead(context, message);
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        switch (phase) {
            case PROTOCOL_HEADER -> protocolHeader(in);
            case FRAMES -> frame(in);
            case BROKEN -> in.skipBytes(in.readableBytes());
        }
    }

    private void protocolHeader(ByteBuf in) {
        if (in.readableBytes() < 4) {
            return;
        }
        boolean amqp = in.getInt(in.readerIndex()) == AMQP;
        if (amqp && in.readableBytes() < PROTOCOL_HEADER_BYTES) {
            return;
        }
        ByteBuf header = in.readSlice(amqp ? PROTOCOL_HEADER_BYTES : 4);
        phase = sink.protocolHeader(header) ? Phase.FRAMES : Phase.BROKEN;
    }

    private void frame(ByteBuf in) {
        if (in.readableBytes() < FrameType.HEAD_BYTES) {
            return;
        }
        int at = in.readerIndex();
        int type = in.getUnsignedByte(at);
        int channel = in.getUnsignedShort(at + 1);
        long bytes = in.getUnsignedInt(at + 3);
        if (!FrameType.known(type)) {
            broken("type %s, channel %s: unknown frame type".formatted(type, channel));
            return;
        }
        if (bytes > frameMax - FrameType.FRAMING_BYTES) {
            broken(
                    "type %s, channel %s: frame too large: %s bytes of payload, allowed: %s"
                            .formatted(type, channel, bytes, frameMax - FrameType.FRAMING_BYTES));
            return;
        }
        int whole = (int) bytes + FrameType.FRAMING_BYTES;
        if (in.readableBytes() < whole) {
            return;
        }
        int end = in.getUnsignedByte(at + whole - 1);
        if (end != FrameType.END) {
            broken(
                    "type %s, channel %s: invalid frame end marker 0x%02x, expected 0xce"
                            .formatted(type, channel, end));
            return;
        }
        in.skipBytes(FrameType.HEAD_BYTES);
        ByteBuf payload = in.readSlice((int) bytes);
        in.skipBytes(1);
        sink.frame(type, channel, payload);
    }

    private void broken(String sentence) {
        phase = Phase.BROKEN;
        sink.frameError(new AmqpException(ReplyCode.FRAME_ERROR, sentence));
    }
}
