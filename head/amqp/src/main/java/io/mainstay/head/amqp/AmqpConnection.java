package io.mainstay.head.amqp;

import io.mainstay.common.Check;
import io.mainstay.head.amqp.wire.AmqpException;
import io.mainstay.head.amqp.wire.FrameDecoder;
import io.mainstay.head.amqp.wire.FrameType;
import io.mainstay.head.amqp.wire.FrameWriter;
import io.mainstay.head.amqp.wire.Method;
import io.mainstay.head.amqp.wire.MethodDecoder;
import io.mainstay.head.amqp.wire.MethodId;
import io.mainstay.head.amqp.wire.MethodWriter;
import io.mainstay.head.amqp.wire.ReplyCode;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.NotSslRecordException;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/// One connection: its phases, and what goes to which channel. Event loop only, but for [#onLoop].
///
/// ```
/// HANDSHAKE ── open-ok ──► RUNNING ── client closes ──► ENDING ── all answered ──► CLOSED
///     │                       │
///     └─────── an error ──────┴──► CLOSING ── close-ok, or 10 s ──► CLOSED
/// ```
/// What was read together is worked off together: publishes leave in one go and confirms are told in one go at the end of such a *turn*.
final class AmqpConnection extends ChannelInboundHandlerAdapter
        implements FrameDecoder.Sink, Heartbeats.Line {

    private static final Logger LOG = LoggerFactory.getLogger(AmqpConnection.class);

    private enum Phase {
        HANDSHAKE,
        RUNNING,
        ENDING,
        CLOSING,
        CLOSED
    }

    private final Shared shared;
    private final boolean tls;
    private final FrameDecoder decoder = new FrameDecoder(this, AmqpLimits.FRAME_FIRST);
    private final Counter bytesIn = new Counter();
    private final Counter bytesOut = new Counter();
    private Phase phase = Phase.HANDSHAKE;
    private @Nullable Wire wire;
    private @Nullable Handshake handshake;

    /// Ends a handshake that takes too long; cancelled afterwards, since it knows the connection.
    private @Nullable Future<?> handshakeTimer;

    /// Until the client has taken its goodbye.
    private @Nullable Future<?> dropping;

    private @Nullable RunningConnection running;
    private @Nullable Heartbeats heartbeats;
    private boolean reading;
    private boolean turnScheduled;
    private boolean turnInAWhile;

    /// What exists as soon as there is a socket.
    record Wire(ChannelHandlerContext context, FrameWriter frames, MethodWriter out) {}

    AmqpConnection(Shared shared, boolean tls) {
        this.shared = shared;
        this.tls = tls;
    }

    FrameDecoder decoder() {
        return decoder;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        FrameWriter frames = new FrameWriter(context, AmqpLimits.FRAME_FIRST);
        wire = new Wire(context, frames, new MethodWriter(frames));
        handshake = new Handshake(this, shared, tls);
        shared.open().opened(this);
        handshakeTimer =
                context.executor()
                        .schedule(
                                this::handshakeLate,
                                AmqpLimits.HANDSHAKE_MS,
                                TimeUnit.MILLISECONDS);
    }

    private void endHandshakeTimer() {
        if (handshakeTimer != null) {
            handshakeTimer.cancel(false);
            handshakeTimer = null;
        }
    }

    private void handshakeLate() {
        if (phase == Phase.HANDSHAKE) {
            LOG.info("AMQP client {}: the handshake took more than 10 s", peer());
            drop();
        }
    }

    // Frames.

    @Override
    public void bytesIn(int bytes) {
        reading = true;
        bytesIn.add(bytes);
    }

    @Override
    public boolean protocolHeader(ByteBuf header) {
        return handshake().protocolHeader(header);
    }

    @Override
    public void frame(int type, int channel, ByteBuf payload) {
        if (phase == Phase.CLOSED) {
            return;
        }
        try {
            if (type == FrameType.HEARTBEAT) {
                heartbeat(channel);
            } else if (channel == 0) {
                control(type, payload);
            } else if (phase == Phase.RUNNING) {
                running().frame(type, channel, payload);
            } else if (phase == Phase.HANDSHAKE) {
                throw new AmqpException(
                        ReplyCode.CHANNEL_ERROR,
                        "frame on channel %s before the connection is open".formatted(channel));
            }
        } catch (AmqpException wrong) {
            int id =
                    type == FrameType.METHOD
                            ? MethodDecoder.id(payload.nioBuffer())
                            : MethodId.BASIC_PUBLISH;
            failed(channel, id, wrong);
        }
    }

    private static void heartbeat(int channel) throws AmqpException {
        if (channel != 0) {
            throw new AmqpException(
                    ReplyCode.UNEXPECTED_FRAME,
                    "heartbeat on channel %s, allowed: 0".formatted(channel));
        }
    }

    private void control(int type, ByteBuf payload) throws AmqpException {
        if (type != FrameType.METHOD) {
            if (phase != Phase.CLOSING) {
                throw new AmqpException(
                        ReplyCode.UNEXPECTED_FRAME, "expected method frame on channel 0");
            }
            return;
        }
        int id = MethodDecoder.id(payload.nioBuffer());
        if (phase == Phase.CLOSING) {
            if (id == MethodId.CONNECTION_CLOSE) {
                wire().out().bare(0, MethodId.CONNECTION_CLOSE_OK);
            } else if (id == MethodId.CONNECTION_CLOSE_OK) {
                drop();
            }
            return;
        }
        Method method = MethodDecoder.decode(payload.nioBuffer());
        switch (phase) {
            case HANDSHAKE -> handshake().method(method);
            case RUNNING -> {
                if (method instanceof Method.ConnectionClose(int code, String text)) {
                    LOG.debug("AMQP connection {} closes: {} {}", peer(), code, text);
                    phase = Phase.ENDING;
                    touched();
                } else {
                    running().control(method);
                }
            }
            case ENDING, CLOSING, CLOSED -> {}
        }
    }

    @Override
    public void frameError(AmqpException error) {
        failed(0, 0, error);
        // No close-ok can be read any more; the client gets a moment to read our close.
        wire().context()
                .executor()
                .schedule(this::drop, AmqpLimits.BROKEN_MS, TimeUnit.MILLISECONDS);
    }

    /// A client did what cannot be done: closes the channel or the connection, as the code says.
    ///
    /// @param channel its number, 0: the connection
    /// @param id of the method that failed, 0: none
    void failed(int channel, int id, AmqpException why) {
        if (phase == Phase.CLOSED || phase == Phase.CLOSING) {
            return;
        }
        LOG.info("AMQP client {}, channel {}: {}", peer(), channel, why.replyText());
        if (channel != 0
                && !why.code().hard()
                && running != null
                && running.closeChannel(channel, id, why)) {
            touched();
            return;
        }
        close(why.code(), why.replyText(), id);
    }

    // The end.

    /// Tells the client that the connection ends, and ends it when the client has understood.
    void close(ReplyCode code, String text, int failing) {
        if (phase == Phase.CLOSED || phase == Phase.CLOSING) {
            return;
        }
        boolean told = phase != Phase.HANDSHAKE || handshake().closeIsUnderstood();
        leave();
        if (!told) {
            drop();
            return;
        }
        phase = Phase.CLOSING;
        Runnable tell =
                () -> {
                    if (phase == Phase.CLOSING) {
                        wire().out().connectionClose(code.number(), text, failing);
                        flush(null);
                    }
                };
        if (running == null || code == ReplyCode.CONNECTION_FORCED) {
            tell.run();
        } else {
            running.whenLeft(tell);
        }
        pauseReading(false);
        dropInTime();
    }

    /// The client may not take what is left for it.
    private void dropInTime() {
        dropping =
                wire().context()
                        .executor()
                        .schedule(this::drop, AmqpLimits.CLOSE_MS, TimeUnit.MILLISECONDS);
    }

    /// The client wants to go and everything that it asked for is answered.
    private void end() {
        RunningConnection present = running();
        leave();
        phase = Phase.CLOSING;
        present.whenLeft(
                () -> {
                    if (phase == Phase.CLOSING) {
                        wire().out().bare(0, MethodId.CONNECTION_CLOSE_OK);
                        flush(this::drop);
                        dropInTime();
                    }
                });
    }

    private void leave() {
        if (running != null) {
            running.leave();
        }
    }

    /// Closes the socket now.
    void drop() {
        if (phase != Phase.CLOSED) {
            phase = Phase.CLOSED;
            flush(null);
            wire().context().close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        phase = Phase.CLOSED;
        endHandshakeTimer();
        if (dropping != null) {
            dropping.cancel(false);
        }
        leave();
        if (heartbeats != null) {
            heartbeats.stop();
        }
        wire().frames().release();
        shared.open().closed(this);
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException) {
            LOG.debug("AMQP connection {} broke", peer(), cause);
            drop();
        } else if (cause instanceof DecoderException && phase == Phase.HANDSHAKE) {
            LOG.info("AMQP client {}: {}", peer(), handshakeFailure(cause));
            drop();
        } else {
            LOG.error("AMQP connection {} failed", peer(), cause);
            close(ReplyCode.INTERNAL_ERROR, "INTERNAL_ERROR - see the log of the node", 0);
        }
    }

    private static String handshakeFailure(Throwable cause) {
        return cause instanceof NotSslRecordException
                ? "speaks no TLS, which this port wants (amqps); without TLS: amqp.port"
                : String.valueOf(cause.getMessage());
    }

    // Turns.

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        reading = false;
        turn();
        context.fireChannelReadComplete();
    }

    /// Something happened that a turn must end: it ends with what is being read, or else soon.
    void touched() {
        if (!reading && !turnScheduled) {
            turnScheduled = true;
            wire().context().executor().execute(this::turn);
        }
    }

    /// As [#touched], after a while.
    void touchedIn(long ms) {
        if (!turnInAWhile) {
            turnInAWhile = true;
            wire().context()
                    .executor()
                    .schedule(
                            () -> {
                                turnInAWhile = false;
                                touched();
                            },
                            ms,
                            TimeUnit.MILLISECONDS);
        }
    }

    private void turn() {
        turnScheduled = false;
        if (running != null && (phase == Phase.RUNNING || phase == Phase.ENDING)) {
            running.endTurn();
            if (phase == Phase.ENDING && running.idle()) {
                end();
            }
        }
        flush(null);
        if (running != null && phase == Phase.RUNNING) {
            pauseReading(running.full());
        }
    }

    /// @param written runs when everything has left, `null`: nobody asks
    void flush(@Nullable Runnable written) {
        wire().frames().flush(written);
        bytesOut.set(wire().frames().bytesOut());
    }

    void pauseReading(boolean pause) {
        var config = wire().context().channel().config();
        if (config.isAutoRead() == pause) {
            config.setAutoRead(!pause);
        }
    }

    // What the handshake decides.

    /// The connection is open.
    void opened(RunningConnection connection) {
        running = connection;
        phase = Phase.RUNNING;
        endHandshakeTimer();
        handshake = null;
    }

    void tuned(long frameMax, int heartbeatSeconds) {
        decoder.frameMax(frameMax);
        wire().frames().frameMax(frameMax);
        heartbeats = new Heartbeats(this, wire().context().channel().eventLoop(), heartbeatSeconds);
    }

    // Heartbeats.

    @Override
    public long bytesIn() {
        return bytesIn.get();
    }

    @Override
    public long bytesOut() {
        return bytesOut.get();
    }

    @Override
    public boolean paused() {
        return !wire().context().channel().config().isAutoRead();
    }

    @Override
    public void beat() {
        // What waits to be written says the same.
        if (wire().context().channel().isWritable()) {
            wire().frames().heartbeat();
            flush(null);
        }
    }

    /// The client waits for the end of an alarm, or not any more.
    void heldBack(boolean is) {
        Check.present(heartbeats, "not tuned").heldBack(is);
    }

    @Override
    public void lost() {
        LOG.info("AMQP connection {}: the client was silent for too long", peer());
        drop();
    }

    /// Runs it on the connection's event loop, or never if the head is closed. Any thread.
    void onLoop(Runnable action) {
        try {
            wire().context().executor().execute(action);
        } catch (RejectedExecutionException ended) {
            LOG.debug("AMQP connection {} ended with its event loop", peer());
        }
    }

    Wire wire() {
        return Check.present(wire, "a connection without a socket");
    }

    String peer() {
        return String.valueOf(wire().context().channel().remoteAddress());
    }

    private Handshake handshake() {
        return Check.present(handshake, "the handshake is over");
    }

    private RunningConnection running() {
        return Check.present(running, "the connection is not open");
    }

    /// The alarm of the node rings, or ends. Any thread.
    void alarmChanged() {
        onLoop(
                () -> {
                    if (running != null && phase == Phase.RUNNING) {
                        running.alarmChanged();
                    }
                });
    }
}
