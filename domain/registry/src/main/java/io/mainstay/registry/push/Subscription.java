package io.mainstay.registry.push;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.concurrent.atomic.AtomicInteger;

/// One subscriber of one service, and the revision that it has. Turns never overlap: who comes while another is at work leaves it one more.
public final class Subscription implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Subscription.class);

    private final PushEngine engine;
    private final ServiceChannel channel;
    private final Subscriber subscriber;
    private final String who;
    private final AtomicInteger turns = new AtomicInteger();
    private volatile long revision;
    private volatile boolean told;
    private volatile boolean behind;
    private volatile boolean closed;

    /// @param revision that the subscriber has; 0 if none
    Subscription(
            PushEngine engine,
            ServiceChannel channel,
            Subscriber subscriber,
            String who,
            long revision) {
        this.engine = engine;
        this.channel = channel;
        this.subscriber = subscriber;
        this.who = who;
        this.revision = revision;
    }

    /// The subscriber was not ready and is now. Any thread.
    public void ready() {
        if (behind) {
            engine.catchUp(this);
        }
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
        // Whoever becomes ready after this line sees that it is behind, and asks again.
        behind = true;
        try {
            if (!subscriber.ready()) {
                engine.waiting();
                return;
            }
            behind = false;
            Delta delta = channel.feed().from(told || revision > 0 ? revision : -1);
            // A subscriber that knows more than this member waits until it has caught up.
            if (delta.toRevision() < revision || told && delta.toRevision() == revision) {
                return;
            }
            engine.sent(subscriber.push(delta));
            told = true;
            revision = delta.toRevision();
        } catch (RuntimeException e) {
            LOG.warn(
                    "{} could not be told of {}; it is not told any more",
                    who,
                    channel.feed().name(),
                    e);
            close();
        }
    }

    /// Who subscribes, for people.
    public String who() {
        return who;
    }

    /// The revision that was sent last.
    public long revision() {
        return revision;
    }

    /// The revision that there is.
    public long presentRevision() {
        return channel.feed().revision();
    }

    /// The subscriber could not take what there is.
    public boolean behind() {
        return behind;
    }

    @Override
    public void close() {
        closed = true;
        engine.remove(channel, this);
    }
}
