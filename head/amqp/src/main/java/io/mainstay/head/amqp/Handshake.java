package io.mainstay.head.amqp;

import io.mainstay.common.Check;
import io.mainstay.head.amqp.wire.AmqpException;
import io.mainstay.head.amqp.wire.Method;
import io.mainstay.head.amqp.wire.MethodId;
import io.mainstay.head.amqp.wire.ReplyCode;
import io.mainstay.head.web.Principal;
import io.mainstay.messaging.api.TopologyView;
import io.mainstay.messaging.api.VhostView;
import io.mainstay.messaging.message.FieldTable;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// From the first bytes to `connection.open-ok`. Event loop only.
///
/// ```
/// client: protocol header   start-ok              tune-ok, open
/// server:                start     (check) tune                 open-ok
/// ```
final class Handshake {

    private static final Logger LOG = LoggerFactory.getLogger(Handshake.class);

    private static final byte[] OURS = {'A', 'M', 'Q', 'P', 0, 0, 9, 1};
    private static final byte[] OLD_1_1_0_9 = {'A', 'M', 'Q', 'P', 1, 1, 0, 9};
    private static final byte[] OLD_1_1_8_0 = {'A', 'M', 'Q', 'P', 1, 1, 8, 0};

    private enum Step {
        HEADER,
        START_OK,
        CHECKING,
        TUNE_OK,
        OPEN
    }

    private final AmqpConnection connection;
    private final Shared shared;
    private final boolean tls;
    private Step step = Step.HEADER;
    private @Nullable Login login;
    private String mechanism = "";
    private FieldTable clientProperties = FieldTable.EMPTY;
    private Principal user = Principal.ANONYMOUS;
    private Tuning tuning = new Tuning(0, 0, 0);

    /// What was agreed on.
    record Tuning(int channelMax, long frameMax, int heartbeatSeconds) {}

    Handshake(AmqpConnection connection, Shared shared, boolean tls) {
        this.connection = connection;
        this.shared = shared;
        this.tls = tls;
    }

    /// Whether the client is so far that it reads a `connection.close`.
    boolean closeIsUnderstood() {
        return step == Step.TUNE_OK || step == Step.OPEN;
    }

    boolean protocolHeader(ByteBuf bytes) {
        byte[] header = new byte[bytes.readableBytes()];
        bytes.getBytes(bytes.readerIndex(), header);
        if (Arrays.equals(header, OURS)
                || Arrays.equals(header, OLD_1_1_0_9)
                || Arrays.equals(header, OLD_1_1_8_0)) {
            step = Step.START_OK;
            Login made = makeLogin();
            login = made;
            connection
                    .wire()
                    .out()
                    .connectionStart(
                            ServerProperties.of(shared.config().nodeName()),
                            made.mechanisms(),
                            "en_US");
            return true;
        }
        if (LOG.isInfoEnabled()) {
            LOG.info("AMQP client {}: {}", connection.peer(), stranger(header));
        }
        connection.wire().frames().raw(OURS);
        connection.flush(connection::drop);
        return false;
    }

    /// What somebody speaks who does not speak AMQP 0-9-1.
    private static String stranger(byte[] header) {
        String text = new String(header, StandardCharsets.ISO_8859_1);
        if (text.startsWith("AMQP")) {
            return "it speaks AMQP %s.%s.%s (protocol id %s), spoken here: 0-9-1"
                    .formatted(header[5], header[6], header[7], header[4]);
        }
        if (header[0] == 0x16 && header[1] == 0x03) {
            return "it begins with TLS; this port speaks AMQP without TLS";
        }
        for (String verb : new String[] {"GET ", "POST", "PUT ", "HEAD", "DELE", "OPTI"}) {
            if (text.equals(verb)) {
                return "it speaks HTTP; this port speaks AMQP 0-9-1";
            }
        }
        return "it does not begin with AMQP's protocol header";
    }

    private Login makeLogin() {
        Channel channel = connection.wire().context().channel();
        boolean loopback =
                channel.remoteAddress() instanceof InetSocketAddress address
                        && address.getAddress().isLoopbackAddress();
        return new Login(
                shared.authenticator(),
                shared.config().loopbackUsers(),
                loopback,
                certificateName(channel));
    }

    /// Who the client's certificate, which TLS has checked, says that it is; `null` if there is none.
    private @Nullable String certificateName(Channel channel) {
        AmqpHeadConfig.Tls config = shared.config().tls();
        SslHandler ssl = channel.pipeline().get(SslHandler.class);
        return ssl == null || config == null || config.clients() == null
                ? null
                : CertificateName.of(ssl.engine().getSession(), config.clients().name());
    }

    void method(Method method) throws AmqpException {
        switch (method) {
            case Method.ConnectionStartOk startOk when step == Step.START_OK -> startOk(startOk);
            case Method.ConnectionTuneOk tuneOk when step == Step.TUNE_OK -> tuneOk(tuneOk);
            case Method.ConnectionOpen(String vhost) when step == Step.OPEN -> open(vhost);
            case Method.ConnectionClose _ -> {
                connection.wire().out().bare(0, MethodId.CONNECTION_CLOSE_OK);
                connection.flush(connection::drop);
            }
            default ->
                    throw new AmqpException(
                            ReplyCode.COMMAND_INVALID,
                            "%s does not belong here; the handshake waits for %s"
                                    .formatted(method.getClass().getSimpleName(), step));
        }
    }

    private void startOk(Method.ConnectionStartOk startOk) {
        step = Step.CHECKING;
        mechanism = startOk.mechanism();
        clientProperties = startOk.clientProperties();
        Login present = login();
        present.check(
                mechanism,
                startOk.response(),
                outcome -> connection.onLoop(() -> checked(outcome)));
    }

    private void checked(Login.Outcome outcome) {
        if (step != Step.CHECKING) {
            return;
        }
        switch (outcome) {
            case Login.Outcome.Granted(Principal granted) -> {
                user = granted;
                step = Step.TUNE_OK;
                connection
                        .wire()
                        .out()
                        .connectionTune(
                                shared.config().channelMax(),
                                AmqpLimits.FRAME_MAX,
                                AmqpLimits.HEARTBEAT_SECONDS);
            }
            case Login.Outcome.Refused(String why) -> refused(why);
        }
        connection.touched();
    }

    private void refused(String why) {
        LOG.info("AMQP client {}: login refused: {}", connection.peer(), why);
        if (!capability(clientProperties, "authentication_failure_close")) {
            connection.drop();
            return;
        }
        // From here on the client understands a close.
        step = Step.TUNE_OK;
        connection.close(
                ReplyCode.ACCESS_REFUSED,
                "ACCESS_REFUSED - Login was refused using authentication mechanism "
                        + mechanism
                        + ". For details see the broker logfile.",
                0);
    }

    private void tuneOk(Method.ConnectionTuneOk wanted) throws AmqpException {
        negotiated("channel_max", wanted.channelMax(), 1, shared.config().channelMax());
        negotiated("frame_max", wanted.frameMax(), AmqpLimits.FRAME_MIN, AmqpLimits.FRAME_MAX);
        tuning = new Tuning(wanted.channelMax(), wanted.frameMax(), wanted.heartbeat());
        connection.tuned(tuning.frameMax(), tuning.heartbeatSeconds());
        step = Step.OPEN;
    }

    /// RabbitMQ's rule: 0 means no limit, which is more than ours.
    private static void negotiated(String field, long wanted, long least, long most)
            throws AmqpException {
        if (wanted != 0 && wanted < least) {
            throw new AmqpException(
                    ReplyCode.NOT_ALLOWED,
                    "negotiated %s = %s is lower than the minimum allowed value (%s)"
                            .formatted(field, wanted, least));
        }
        if (wanted == 0 || wanted > most) {
            throw new AmqpException(
                    ReplyCode.NOT_ALLOWED,
                    "negotiated %s = %s%s is higher than the maximum allowed value (%s)"
                            .formatted(field, wanted, wanted == 0 ? " (no limit)" : "", most));
        }
    }

    private void open(String vhost) throws AmqpException {
        TopologyView topology = shared.messaging().topology().view();
        VhostView present = topology.vhost(vhost);
        if (present == null) {
            throw new AmqpException(ReplyCode.NOT_ALLOWED, "vhost %s not found".formatted(vhost));
        }
        Rights rights =
                new Rights(shared.messaging().topology(), shared.authenticator(), user, vhost);
        if (!rights.mayConnect()) {
            throw new AmqpException(
                    ReplyCode.NOT_ALLOWED,
                    "access to vhost '%s' refused for user '%s'".formatted(vhost, user.name()));
        }
        shared.quotas().connecting(user.name(), present, topology);
        Peer peer =
                new Peer(
                        user.name(),
                        vhost,
                        mechanism,
                        tls,
                        clientProperties,
                        tuning,
                        shared.clock().wallMs());
        connection.opened(new RunningConnection(connection, shared, peer, rights, login()));
        // From here on it is known to those who close connections of what is removed; what was
        // removed just before nobody else would notice.
        if (!rights.userIsThere()) {
            connection.close(
                    ReplyCode.CONNECTION_FORCED,
                    "CONNECTION_FORCED - user '%s' is deleted".formatted(user.name()),
                    0);
        } else if (shared.messaging().topology().view().vhost(vhost) == null) {
            connection.close(
                    ReplyCode.CONNECTION_FORCED,
                    "CONNECTION_FORCED - vhost '%s' is deleted".formatted(vhost),
                    0);
        } else {
            connection.wire().out().connectionOpenOk();
        }
    }

    private Login login() {
        return Check.present(login, "no protocol header yet");
    }

    static boolean capability(FieldTable clientProperties, String name) {
        return clientProperties.get("capabilities") instanceof FieldTable capabilities
                && Boolean.TRUE.equals(capabilities.get(name));
    }

    /// Who is at the other end, and what was agreed with them.
    record Peer(
            String user,
            String vhost,
            String mechanism,
            boolean tls,
            FieldTable clientProperties,
            Tuning tuning,
            long connectedAtMs) {

        boolean can(String capability) {
            return capability(clientProperties, capability);
        }
    }
}
