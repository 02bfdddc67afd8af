package io.mainstay.registry.session;

import io.mainstay.registry.api.ChangeOutcome;
import io.mainstay.registry.api.Instance;
import io.mainstay.registry.api.InstanceKey;
import io.mainstay.registry.api.InstanceStatus;
import io.mainstay.registry.api.Registration;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/// One client process. Calls come from its connection, in order; answers on any thread.
public final class Session {

    private final Sessions home;
    private final String id;
    private final String secret;
    private final String clientId;
    private final String namespace;
    private final String owner;
    private final SessionTerms terms;

    /// What the client wants registered, by key. Guarded by this.
    private final Map<InstanceKey, Registration> wanted = new TreeMap<>();

    /// Of them, registrations that are not answered: they have no lease yet, and nothing is lost. Guarded by this.
    private final Map<InstanceKey, Registration> underWay = new HashMap<>();

    // Guarded by this.
    private @Nullable Connection connection;
    private long closedAt;
    private boolean draining;
    private boolean ended;

    Session(
            Sessions home,
            String id,
            String secret,
            String clientId,
            String namespace,
            String owner,
            SessionTerms terms,
            Connection connection) {
        this.home = home;
        this.id = id;
        this.secret = secret;
        this.clientId = clientId;
        this.namespace = namespace;
        this.owner = owner;
        this.terms = terms;
        this.connection = connection;
    }

    public String id() {
        return id;
    }

    /// Lets the client, and nobody else, come back to this session.
    public String secret() {
        return secret;
    }

    /// Who beats: the same for a process as long as it lives, also over several sessions.
    public String clientId() {
        return clientId;
    }

    public String namespace() {
        return namespace;
    }

    /// The user whose credentials opened it; empty without users.
    public String owner() {
        return owner;
    }

    public SessionTerms terms() {
        return terms;
    }

    /// A frame came, whatever it says: every instance of the session is renewed. Returns the instances whose lease is no more: the
    /// client registers them again.
    public List<InstanceKey> renew() {
        List<InstanceKey> lost = List.of();
        synchronized (this) {
            for (InstanceKey key : wanted.keySet()) {
                if (home.isHeldBy(key, this) && !home.renew(key) && !underWay.containsKey(key)) {
                    lost = lost.isEmpty() ? new ArrayList<>() : lost;
                    lost.add(key);
                }
            }
            lost.forEach(wanted::remove);
        }
        lost.forEach(key -> home.left(key, this));
        return lost;
    }

    /// Registers or updates. What is there already, equal and of the same client, is taken over without a change.
    ///
    /// @param registration its holder is this session's client, its lease the session's
    public void register(Registration registration, Consumer<ChangeOutcome> done) {
        InstanceKey key = registration.key();
        boolean first;
        synchronized (this) {
            if (ended) {
                done.accept(
                        new ChangeOutcome.Refused(
                                ChangeOutcome.Reason.UNAVAILABLE, "The session has ended."));
                return;
            }
            first = wanted.put(key, registration) == null;
            underWay.put(key, registration);
            home.holds(key, this);
        }
        home.register(
                registration,
                outcome -> {
                    synchronized (this) {
                        underWay.remove(key, registration);
                        if (first
                                && outcome instanceof ChangeOutcome.Refused
                                && wanted.remove(key, registration)) {
                            home.left(key, this);
                        }
                    }
                    done.accept(outcome);
                });
    }

    /// Whether one more registration of `key` leaves the session with at most `most` instances.
    public synchronized boolean hasRoomFor(InstanceKey key, int most) {
        return wanted.size() < most || wanted.containsKey(key);
    }

    public void cancel(InstanceKey key, Consumer<ChangeOutcome> done) {
        synchronized (this) {
            wanted.remove(key);
        }
        home.left(key, this);
        home.cancel(key, done);
    }

    /// Takes all instances out of traffic; the end of the connection then cancels them without a grace.
    ///
    /// @param done told once, when all are out of traffic or one of them could not be taken out
    public void drain(Consumer<ChangeOutcome> done) {
        List<Registration> out = new ArrayList<>();
        synchronized (this) {
            draining = true;
            wanted.replaceAll(
                    (key, registration) ->
                            registration.withDeclared(InstanceStatus.OUT_OF_SERVICE));
            out.addAll(wanted.values());
        }
        if (out.isEmpty()) {
            done.accept(new ChangeOutcome.Done(0));
            return;
        }
        AllOf all = new AllOf(out.size(), done);
        out.forEach(registration -> home.register(registration, all));
    }

    /// The connection is gone; nothing happens if another one has taken its place. Without a grace, or draining, this is the end.
    public void disconnected(Connection gone) {
        List<InstanceKey> held;
        synchronized (this) {
            if (connection != gone) {
                return;
            }
            connection = null;
            closedAt = home.nanoTime();
            if (!draining && terms.graceMs() > 0) {
                home.away(this);
                return;
            }
            held = end();
        }
        home.ended(this, held);
    }

    /// The client is back; returns false if the session has ended meanwhile.
    boolean resume(Connection back) {
        Connection before;
        synchronized (this) {
            if (ended) {
                return false;
            }
            before = connection;
            connection = back;
            home.back(this);
        }
        if (before != null) {
            before.replaced();
        }
        return true;
    }

    boolean isSecret(String shown) {
        return java.security.MessageDigest.isEqual(
                secret.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                shown.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    /// Ends it if the grace of a broken connection is over; a client that comes back at the same time finds it either as it was or ended.
    /// Returns whether it has ended now.
    boolean endIfOver(long nowNanos) {
        List<InstanceKey> held;
        synchronized (this) {
            if (ended || connection != null || nowNanos - closedAt < terms.graceMs() * 1_000_000L) {
                return false;
            }
            held = end();
        }
        home.ended(this, held);
        return true;
    }

    /// Ends it for good and returns what it held. Guarded by this.
    private List<InstanceKey> end() {
        ended = true;
        List<InstanceKey> held = List.copyOf(wanted.keySet());
        wanted.clear();
        return held;
    }

    /// Whether `held` is what `wanted` asks for, so that nobody needs to be told of a registration.
    static boolean isSame(Instance held, Registration wanted) {
        return held.holder().equals(wanted.holder())
                && held.host().equals(wanted.host())
                && held.ip().equals(wanted.ip())
                && held.port().equals(wanted.port())
                && held.securePort().equals(wanted.securePort())
                && held.vip().equals(wanted.vip())
                && held.secureVip().equals(wanted.secureVip())
                && held.zone().equals(wanted.zone())
                && held.weight() == wanted.weight()
                && held.labels().equals(wanted.labels())
                && held.metadata().equals(wanted.metadata())
                && held.attributes().equals(wanted.attributes())
                && held.declared() == wanted.declared()
                && held.lease().equals(wanted.lease());
    }
}
