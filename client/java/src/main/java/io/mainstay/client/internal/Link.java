package io.mainstay.client.internal;

import io.mainstay.client.ClientListener;
import io.mainstay.client.ClientOptions;
import io.mainstay.client.ClientState;
import io.mainstay.client.ClientState.Phase;
import io.mainstay.client.RefusedException;
import io.mainstay.client.Selector;
import io.mainstay.client.ServiceView;
import io.mainstay.client.Subscription;
import io.mainstay.registry.v1.Beat;
import io.mainstay.registry.v1.ClientFrame;
import io.mainstay.registry.v1.Hello;
import io.mainstay.registry.v1.ListServices;
import io.mainstay.registry.v1.ServerFrame;
import io.mainstay.registry.v1.SessionKey;
import io.mainstay.registry.v1.Welcome;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// Keeps one stream to one of the nodes: connects, greets, beats, notices that the other side or this process itself stood still, and comes back.
///
/// A node that was not heard for a third of the lease is asked with the next beat; one that was not heard for the whole lease, though asked, is
/// given up. So a half-open connection is found within about a lease, whatever TCP thinks of it.
public final class Link {
    private static final Logger LOG = LoggerFactory.getLogger(Link.class);

    private static final ClientFrame BEAT =
            ClientFrame.newBuilder().setBeat(Beat.getDefaultInstance()).build();
    private static final ClientFrame QUESTION =
            ClientFrame.newBuilder().setBeat(Beat.newBuilder().setAnswer(true)).build();

    private static final long LOST_MS = 100;

    /// A password that is refused costs the node a hash each time.
    private static final long REFUSED_MS = 1_000;

    private static final long REFUSED_MAX_MS = 30_000;
    private static final long GREETING_MS = 5_000;
    private static final long PAUSE_MS = 500;
    private static final long GOODBYE_MS = 2_000;

    private final ClientOptions options;
    private final Loop loop;
    private final Transport transport;
    private final Callbacks callbacks;
    private final Registrations registrations;
    private final Subscriptions subscriptions;
    private final ViewCache cache;
    private final BackOff backOff;
    private final BackOff refusals;
    private final PauseDetector pauses;
    private final Map<Long, CompletableFuture<List<String>>> lists = new HashMap<>();

    private volatile ClientState state;
    private Transport.@Nullable Stream stream;
    private @Nullable SessionKey session;
    private String clusterId = "";
    private int turn;
    private int address;
    private long beatMs;
    private long leaseMs;
    private long heardNanos;
    private long sentNanos;
    private long requests;
    private boolean paused;
    private Runnable timer = () -> {};

    public Link(ClientOptions options, Loop loop, Transport transport, Callbacks callbacks) {
        this.options = options;
        this.loop = loop;
        this.transport = transport;
        this.callbacks = callbacks;
        cache = new ViewCache(loop, callbacks, options.cacheDirectory(), options.namespace());
        registrations = new Registrations(loop, this::send);
        subscriptions = new Subscriptions(loop, this::send, cache, callbacks);
        backOff = new BackOff(loop, LOST_MS, options.maxBackOff().toMillis());
        refusals =
                new BackOff(
                        loop,
                        REFUSED_MS,
                        Math.max(REFUSED_MAX_MS, options.maxBackOff().toMillis()));
        beatMs = options.beat().toMillis();
        leaseMs = options.lease().toMillis();
        pauses = new PauseDetector(loop, Math.max(PAUSE_MS, beatMs));
        state =
                new ClientState(
                        Phase.CONNECTING, options.addresses().get(0), loop.wallMs(), 0, 0, "");
    }

    /// Any thread, as the others that are public.
    public void start() {
        loop.execute(
                () -> {
                    connect();
                    pauses.next(beatMs);
                    loop.schedule(beatMs, this::tick);
                });
    }

    public ClientState state() {
        return state;
    }

    public io.mainstay.client.Registration register(io.mainstay.client.Instance instance) {
        return registrations.register(instance);
    }

    public Subscription subscribe(String service, Selector selector) {
        return subscriptions.subscribe(service, selector);
    }

    public List<ServiceView> views() {
        return subscriptions.views();
    }

    /// Names of the services that have instances; fails while no node is connected.
    public CompletableFuture<List<String>> services() {
        CompletableFuture<List<String>> answer = new CompletableFuture<>();
        loop.execute(
                () -> {
                    if (!state.connected()) {
                        answer.completeExceptionally(
                                new RefusedException("No node is connected: " + state.problem()));
                        return;
                    }
                    long request = ++requests;
                    lists.put(request, answer);
                    send(
                            ClientFrame.newBuilder()
                                    .setListServices(
                                            ListServices.newBuilder().setRequestId(request))
                                    .build());
                });
        return answer;
    }

    public CompletableFuture<Void> drain() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        loop.execute(() -> registrations.drain(done));
        return done;
    }

    /// Says goodbye; done when the stream has ended, or 2 s later: it is ended then.
    public CompletableFuture<Void> finish() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        loop.execute(
                () -> {
                    cache.flush();
                    Transport.Stream present = stream;
                    boolean connected = state.connected();
                    // Nothing is said after the goodbye.
                    stream = null;
                    turn++;
                    timer.run();
                    phase(Phase.CLOSED, "The client was closed.");
                    subscriptions.disconnected();
                    registrations.disconnected();
                    failLists("The client was closed.");
                    if (present == null || !connected) {
                        transport.close();
                        done.complete(null);
                        return;
                    }
                    goodbye = done;
                    timer = loop.schedule(GOODBYE_MS, this::leave);
                    present.finish();
                });
        return done;
    }

    private @Nullable CompletableFuture<Void> goodbye;

    private void leave() {
        timer.run();
        transport.close();
        CompletableFuture<Void> leaving = goodbye;
        if (leaving != null) {
            leaving.complete(null);
        }
    }

    private void connect() {
        int now = ++turn;
        timer.run();
        String to = options.addresses().get(address % options.addresses().size());
        phase(Phase.CONNECTING, state.problem());
        heardNanos = loop.nanoTime();
        Transport.Stream opened;
        try {
            opened = transport.open(to, new Frames(now));
        } catch (RuntimeException e) {
            // What the application gave, credentials or an address, is of no use now; it may be
            // later.
            lostConnection(false, "The connection could not be begun: " + e);
            return;
        }
        stream = opened;
        timer =
                loop.schedule(
                        GREETING_MS,
                        () -> {
                            if (now == turn) {
                                opened.abandon();
                                lostConnection(
                                        false,
                                        "%s did not answer within %d s."
                                                .formatted(to, GREETING_MS / 1_000));
                            }
                        });
        Hello.Builder hello =
                Hello.newBuilder()
                        .setClientId(options.clientId())
                        .setDescription(options.description())
                        .setNamespace(options.namespace())
                        .setBeatIntervalMs((int) options.beat().toMillis())
                        .setLeaseMs((int) options.lease().toMillis())
                        .setGraceMs((int) options.grace().toMillis())
                        .setClusterId(clusterId);
        SessionKey known = session;
        if (known != null) {
            hello.setResume(known);
        }
        send(ClientFrame.newBuilder().setHello(hello).build());
    }

    private void send(ClientFrame frame) {
        Transport.Stream present = stream;
        if (present != null) {
            sentNanos = loop.nanoTime();
            present.send(frame);
        }
    }

    private void received(ServerFrame frame) {
        heardNanos = loop.nanoTime();
        switch (frame.getFrameCase()) {
            case WELCOME -> welcome(frame.getWelcome());
            case RESULT -> registrations.result(frame.getResult());
            case UPDATE -> {
                if (!subscriptions.update(frame.getUpdate())) {
                    abandon("The node's update does not fit what this client knows.");
                }
            }
            case LOST -> registrations.lost(frame.getLost());
            case SERVICES -> {
                CompletableFuture<List<String>> asked =
                        lists.remove(frame.getServices().getRequestId());
                if (asked != null) {
                    asked.complete(
                            frame.getServices().getNamesList().stream()
                                    .map(name -> name.toLowerCase(Locale.ROOT))
                                    .toList());
                }
            }
            case BEAT -> {
                if (paused) {
                    paused = false;
                    subscriptions.confirmed();
                }
            }
            // A node that is newer says what this client has no use for.
            case FRAME_NOT_SET -> {}
        }
    }

    private void welcome(Welcome welcome) {
        timer.run();
        session = welcome.getSession();
        clusterId = welcome.getClusterId();
        beatMs = Math.max(50, welcome.getBeatIntervalMs());
        leaseMs = Math.max(beatMs, welcome.getLeaseMs());
        paused = false;
        state =
                new ClientState(
                        state.phase(),
                        state.address(),
                        state.sinceMs(),
                        state.connections() + 1,
                        state.lastPauseMs(),
                        "");
        phase(Phase.CONNECTED, "");
        refusals.reset();
        LOG.info(
                "Connected to {} (node {}, {})",
                state.address(),
                welcome.getNodeId(),
                welcome.getResumed() ? "session resumed" : "new session");
        registrations.connected(welcome.getResumed());
        subscriptions.connected(clusterId);
        int now = turn;
        // Only a connection that lasts is a reason to come back fast after it.
        timer =
                loop.schedule(
                        leaseMs,
                        () -> {
                            if (now == turn) {
                                backOff.reset();
                            }
                        });
    }

    private void tick() {
        if (state.phase() == Phase.CLOSED) {
            return;
        }
        long pause = pauses.tick();
        if (pause > 0) {
            paused(pause);
        } else if (state.connected()) {
            beat();
        }
        pauses.next(beatMs);
        loop.schedule(beatMs, this::tick);
    }

    private void paused(long ms) {
        LOG.warn("This process stood still for about {} ms; its views may be old", ms);
        state =
                new ClientState(
                        state.phase(),
                        state.address(),
                        state.sinceMs(),
                        state.connections(),
                        ms,
                        state.problem());
        ClientListener listener = options.listener();
        callbacks.run(() -> listener.onPause(Duration.ofMillis(ms)));
        // What came during the pause is still to be read: the node's silence begins now.
        heardNanos = loop.nanoTime();
        paused = true;
        subscriptions.stale();
        if (state.connected()) {
            send(QUESTION);
        }
    }

    private void beat() {
        long now = loop.nanoTime();
        long silentMs = TimeUnit.NANOSECONDS.toMillis(now - heardNanos);
        if (silentMs > leaseMs) {
            abandon("The node was not heard for %d ms.".formatted(silentMs));
        } else if (paused || silentMs >= leaseMs / 3) {
            send(QUESTION);
        } else if (TimeUnit.NANOSECONDS.toMillis(now - sentNanos) >= beatMs / 2) {
            send(BEAT);
        }
    }

    private void abandon(String why) {
        Transport.Stream present = stream;
        if (present != null) {
            present.abandon();
        }
        lostConnection(false, why);
    }

    private void lostConnection(boolean refused, String why) {
        turn++;
        timer.run();
        stream = null;
        boolean was = state.connected();
        failLists(why);
        registrations.disconnected();
        subscriptions.disconnected();
        address++;
        long wait = refused ? refusals.nextMs() : backOff.nextMs();
        if (refused) {
            LOG.error("{} refuses this client: {} Next try in {} ms", state.address(), why, wait);
        } else if (was) {
            LOG.warn("Lost {}: {} Next try in {} ms", state.address(), why, wait);
        } else {
            LOG.info("Could not connect to {}: {} Next try in {} ms", state.address(), why, wait);
        }
        phase(refused ? Phase.REFUSED : Phase.WAITING, why);
        int now = turn;
        timer =
                loop.schedule(
                        wait,
                        () -> {
                            if (now == turn) {
                                connect();
                            }
                        });
    }

    private void failLists(String why) {
        List<CompletableFuture<List<String>>> waiting = List.copyOf(lists.values());
        lists.clear();
        waiting.forEach(list -> list.completeExceptionally(new RefusedException(why)));
    }

    private void phase(Phase phase, String problem) {
        ClientState before = state;
        String to = options.addresses().get(address % options.addresses().size());
        ClientState after =
                new ClientState(
                        phase,
                        phase == Phase.CONNECTING ? to : before.address(),
                        phase == before.phase() ? before.sinceMs() : loop.wallMs(),
                        before.connections(),
                        before.lastPauseMs(),
                        problem);
        state = after;
        if (phase != before.phase() || !problem.equals(before.problem())) {
            ClientListener listener = options.listener();
            callbacks.run(() -> listener.onState(after));
        }
    }

    /// What one try hears; what an earlier one still hears is not listened to.
    private final class Frames implements Transport.Listener {
        private final int mine;

        Frames(int mine) {
            this.mine = mine;
        }

        @Override
        public void received(ServerFrame frame) {
            if (mine == turn) {
                Link.this.received(frame);
            }
        }

        @Override
        public void ended(boolean refused, String why) {
            if (goodbye != null) {
                leave();
            } else if (mine == turn) {
                lostConnection(refused, why);
            }
        }
    }
}
