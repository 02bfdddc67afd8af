package io.mainstay.registry.session;

import io.mainstay.platform.Clock;
import io.mainstay.platform.Secrets;
import io.mainstay.registry.api.ChangeOutcome;
import io.mainstay.registry.api.Instance;
import io.mainstay.registry.api.InstanceKey;
import io.mainstay.registry.api.Registration;
import io.mainstay.registry.api.Registry;
import io.mainstay.registry.api.RenewOutcome;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/// All sessions of this node. Thread-safe. Owns no thread: [#tick] ends those whose client did not come back.
public final class Sessions {
    private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);

    /// Random bytes of an id and of a secret.
    private static final int SECRET_BYTES = 18;

    private final Registry registry;
    private final BiConsumer<InstanceKey, Long> evict;
    private final Clock clock;
    private final int maxSessions;
    private final ConcurrentHashMap<String, Session> sessions = new ConcurrentHashMap<>();

    /// Sessions in their grace: a tick looks at these only, as there may be tens of thousands of others. Changed under the session's lock.
    private final Set<Session> away = ConcurrentHashMap.newKeySet();

    /// The session that an instance belongs to: the one that registered it last.
    private final ConcurrentHashMap<InstanceKey, Session> holders = new ConcurrentHashMap<>();

    /// @param evict removes an instance unless it was registered anew after the given registration
    /// @param maxSessions more are refused
    public Sessions(
            Registry registry, BiConsumer<InstanceKey, Long> evict, Clock clock, int maxSessions) {
        this.registry = registry;
        this.evict = evict;
        this.clock = clock;
        this.maxSessions = maxSessions;
    }

    /// Opens a session; `null` if there are too many.
    ///
    /// @param clientId the client's own name for its process
    /// @param owner user of the credentials, empty without users
    public @Nullable Session open(
            String clientId,
            String namespace,
            String owner,
            SessionTerms terms,
            Connection connection) {
        if (sessions.size() >= maxSessions) {
            return null;
        }
        String id = Secrets.text(SECRET_BYTES);
        Session session =
                new Session(
                        this,
                        id,
                        Secrets.text(SECRET_BYTES),
                        clientId,
                        namespace,
                        owner,
                        terms,
                        connection);
        sessions.put(id, session);
        return session;
    }

    /// The session that a client comes back to, with its connection in the place of the broken one.
    public Optional<Session> resume(
            String id, String secret, String owner, String namespace, Connection connection) {
        return Optional.ofNullable(sessions.get(id))
                .filter(
                        session ->
                                session.isSecret(secret)
                                        && session.owner().equals(owner)
                                        && session.namespace().equals(namespace)
                                        && session.resume(connection));
    }

    /// Ends sessions whose grace is over.
    public void tick() {
        long now = clock.nanoTime();
        for (Session session : away) {
            if (session.endIfOver(now)) {
                LOG.info(
                        "Client {} did not come back; its instances are evicted",
                        session.clientId());
            }
        }
    }

    /// Sessions there are, those in their grace included.
    public int count() {
        return sessions.size();
    }

    long nanoTime() {
        return clock.nanoTime();
    }

    void away(Session session) {
        away.add(session);
    }

    void back(Session session) {
        away.remove(session);
    }

    /// @param held what the session held when it ended
    void ended(Session session, List<InstanceKey> held) {
        away.remove(session);
        sessions.remove(session.id());
        for (InstanceKey key : held) {
            if (holders.remove(key, session)) {
                registry.instance(key)
                        .filter(present -> present.holder().equals(session.clientId()))
                        .ifPresent(present -> evict.accept(key, present.registration()));
            }
        }
    }

    boolean isHeldBy(InstanceKey key, Session session) {
        return holders.get(key) == session;
    }

    void holds(InstanceKey key, Session session) {
        holders.put(key, session);
    }

    void left(InstanceKey key, Session session) {
        holders.remove(key, session);
    }

    /// False if there is no lease any more.
    boolean renew(InstanceKey key) {
        return registry.renew(key, 0) == RenewOutcome.RENEWED;
    }

    void register(Registration registration, Consumer<ChangeOutcome> done) {
        Optional<Instance> held = registry.instance(registration.key());
        if (held.isPresent()
                && Session.isSame(held.get(), registration)
                && renew(registration.key())) {
            done.accept(new ChangeOutcome.Done(held.get().revision()));
        } else {
            registry.register(registration, done);
        }
    }

    void cancel(InstanceKey key, Consumer<ChangeOutcome> done) {
        registry.cancel(key, done);
    }
}
