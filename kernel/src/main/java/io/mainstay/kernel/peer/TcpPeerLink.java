package io.mainstay.kernel.peer;

import io.mainstay.common.Check;
import io.mainstay.kernel.group.PeerLink;
import io.mainstay.platform.Threads;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/// Frames between nodes over TCP on one event loop: a length (4 bytes) and the frame; the first frame of a connection is a [Hello].
///
/// A frame is sent once on the connection that is open at that moment; what was on the way when it ended is lost, and nobody is told: the
/// engine asks again. Lengths are checked before anything is kept. Loopback only: nobody has to prove who it is.
public final class TcpPeerLink implements PeerLink, AutoCloseable {

    private final int nodeId;
    private final PeerLimits limits;
    private final EventLoopGroup loops;
    private final ChannelGroup incoming;
    private final Channel listening;
    private volatile Map<Integer, OutgoingPeer> outgoing = Map.of();
    private volatile @Nullable Receiver receiver;

    private TcpPeerLink(int nodeId, InetSocketAddress bind, Threads threads, PeerLimits limits)
            throws IOException {
        this.nodeId = nodeId;
        this.limits = limits;
        this.loops =
                new MultiThreadIoEventLoopGroup(
                        1,
                        (Executor) body -> threads.start("mainstay-peer", body),
                        NioIoHandler.newFactory());
        this.incoming = new DefaultChannelGroup(loops.next());
        this.listening = listen(bind);
    }

    /// Listens; [#connect] must follow before anything can be sent.
    ///
    /// @param nodeId of this node
    /// @param bind a loopback address; port 0 for a free one
    /// @throws IOException if the port is taken
    public static TcpPeerLink listen(int nodeId, InetSocketAddress bind, Threads threads)
            throws IOException {
        return listen(nodeId, bind, threads, PeerLimits.DEFAULT);
    }

    static TcpPeerLink listen(
            int nodeId, InetSocketAddress bind, Threads threads, PeerLimits limits)
            throws IOException {
        if (bind.isUnresolved() || !bind.getAddress().isLoopbackAddress()) {
            throw new IOException(
                    "peers can be linked over loopback only (they do not prove who they are yet), not over "
                            + bind);
        }
        return new TcpPeerLink(nodeId, bind, threads, limits);
    }

    private Channel listen(InetSocketAddress bind) throws IOException {
        var bound =
                new ServerBootstrap()
                        .group(loops)
                        .channel(NioServerSocketChannel.class)
                        .childHandler(
                                new ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        accept(channel);
                                    }
                                })
                        .bind(bind)
                        .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            throw new IOException("peers cannot be listened for on " + bind, bound.cause());
        }
        return bound.channel();
    }

    private void accept(Channel channel) {
        if (incoming.size() >= limits.connections()) {
            channel.close();
            return;
        }
        incoming.add(channel);
        int length = OutgoingPeer.LENGTH_BYTES;
        channel.pipeline()
                .addLast(
                        new LengthFieldBasedFrameDecoder(
                                limits.frameBytes() + length, 0, length, 0, length))
                .addLast(new IncomingPeer(this, limits));
    }

    /// Where this node listens.
    public InetSocketAddress address() {
        return (InetSocketAddress) listening.localAddress();
    }

    /// Opens connections to the other nodes and keeps them open. Called once.
    public void connect(Map<Integer, InetSocketAddress> peers) {
        Check.that(outgoing.isEmpty(), "a link is connected once");
        Map<Integer, OutgoingPeer> made = new TreeMap<>();
        peers.forEach(
                (id, address) ->
                        made.put(
                                id,
                                new OutgoingPeer(new Hello(nodeId, id), address, loops, limits)));
        outgoing = made;
        made.values().forEach(OutgoingPeer::connect);
    }

    @Override
    public boolean send(int node, ByteBuffer frame) {
        OutgoingPeer peer = outgoing.get(node);
        return peer != null && frame.remaining() <= limits.frameBytes() && peer.send(frame);
    }

    @Override
    public void receiver(Receiver told) {
        receiver = told;
    }

    boolean expects(Hello hello) {
        return hello.to() == nodeId && outgoing.containsKey(hello.from());
    }

    void received(int node, ByteBuffer frame) {
        Receiver told = receiver;
        if (told != null) {
            told.received(node, frame);
        }
    }

    /// Ends all connections and the event loop.
    @Override
    public void close() {
        outgoing.values().forEach(OutgoingPeer::close);
        listening.close().awaitUninterruptibly();
        incoming.close().awaitUninterruptibly();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
