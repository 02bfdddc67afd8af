package io.mainstay.head.grpc;

import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.mainstay.head.web.Authenticator;
import io.mainstay.head.web.Credentials;
import io.mainstay.head.web.Principal;
import io.mainstay.head.web.Verdict;
import io.mainstay.registry.api.ChangeOutcome;
import io.mainstay.registry.api.InstanceKey;
import io.mainstay.registry.api.Registration;
import io.mainstay.registry.api.Registry;
import io.mainstay.registry.push.Delta;
import io.mainstay.registry.push.PushEngine;
import io.mainstay.registry.push.Selector;
import io.mainstay.registry.push.Subscriber;
import io.mainstay.registry.push.Subscription;
import io.mainstay.registry.session.Connection;
import io.mainstay.registry.session.Session;
import io.mainstay.registry.session.Sessions;
import io.mainstay.registry.v1.ClientFrame;
import io.mainstay.registry.v1.Hello;
import io.mainstay.registry.v1.ServerFrame;
import io.mainstay.registry.v1.SessionKey;
import io.mainstay.registry.v1.Subscribe;
import io.mainstay.registry.v1.Welcome;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// One stream of one client process: a session's connection, and a subscriber of many services.
///
/// Frames come one at a time: the next is asked for when the last one was taken, and during the check of credentials none is. The
/// call's end, for whatever reason, leaves the session to its grace.
final class RegistryStream extends ServerCall.Listener<ClientFrame> implements Connection {

    private static final Logger LOG = LoggerFactory.getLogger(RegistryStream.class);

    static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    /// What all streams of a head share.
    ///
    /// @param pending streams that have not said hello
    /// @param open those that were let in
    record Shared(
            GrpcHeadConfig config,
            Registry registry,
            Sessions sessions,
            PushEngine push,
            Authenticator authenticator,
            PendingHellos pending,
            OpenStreams open) {}

    private final Shared shared;
    private final ServerCall<ClientFrame, byte[]> call;
    private final StreamRights rights;
    private final Map<String, Subscription> subscriptions = new HashMap<>();
    private @Nullable Session session;
    private volatile boolean mayRegister;
    private boolean sameCluster;
    private String who = "a client";

    /// Guarded by this: the call takes no two messages at a time, and none after its end.
    private boolean closed;

    RegistryStream(Shared shared, ServerCall<ClientFrame, byte[]> call, Metadata headers) {
        this.shared = shared;
        this.call = call;
        this.rights =
                new StreamRights(
                        shared.authenticator(),
                        Credentials.parse(headers.get(AUTHORIZATION)),
                        call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
        call.request(1);
    }

    @Override
    public void onMessage(ClientFrame frame) {
        Session present = session;
        if (present == null) {
            greet(frame);
            return;
        }
        try {
            List<InstanceKey> lost = present.renew();
            if (!lost.isEmpty()) {
                send(Frames.lost(lost));
            }
            take(present, frame);
        } catch (RefusedException refused) {
            end(refused.status());
            return;
        }
        call.request(1);
    }

    private void take(Session present, ClientFrame frame) throws RefusedException {
        switch (frame.getFrameCase()) {
            case BEAT -> {
                if (frame.getBeat().getAnswer()) {
                    send(Frames.BEAT);
                }
            }
            case REGISTER -> register(present, frame);
            case CANCEL -> {
                needsRegister();
                InstanceKey key =
                        Frames.key(
                                present,
                                frame.getCancel().getService(),
                                frame.getCancel().getInstanceId());
                present.cancel(key, answering(frame.getCancel().getRequestId()));
            }
            case DRAIN -> present.drain(answering(frame.getDrain().getRequestId()));
            case SUBSCRIBE -> subscribe(present, frame.getSubscribe());
            case UNSUBSCRIBE -> {
                Subscription old = subscriptions.remove(upper(frame.getUnsubscribe().getService()));
                if (old != null) {
                    old.close();
                }
            }
            case LIST_SERVICES ->
                    send(
                            Frames.services(
                                    frame.getListServices().getRequestId(),
                                    shared.registry()
                                            .view(present.namespace())
                                            .services()
                                            .keySet()));
            case HELLO ->
                    throw new RefusedException(
                            Status.INVALID_ARGUMENT, "Hello is the first frame and no other.");
            case FRAME_NOT_SET ->
                    throw new RefusedException(
                            Status.INVALID_ARGUMENT,
                            "A frame is empty or of a kind that this node does not know.");
        }
    }

    private void register(Session present, ClientFrame frame) throws RefusedException {
        needsRegister();
        long requestId = frame.getRegister().getRequestId();
        Registration registration = Frames.registration(present, frame.getRegister().getInstance());
        if (!present.hasRoomFor(registration.key(), GrpcLimits.INSTANCES)) {
            send(
                    Frames.result(
                            requestId,
                            new ChangeOutcome.Refused(
                                    ChangeOutcome.Reason.LIMIT,
                                    "A process registers at most %d instances."
                                            .formatted(GrpcLimits.INSTANCES))));
            return;
        }
        present.register(registration, answering(requestId));
    }

    private void needsRegister() throws RefusedException {
        if (!mayRegister) {
            throw new RefusedException(
                    Status.PERMISSION_DENIED,
                    "The user of these credentials may only read; ADMIN, OPERATOR and SERVICE may register.");
        }
    }

    private java.util.function.Consumer<ChangeOutcome> answering(long requestId) {
        return outcome -> send(Frames.result(requestId, outcome));
    }

    private void subscribe(Session present, Subscribe wanted) throws RefusedException {
        String service = upper(wanted.getService());
        if (service.isBlank() || service.length() > 256) {
            throw new RefusedException(
                    Status.INVALID_ARGUMENT, "A service has a name of 1 to 256 characters.");
        }
        Selector selector =
                Selector.of(
                        wanted.getSelector().getZonesList(), wanted.getSelector().getLabelsMap());
        String objection = selector.objection();
        if (objection != null) {
            throw new RefusedException(Status.INVALID_ARGUMENT, objection);
        }
        Subscription held = subscriptions.get(service);
        if (held != null) {
            if (!held.select(selector)) {
                throw tooManySelectors(service);
            }
            return;
        }
        if (subscriptions.size() >= GrpcLimits.SUBSCRIPTIONS) {
            throw new RefusedException(
                    Status.RESOURCE_EXHAUSTED,
                    "A stream subscribes to at most %d services."
                            .formatted(GrpcLimits.SUBSCRIPTIONS));
        }
        long known = sameCluster ? wanted.getKnownRevision() : 0;
        Subscription made =
                shared.push()
                        .subscribe(
                                present.namespace(), service, selector, known, who, new Pushes());
        if (made == null) {
            throw tooManySelectors(service);
        }
        subscriptions.put(service, made);
    }

    private static RefusedException tooManySelectors(String service) {
        return new RefusedException(
                Status.RESOURCE_EXHAUSTED,
                "The service %s has subscribers with %d different selectors, the most that a node takes."
                        .formatted(service, PushEngine.SELECTORS));
    }

    private static String upper(String service) {
        return service.toUpperCase(Locale.ROOT);
    }

    private void greet(ClientFrame frame) {
        if (frame.getFrameCase() != ClientFrame.FrameCase.HELLO) {
            end(Status.INVALID_ARGUMENT.withDescription("The first frame is Hello."));
            return;
        }
        Hello hello = frame.getHello();
        // No further frame is asked for until this is decided.
        rights.ask(verdict -> admit(hello, verdict));
    }

    /// On the event loop, or on the thread that hashed the password: nothing else runs for this stream then.
    private void admit(Hello hello, Verdict verdict) {
        switch (verdict) {
            case Verdict.Granted(Principal principal) -> {
                try {
                    welcome(hello, principal);
                    call.request(1);
                } catch (RefusedException refused) {
                    end(refused.status());
                }
            }
            case Verdict.Denied denied ->
                    end(
                            Status.UNAUTHENTICATED.withDescription(
                                    "This node has users: send the credentials of one as metadata 'authorization'."));
            case Verdict.Unsure unsure -> busy();
            case Verdict.Unavailable unavailable -> busy();
        }
    }

    private void busy() {
        end(Status.UNAVAILABLE.withDescription("Too many passwords are being checked; try again."));
    }

    private void welcome(Hello hello, Principal principal) throws RefusedException {
        Greeting greeting = Greeting.of(hello);
        if (!principal.reaches(greeting.namespace())) {
            throw new RefusedException(
                    Status.PERMISSION_DENIED, boundElsewhere(principal, greeting.namespace()));
        }
        if (!StreamRights.mayConnect(principal)) {
            throw new RefusedException(Status.PERMISSION_DENIED, onlyMessaging(principal));
        }
        mayRegister = StreamRights.mayRegister(principal);
        sameCluster = hello.getClusterId().equals(shared.config().clusterId());
        who = greeting.shown();
        Session resumed =
                // Whoever may register no more gets nothing back that would be renewed.
                hello.hasResume() && mayRegister
                        ? shared.sessions()
                                .resume(
                                        hello.getResume().getId(),
                                        hello.getResume().getSecret(),
                                        principal.name(),
                                        greeting.namespace(),
                                        this)
                                .orElse(null)
                        : null;
        Session opened =
                resumed != null
                        ? resumed
                        : shared.sessions()
                                .open(
                                        greeting.clientId(),
                                        greeting.namespace(),
                                        principal.name(),
                                        greeting.terms(),
                                        this);
        if (opened == null) {
            throw new RefusedException(
                    Status.RESOURCE_EXHAUSTED,
                    "This node has %d clients, the most it takes."
                            .formatted(shared.sessions().count()));
        }
        session = opened;
        List<InstanceKey> lost = opened.renew();
        shared.pending().said(this);
        shared.open().entered(this);
        if (isClosed()) {
            // The client left while its password was hashed: its end was told before there was a
            // session.
            over();
            return;
        }
        send(
                ServerFrame.newBuilder()
                        .setWelcome(
                                Welcome.newBuilder()
                                        .setSession(
                                                SessionKey.newBuilder()
                                                        .setId(opened.id())
                                                        .setSecret(opened.secret()))
                                        .setResumed(resumed != null)
                                        .setClusterId(shared.config().clusterId())
                                        .setNodeId(shared.config().nodeId())
                                        .setBeatIntervalMs(opened.terms().lease().intervalMs())
                                        .setLeaseMs(opened.terms().lease().durationMs())
                                        .setGraceMs(opened.terms().graceMs()))
                        .build()
                        .toByteArray());
        // The connection came back in its grace, but the lease had ended by then.
        if (!lost.isEmpty()) {
            send(Frames.lost(lost));
        }
    }

    private static String boundElsewhere(Principal principal, String namespace) {
        return "The user %s is bound to %s and has no part in the namespace %s."
                .formatted(principal.shown(), String.join(", ", principal.namespaces()), namespace);
    }

    private static String onlyMessaging(Principal principal) {
        return "The user %s is a %s and may use messaging only."
                .formatted(principal.shown(), principal.role());
    }

    /// Ends the stream if its user would not be let in any more, or may register no more. The head's ticker calls it.
    void askAgain() {
        rights.askAgain(
                verdict -> {
                    switch (verdict) {
                        case Verdict.Granted(Principal principal) -> stillGranted(principal);
                        case Verdict.Denied denied ->
                                end(
                                        Status.UNAUTHENTICATED.withDescription(
                                                "The credentials of this stream are not good any more."));
                        // The next tick asks again.
                        case Verdict.Unsure unsure -> {}
                        case Verdict.Unavailable unavailable -> {}
                    }
                });
    }

    private void stillGranted(Principal principal) {
        Session present = session;
        if (present == null) {
            return;
        }
        boolean mayNow = StreamRights.mayRegister(principal);
        if (!StreamRights.mayConnect(principal)) {
            end(Status.PERMISSION_DENIED.withDescription(onlyMessaging(principal)));
        } else if (!principal.reaches(present.namespace())) {
            end(
                    Status.PERMISSION_DENIED.withDescription(
                            boundElsewhere(principal, present.namespace())));
        } else if (mayRegister && !mayNow) {
            end(
                    Status.PERMISSION_DENIED.withDescription(
                            "The user %s may only read from now on.".formatted(principal.shown())));
        } else {
            mayRegister = mayNow;
        }
    }

    @Override
    public void onReady() {
        subscriptions.values().forEach(Subscription::ready);
    }

    /// The client has said all it will say: it goes.
    @Override
    public void onHalfClose() {
        end(Status.OK);
        over();
    }

    @Override
    public void onCancel() {
        over();
    }

    @Override
    public void onComplete() {
        over();
    }

    private void over() {
        synchronized (this) {
            closed = true;
        }
        shared.pending().said(this);
        shared.open().left(this);
        subscriptions.values().forEach(Subscription::close);
        subscriptions.clear();
        Session present = session;
        if (present != null) {
            present.disconnected(this);
        }
    }

    @Override
    public void replaced() {
        end(Status.ABORTED.withDescription("The client came back over another connection."));
    }

    /// Ends a stream that has not said hello in time.
    void tooSlow() {
        end(
                Status.DEADLINE_EXCEEDED.withDescription(
                        "Hello did not come within %d s.".formatted(GrpcLimits.HELLO_MS / 1_000)));
    }

    private synchronized void end(Status status) {
        if (closed) {
            return;
        }
        closed = true;
        if (!status.isOk()) {
            LOG.info("Ended the stream of {}: {}", who, status.getDescription());
        }
        call.close(status, new Metadata());
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private synchronized void send(byte[] frame) {
        if (!closed) {
            call.sendMessage(frame);
        }
    }

    /// This stream as a subscriber of one service.
    private final class Pushes implements Subscriber {
        @Override
        public boolean ready() {
            return call.isReady();
        }

        @Override
        public int push(Delta delta) {
            byte[] frame = delta.encoded(Frames::update);
            send(frame);
            return frame.length;
        }
    }
}
