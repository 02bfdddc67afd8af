package io.mainstay.registry.push;

import io.mainstay.registry.state.ServiceName;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.concurrent.atomic.AtomicInteger;

/// One subscriber of one service, and the revision that it has. Turns never overlap: who comes while another is at work leaves it one more.
public final class Subscription implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Subscription.class);

    /// What the subscriber must be told in any case.
    private enum Owed {
        EVERYTHING,
        /// Where it stands, also if nothing changed.
        STANDING,
        NOTHING
    }

    private record Aim(SelectionFeed feed, Owed owed) {}

    private final PushEngine engine;
    private final Subscriber subscriber;
    private final String who;
    private final AtomicInteger turns = new AtomicInteger();

    /// Written under this.
    private volatile Aim aim;

    private volatile long revision;
    private volatile long behindSinceNanos;
    private volatile boolean blocked;
    private volatile boolean closed;

    /// @param revision that the subscriber has; 0 if none
    Subscription(
            PushEngine engine,
            SelectionFeed feed,
            Subscriber subscriber,
            String who,
            long revision,
            long nowNanos) {
        this.engine = engine;
        this.aim = new Aim(feed, revision > 0 ? Owed.STANDING : Owed.EVERYTHING);
        this.subscriber = subscriber;
        this.who = who;
        this.revision = revision;
        this.behindSinceNanos = nowNanos;
    }

    /// The subscriber was not ready and is now. Any thread.
    public void ready() {
        if (blocked) {
            engine.catchUp(this);
        }
    }

    /// From now on another selector holds; the subscriber is told everything that it selects, at a revision that is not behind what it
    /// has. A push that is under way may still come before. False if there are too many selectors; the old one holds then.
    public boolean select(Selector selector) {
        return engine.select(this, selector);
    }

    /// As [#select(Selector)], while the engine holds the service's place.
    synchronized void aimAt(SelectionFeed feed, long nowNanos) {
        aim = new Aim(feed, Owed.EVERYTHING);
        behindSinceNanos = nowNanos;
    }

    /// Brings the subscriber to the present revision if it can take it.
    void advance() {
        if (turns.getAndIncrement() != 0) {
            return;
        }
        int merged = 1;
        do {
            turn();
            merged = turns.addAndGet(-merged);
        } while (merged != 0);
    }

    private void turn() {
        if (closed) {
            return;
        }
        // Whoever becomes ready after this line sees that it is blocked, and asks again.
        blocked = true;
        Aim now = aim;
        try {
            if (!subscriber.ready()) {
                engine.waiting();
                return;
            }
            blocked = false;
            Delta delta =
                    now.owed() == Owed.EVERYTHING
                            ? now.feed().everything(revision)
                            : now.feed().from(revision);
            // A subscriber that knows more than this member waits until it has caught up.
            if (delta.toRevision() < revision
                    || (now.owed() == Owed.NOTHING && delta.toRevision() == revision)) {
                return;
            }
            engine.sent(delta, subscriber.push(delta));
            revision = delta.toRevision();
            settled(now);
        } catch (RuntimeException e) {
            LOG.warn("{} could not be told of {}; it is not told any more", who, name(), e);
            close();
        }
    }

    /// The subscriber was told what `told` owed it. Another selector that came meanwhile has its own due.
    private synchronized void settled(Aim told) {
        if (aim == told) {
            aim = new Aim(told.feed(), Owed.NOTHING);
        }
    }

    /// The feed moves on. A subscriber that is behind already stays so since when it was.
    void fallsBehind(long nowNanos) {
        if (!behind()) {
            behindSinceNanos = nowNanos;
        }
    }

    /// Who subscribes, for people.
    public String who() {
        return who;
    }

    public String namespace() {
        return name().namespace();
    }

    public String service() {
        return name().service();
    }

    ServiceName name() {
        return aim.feed().channel().name();
    }

    public Selector selector() {
        return aim.feed().selector();
    }

    /// The revision that was sent last.
    public long revision() {
        return revision;
    }

    /// The revision that there is, as it was when somebody looked last.
    public long presentRevision() {
        return aim.feed().revision();
    }

    /// The subscriber has not been told what there is.
    public boolean behind() {
        Aim now = aim;
        return now.owed() != Owed.NOTHING || revision < now.feed().revision();
    }

    /// For how long it is behind, in nanoseconds; 0 if it is not.
    public long behindNanos() {
        return behind() ? Math.max(0, engine.nanoTime() - behindSinceNanos) : 0;
    }

    SelectionFeed feed() {
        return aim.feed();
    }

    @Override
    public void close() {
        closed = true;
        engine.remove(this);
    }

    boolean isClosed() {
        return closed;
    }
}
