package io.mainstay.head.web;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.CharsetUtil;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// Ends a connection whose request line and headers do not come within a bound: a byte now and then keeps a connection from being idle,
/// but it does not keep it for ever. The client gets 408.
///
/// One timer for a connection, set when a head begins and none is set: requests in a steady flow cost no timer of their own.
final class HeadDeadline extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(HeadDeadline.class);

    /// Vert.x' name of the decoder in the pipeline of a connection.
    private static final String DECODER = "httpDecoder";

    private static final String ANSWER =
            "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

    private final long mostNanos;
    private boolean underWay;
    private boolean inRequest;
    private boolean timerSet;
    private long begun;

    private HeadDeadline(Duration most) {
        this.mostNanos = most.toNanos();
    }

    /// Watches a connection from its first byte on. On its event loop.
    static void watch(ChannelPipeline pipeline, Duration most) {
        HeadDeadline deadline = new HeadDeadline(most);
        pipeline.addBefore(DECODER, "head-deadline", deadline);
        pipeline.addAfter(DECODER, "head-came", deadline.new Decoded());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
        if (!inRequest && !underWay) {
            underWay = true;
            begun = context.executor().ticker().nanoTime();
            if (!timerSet) {
                setTimer(context, mostNanos);
            }
        }
        context.fireChannelRead(bytes);
    }

    private void setTimer(ChannelHandlerContext context, long nanos) {
        timerSet = true;
        context.executor().schedule(() -> expired(context), nanos, TimeUnit.NANOSECONDS);
    }

    private void expired(ChannelHandlerContext context) {
        timerSet = false;
        if (!underWay || !context.channel().isActive()) {
            return;
        }
        long left = mostNanos - (context.executor().ticker().nanoTime() - begun);
        if (left > 0) {
            setTimer(context, left);
            return;
        }
        LOG.info(
                "Closed a connection from {}: its request line and headers did not come within {} s",
                context.channel().remoteAddress(),
                TimeUnit.NANOSECONDS.toSeconds(mostNanos));
        context.writeAndFlush(Unpooled.copiedBuffer(ANSWER, CharsetUtil.US_ASCII))
                .addListener(ChannelFutureListener.CLOSE);
    }

    /// Behind the decoder: sees where heads and bodies end.
    private final class Decoded extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof HttpRequest) {
                underWay = false;
                inRequest = true;
            }
            if (message instanceof LastHttpContent) {
                inRequest = false;
            }
            context.fireChannelRead(message);
        }
    }
}
