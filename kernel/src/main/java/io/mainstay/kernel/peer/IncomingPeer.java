package io.mainstay.kernel.peer;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/// A connection on which another node sends: first who it is, then frames. Event loop only.
final class IncomingPeer extends SimpleChannelInboundHandler<ByteBuf> {

    private static final Logger LOG = LoggerFactory.getLogger(IncomingPeer.class);
    private static final int NOBODY = -1;

    private final TcpPeerLink link;
    private final PeerLimits limits;
    private int node = NOBODY;

    IncomingPeer(TcpPeerLink link, PeerLimits limits) {
        this.link = link;
        this.limits = limits;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        context.executor()
                .schedule(
                        () -> {
                            if (node == NOBODY) {
                                context.close();
                            }
                        },
                        limits.hello().toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf frame) {
        if (node == NOBODY) {
            Hello hello = Hello.decode(frame);
            if (hello == null || !link.expects(hello)) {
                LOG.warn(
                        "a connection from {} is refused: {}",
                        context.channel().remoteAddress(),
                        hello == null
                                ? "it is no node of this version"
                                : "it says that it is node "
                                        + hello.from()
                                        + " and means node "
                                        + hello.to());
                context.close();
                return;
            }
            node = hello.from();
            return;
        }
        ByteBuffer copy = ByteBuffer.allocate(frame.readableBytes());
        frame.readBytes(copy);
        link.received(node, copy.flip());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.info(
                "the connection from {} ended: {}",
                node == NOBODY ? context.channel().remoteAddress() : "node " + node,
                cause.toString());
        context.close();
    }
}
