package io.mainstay.head.amqp;

import io.mainstay.head.amqp.Handshake.Peer;
import io.mainstay.head.amqp.wire.AmqpException;
import io.mainstay.head.amqp.wire.FrameType;
import io.mainstay.head.amqp.wire.Method;
import io.mainstay.head.amqp.wire.MethodDecoder;
import io.mainstay.head.amqp.wire.MethodId;
import io.mainstay.head.amqp.wire.MethodWriter;
import io.mainstay.head.amqp.wire.ReplyCode;
import io.mainstay.head.web.Credentials;
import io.mainstay.messaging.api.QueueSession;
import io.mainstay.messaging.api.VhostView;
import io.mainstay.platform.Secrets;
import io.netty.buffer.ByteBuf;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// What a connection has from `connection.open-ok` on: channels, the way to queues, its exclusive queues. Event loop only.
final class RunningConnection {

    private final AmqpConnection connection;
    private final Shared shared;
    private final Peer peer;
    private final Rights rights;
    private final Login login;
    private final String id;
    private final QueueSession session;
    private final ConnectionWindow window;
    private final HalfMessages half;
    private final ConnectionView view;
    private final TopologyCalls topology;
    private final ExclusiveQueues exclusive;
    private final Blocking blocking;
    private final IntObjectMap<AmqpChannel> channels = new IntObjectHashMap<>();
    private final Set<AmqpChannel> dirty = new LinkedHashSet<>();
    private int inboxMethods;
    private long inboxBytes;
    private long unwritten;
    private boolean left;
    private boolean sessionClosed;
    private Runnable whenSessionClosed = () -> {};
    private boolean heldBack;

    RunningConnection(
            AmqpConnection connection, Shared shared, Peer peer, Rights rights, Login login) {
        this.connection = connection;
        this.shared = shared;
        this.peer = peer;
        this.rights = rights;
        this.login = login;
        this.id = shared.config().nodeName() + "." + Secrets.text(12);
        this.view = new ConnectionView(id, connection, peer);
        this.session =
                shared.messaging().open(connection.wire().context().executor(), view.info().name());
        this.window = new ConnectionWindow(() -> connection.onLoop(this::windowOpened));
        this.half =
                new HalfMessages(
                        (long) shared.config().messageMaxBytes() * AmqpLimits.HALF_MESSAGES);
        this.topology = new TopologyCalls(shared.messaging().topology(), connection);
        this.exclusive = new ExclusiveQueues(id, topology);
        this.blocking = new Blocking(shared.alarm(), out(), peer.can("connection.blocked"));
        shared.messaging().clients().opened(view);
    }

    // Frames.

    void frame(int type, int number, ByteBuf payload) throws AmqpException {
        AmqpChannel channel = channels.get(number);
        int id = type == FrameType.METHOD ? MethodDecoder.id(payload.nioBuffer()) : 0;
        if (channel == null) {
            if (id != MethodId.CHANNEL_OPEN) {
                throw new AmqpException(ReplyCode.CHANNEL_ERROR, "expected 'channel.open'");
            }
            openChannel(number);
        } else if (!channel.closed()) {
            channel.frame(type, payload);
        } else if (id == MethodId.CHANNEL_CLOSE_OK) {
            forget(channel);
        } else if (id == MethodId.CHANNEL_CLOSE) {
            channel.closedByBoth();
        }
    }

    private void openChannel(int number) throws AmqpException {
        int most = peer.tuning().channelMax();
        if (number > most) {
            throw new AmqpException(
                    ReplyCode.NOT_ALLOWED,
                    "channel number %s is higher than the negotiated channel_max (%s)"
                            .formatted(number, most));
        }
        shared.quotas().openingChannel(peer.user(), shared.messaging().topology().view());
        channels.put(number, new AmqpChannel(number, this));
        view.channels(List.copyOf(channels.values()));
        out().channelOpenOk(number);
    }

    /// The number is free again.
    void forget(AmqpChannel channel) {
        channels.remove(channel.number());
        view.channels(List.copyOf(channels.values()));
    }

    void control(Method method) throws AmqpException {
        if (!(method instanceof Method.ConnectionUpdateSecret(byte[] secret, String reason))) {
            throw new AmqpException(
                    ReplyCode.COMMAND_INVALID,
                    "%s does not belong on an open connection"
                            .formatted(method.getClass().getSimpleName()));
        }
        login.check(
                new Credentials.Basic(peer.user(), new String(secret, StandardCharsets.UTF_8)),
                outcome -> connection.onLoop(() -> secretChecked(outcome)));
    }

    private void secretChecked(Login.Outcome outcome) {
        if (left) {
            return;
        }
        switch (outcome) {
            case Login.Outcome.Granted _ -> out().bare(0, MethodId.CONNECTION_UPDATE_SECRET_OK);
            case Login.Outcome.Refused _ ->
                    connection.failed(
                            0,
                            MethodId.CONNECTION_UPDATE_SECRET,
                            new AmqpException(
                                    ReplyCode.NOT_ALLOWED,
                                    "New secret was refused by one of the backends"));
        }
        connection.touched();
    }

    // Errors and the end.

    /// @return false if there is no such channel: then the connection must close
    boolean closeChannel(int number, int failing, AmqpException why) {
        AmqpChannel channel = channels.get(number);
        if (channel == null || channel.closed()) {
            return channel != null;
        }
        channel.closedByUs(
                () -> out().channelClose(number, why.code().number(), why.replyText(), failing));
        return true;
    }

    /// A method of a channel failed, perhaps later than it was read.
    void failed(AmqpChannel channel, int failing, AmqpException why) {
        if (!channel.closed()) {
            connection.failed(channel.number(), failing, why);
        }
    }

    /// Gives everything back: consumers end, what is unsettled returns, exclusive queues go. Idempotent.
    void leave() {
        if (left) {
            return;
        }
        left = true;
        shared.quotas().disconnected(peer.user(), peer.vhost());
        for (AmqpChannel channel : channels.values()) {
            channel.end();
        }
        session.flush();
        session.close(this::givenBack);
        exclusive.deleteAll();
        shared.messaging().clients().closed(view);
    }

    private void givenBack() {
        sessionClosed = true;
        whenSessionClosed.run();
    }

    boolean left() {
        return left;
    }

    /// `done` runs when nothing of this connection is left: what it held is back, its exclusive queues are gone, and those that nobody else consumes and
    /// that are deleted then. So a client that comes again does not meet its own traces.
    void whenLeft(Runnable done) {
        Runnable next = () -> exclusive.whenGone(done);
        if (sessionClosed) {
            next.run();
        } else {
            whenSessionClosed = next;
        }
    }

    // Turns.

    void dirty(AmqpChannel channel) {
        dirty.add(channel);
        connection.touched();
    }

    void endTurn() {
        // Work may make a channel dirty again: what it added to its inbox only, so this ends.
        while (!dirty.isEmpty()) {
            List<AmqpChannel> some = new ArrayList<>(dirty);
            dirty.clear();
            for (AmqpChannel channel : some) {
                channel.drain();
                channel.tellConfirms();
            }
        }
        session.flush();
    }

    /// Whether every method is carried out and every publish answered.
    boolean idle() {
        for (AmqpChannel channel : channels.values()) {
            if (!channel.idle()) {
                return false;
            }
        }
        return true;
    }

    /// Whether no more may be read now.
    boolean full() {
        return inboxMethods > AmqpLimits.INBOX_METHODS
                || inboxBytes > AmqpLimits.INBOX_BYTES
                || hasMuchUnderWay(session.bytesUnderWay())
                || blocking.blocked()
                || heldBack();
    }

    private boolean hasMuchUnderWay(long bytes) {
        return bytes > AmqpLimits.LEAST_UNDER_WAY_BYTES
                && (bytes > AmqpLimits.UNDER_WAY_BYTES
                        || bytes
                                > AmqpLimits.ALL_UNDER_WAY_BYTES
                                        / Math.max(1, shared.open().count()));
    }

    private boolean heldBack() {
        boolean now = session.heldBack();
        if (now) {
            connection.touchedIn(AmqpLimits.HELD_BACK_MS);
        }
        if (now != heldBack) {
            heldBack = now;
            view.flow(now);
        }
        return now;
    }

    void waits(Command command) {
        inboxMethods++;
        inboxBytes += command.bytes();
    }

    void waitsNoMore(Command command) {
        inboxMethods--;
        inboxBytes -= command.bytes();
    }

    // Deliveries.

    /// A delivery was written and is not flushed.
    void delivering(int bodyBytes) {
        unwritten += ConnectionWindow.cost(bodyBytes);
    }

    void deliveredAll() {
        long cost = unwritten;
        unwritten = 0;
        connection.flush(cost == 0 ? null : () -> window.written(cost));
    }

    private void windowOpened() {
        for (AmqpChannel channel : channels.values()) {
            channel.windowOpened();
        }
    }

    /// The alarm rings, or ends.
    void alarmChanged() {
        blocking.changed();
        view.blocked(blocking.blocked());
        connection.heldBack(blocking.blocked());
        if (!blocking.blocked()) {
            dirty.addAll(channels.values());
        }
        connection.touched();
    }

    /// A message is about to be published by this connection.
    ///
    /// @return whether it must wait until the alarm ends, and everything behind it on its channel
    boolean publishWaits() {
        boolean before = blocking.blocked();
        boolean now = blocking.publishing();
        if (now != before) {
            view.blocked(now);
            connection.heldBack(now);
            connection.touched();
        }
        return now;
    }

    // What channels need.

    MethodWriter out() {
        return connection.wire().out();
    }

    AmqpConnection.Wire wire() {
        return connection.wire();
    }

    Shared shared() {
        return shared;
    }

    Peer peer() {
        return peer;
    }

    Rights rights() {
        return rights;
    }

    String id() {
        return id;
    }

    QueueSession session() {
        return session;
    }

    ConnectionWindow window() {
        return window;
    }

    HalfMessages half() {
        return half;
    }

    TopologyCalls topology() {
        return topology;
    }

    ExclusiveQueues exclusive() {
        return exclusive;
    }

    void onLoop(Runnable action) {
        connection.onLoop(action);
    }

    /// The virtual host at this moment.
    ///
    /// @throws AmqpException 320 if it was deleted
    VhostView vhost() throws AmqpException {
        VhostView present = shared.messaging().topology().view().vhost(peer.vhost());
        if (present == null) {
            throw new AmqpException(
                    ReplyCode.CONNECTION_FORCED, "vhost '%s' is deleted".formatted(peer.vhost()));
        }
        return present;
    }
}
