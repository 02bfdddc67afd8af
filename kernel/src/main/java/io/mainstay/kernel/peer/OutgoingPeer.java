package io.mainstay.kernel.peer;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.LengthFieldPrepender;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/// The connection on which this node sends to one other; opened again whenever it ends. [#send] on any thread, all else on the event loop.
final class OutgoingPeer {

    private static final Logger LOG = LoggerFactory.getLogger(OutgoingPeer.class);

    static final int LENGTH_BYTES = 4;

    private final Hello hello;
    private final EventLoopGroup loops;
    private final PeerLimits limits;
    private final Bootstrap bootstrap;
    private volatile @Nullable Channel open;
    private volatile boolean closed;
    private long waitMs;
    private boolean toldUnreachable;

    OutgoingPeer(Hello hello, InetSocketAddress address, EventLoopGroup loops, PeerLimits limits) {
        this.hello = hello;
        this.loops = loops;
        this.limits = limits;
        this.waitMs = limits.firstWait().toMillis();
        this.bootstrap =
                new Bootstrap()
                        .group(loops)
                        .channel(NioSocketChannel.class)
                        .option(ChannelOption.TCP_NODELAY, true)
                        .option(
                                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                                (int) limits.longestWait().toMillis())
                        .option(
                                ChannelOption.WRITE_BUFFER_WATER_MARK,
                                new WriteBufferWaterMark(
                                        limits.queueBytes() / 2, limits.queueBytes()))
                        .remoteAddress(address)
                        .handler(
                                new ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        channel.pipeline()
                                                .addLast(new LengthFieldPrepender(LENGTH_BYTES))
                                                .addLast(new EndOnError());
                                    }
                                });
    }

    /// False if the peer is away, or has read so little that the queue is full: the frame is dropped.
    boolean send(ByteBuffer frame) {
        Channel channel = open;
        if (channel == null || !channel.isWritable()) {
            return false;
        }
        channel.writeAndFlush(Unpooled.wrappedBuffer(frame), channel.voidPromise());
        return true;
    }

    void connect() {
        if (!closed) {
            bootstrap.connect().addListener((ChannelFuture connected) -> connected(connected));
        }
    }

    private void connected(ChannelFuture attempt) {
        Channel channel = attempt.channel();
        if (!attempt.isSuccess()) {
            if (!toldUnreachable) {
                toldUnreachable = true;
                LOG.warn("node {} cannot be reached: {}", hello.to(), attempt.cause().toString());
            }
            again();
            return;
        }
        if (closed) {
            channel.close();
            return;
        }
        channel.writeAndFlush(hello.encode());
        channel.closeFuture()
                .addListener(
                        ended -> {
                            open = null;
                            again();
                        });
        open = channel;
        LOG.info("connected to node {}", hello.to());
        // Whoever ends connections as soon as they are made is not asked more and more often.
        loops.schedule(
                () -> lasted(channel), limits.longestWait().toMillis(), TimeUnit.MILLISECONDS);
    }

    private void lasted(Channel channel) {
        if (channel == open) {
            waitMs = limits.firstWait().toMillis();
            toldUnreachable = false;
        }
    }

    private void again() {
        if (!closed) {
            loops.schedule(this::connect, waitMs, TimeUnit.MILLISECONDS);
            waitMs = Math.min(2 * waitMs, limits.longestWait().toMillis());
        }
    }

    void close() {
        closed = true;
        Channel channel = open;
        if (channel != null) {
            channel.close();
        }
    }

    private final class EndOnError extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object bytes) {
            // Nobody answers here.
            io.netty.util.ReferenceCountUtil.release(bytes);
            context.close();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            LOG.info("the connection to node {} ended: {}", hello.to(), cause.toString());
            context.close();
        }
    }
}
