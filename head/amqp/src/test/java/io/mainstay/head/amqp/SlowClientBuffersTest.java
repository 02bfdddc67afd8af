package io.mainstay.head.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.head.amqp.wire.FrameWriter;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// What waits to be written to a client that does not read: copies of its messages, and not the batches of a MiB in which they were published.
class SlowClientBuffersTest {

    private static final int BODY_BYTES = 64 << 10;
    private static final int BODIES = 400;

    /// Sends a body out of a batch of its own each time, and tells what waits then.
    private static final class Sender extends ChannelInboundHandlerAdapter {

        private final CompletableFuture<List<ByteBuf>> waiting;

        Sender(CompletableFuture<List<ByteBuf>> waiting) {
            this.waiting = waiting;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            try {
                FrameWriter frames = new FrameWriter(context, 131_072);
                for (int i = 0; i < BODIES; i++) {
                    ByteBuffer batch = ByteBuffer.allocate(1 << 20);
                    frames.content(1, ByteBuffer.allocate(2), batch.slice(1_000, BODY_BYTES));
                    frames.flush(null);
                }
                List<ByteBuf> found = new ArrayList<>();
                context.channel()
                        .unsafe()
                        .outboundBuffer()
                        .forEachFlushedMessage(message -> found.add((ByteBuf) message));
                waiting.complete(found);
            } catch (Exception e) {
                waiting.completeExceptionally(e);
            }
        }
    }

    private static void assertNothingOfTheHeapWaits(
            IoHandlerFactory io, Class<? extends ServerChannel> type) throws Exception {
        CompletableFuture<List<ByteBuf>> waiting = new CompletableFuture<>();
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, io);
        try {
            Channel server =
                    new ServerBootstrap()
                            .group(loops)
                            .channel(type)
                            .childHandler(
                                    new ChannelInitializer<Channel>() {
                                        @Override
                                        protected void initChannel(Channel channel) {
                                            channel.pipeline().addLast(new Sender(waiting));
                                        }
                                    })
                            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                            .sync()
                            .channel();
            int port = ((InetSocketAddress) server.localAddress()).getPort();
            try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
                List<ByteBuf> found = waiting.get(20, TimeUnit.SECONDS);
                assertThat(client.isConnected()).isTrue();
                assertThat(found).isNotEmpty().allMatch(ByteBuf::isDirect);
                assertThat(found).noneMatch(buffer -> buffer.capacity() > 2 * BODY_BYTES);
            }
        } finally {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        }
    }

    @Test
    void ofBatchesNothingWaits() throws Exception {
        assertNothingOfTheHeapWaits(NioIoHandler.newFactory(), NioServerSocketChannel.class);
        if (Epoll.isAvailable()) {
            assertNothingOfTheHeapWaits(
                    EpollIoHandler.newFactory(), EpollServerSocketChannel.class);
        }
    }
}
