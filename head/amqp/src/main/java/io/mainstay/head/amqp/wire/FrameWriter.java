package io.mainstay.head.amqp.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;

/// Frames to bytes, in the order of the calls. Event loop only.
///
/// Small things are collected in a chunk; a body beyond [#COPIED_BYTES] is written from where it stands, between two slices of the chunk.
/// Nothing leaves before [#flush].
public final class FrameWriter {

    /// A body frame up to this is cheaper to copy than to write as a buffer of its own.
    static final int COPIED_BYTES = 1024;

    private static final int CHUNK_BYTES = 16 << 10;

    /// More than any method takes: short strings of 255 bytes, three at most.
    private static final int METHOD_BYTES = 4096;

    private final ChannelHandlerContext context;
    private @Nullable ByteBuf chunk;
    private int frameAt;
    private long frameMax;
    private long bytesOut;

    /// @param frameMax whole bytes of a frame
    public FrameWriter(ChannelHandlerContext context, long frameMax) {
        this.context = context;
        this.frameMax = frameMax;
    }

    public void frameMax(long bytes) {
        frameMax = bytes;
    }

    /// Bytes that were given to the socket.
    public long bytesOut() {
        return bytesOut;
    }

    /// Begins a method frame; write the arguments, then call [#end].
    ByteBuf method(int channel, int id) {
        ByteBuf target = begin(FrameType.METHOD, channel, METHOD_BYTES);
        return target.writeInt(id);
    }

    private ByteBuf begin(int type, int channel, int most) {
        ByteBuf target = room(most + FrameType.FRAMING_BYTES);
        frameAt = target.writerIndex();
        return target.writeByte(type).writeShort(channel).writeInt(0);
    }

    /// Ends the frame that was begun.
    void end() {
        ByteBuf target = room(1);
        int payload = target.writerIndex() - frameAt - FrameType.HEAD_BYTES;
        target.setInt(frameAt + 3, payload);
        target.writeByte(FrameType.END);
    }

    /// Writes header and body frames of a content of class basic.
    ///
    /// @param properties flags and values
    /// @param body not copied if it is long: must stay as it is until it is written
    public void content(int channel, ByteBuffer properties, ByteBuffer body) {
        ByteBuf header = begin(FrameType.HEADER, channel, 12 + properties.remaining());
        header.writeShort(60).writeShort(0).writeLong(body.remaining());
        header.writeBytes(properties.duplicate());
        end();
        int most = (int) Math.min(frameMax, Integer.MAX_VALUE) - FrameType.FRAMING_BYTES;
        for (int at = body.position(); at < body.limit(); at += most) {
            body(channel, body.slice(at, Math.min(most, body.limit() - at)));
        }
    }

    private void body(int channel, ByteBuffer part) {
        int bytes = part.remaining();
        boolean copied = bytes <= COPIED_BYTES;
        ByteBuf target = room(FrameType.FRAMING_BYTES + (copied ? bytes : 0));
        target.writeByte(FrameType.BODY).writeShort(channel).writeInt(bytes);
        if (copied) {
            target.writeBytes(part);
        } else {
            handOver(false);
            bytesOut += bytes;
            context.write(Unpooled.wrappedBuffer(part));
        }
        room(1).writeByte(FrameType.END);
    }

    public void heartbeat() {
        begin(FrameType.HEARTBEAT, 0, 0);
        end();
    }

    /// Writes bytes that are no frame.
    public void raw(byte[] bytes) {
        room(bytes.length).writeBytes(bytes);
    }

    /// Gives everything to the socket.
    ///
    /// @param written runs when it has left, also if that failed; `null`: nobody asks
    public void flush(@Nullable Runnable written) {
        if (chunk == null && written == null) {
            return;
        }
        ByteBuf last = chunk == null ? Unpooled.EMPTY_BUFFER : chunk;
        chunk = null;
        bytesOut += last.readableBytes();
        if (written == null) {
            context.writeAndFlush(last);
        } else {
            context.writeAndFlush(last).addListener((ChannelFutureListener) done -> written.run());
        }
    }

    /// Forgets what was not flushed.
    public void release() {
        if (chunk != null) {
            chunk.release();
            chunk = null;
        }
    }

    /// A chunk never grows: slices of it may be on their way.
    private ByteBuf room(int bytes) {
        ByteBuf present = chunk;
        if (present != null && present.writableBytes() < bytes) {
            handOver(true);
            present = null;
        }
        if (present == null) {
            present = context.alloc().ioBuffer(Math.max(CHUNK_BYTES, bytes));
            chunk = present;
        }
        return present;
    }

    private void handOver(boolean whole) {
        ByteBuf present = chunk;
        if (present == null) {
            return;
        }
        bytesOut += present.readableBytes();
        if (whole) {
            chunk = null;
            context.write(present);
        } else {
            context.write(present.readRetainedSlice(present.readableBytes()));
        }
    }
}
