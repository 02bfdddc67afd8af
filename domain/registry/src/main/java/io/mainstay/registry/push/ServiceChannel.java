package io.mainstay.registry.push;

import io.mainstay.platform.Clock;
import io.mainstay.registry.api.ServiceView;
import io.mainstay.registry.state.ServiceName;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// A service that somebody subscribes to: as it is now, and a feed for each selector. Feeds come and go only while the engine
/// holds the service's place among the channels; any thread reads.
final class ServiceChannel {

    private final ServiceName name;
    private final Clock clock;
    private final Consumer<ServiceChannel> queue;
    private final ConcurrentHashMap<Selector, SelectionFeed> feeds = new ConcurrentHashMap<>();
    private final Pacing pacing = new Pacing();

    /// It waits for the push thread.
    private final AtomicBoolean queued = new AtomicBoolean();

    private volatile ServiceView latest;

    /// A change came that the push thread has not taken up. Guarded by this.
    private boolean changed;

    private volatile long changedNanos;

    /// @param queue hands it to the push thread
    ServiceChannel(
            ServiceName name, ServiceView present, Clock clock, Consumer<ServiceChannel> queue) {
        this.name = name;
        this.latest = present;
        this.clock = clock;
        this.queue = queue;
    }

    ServiceName name() {
        return name;
    }

    Collection<SelectionFeed> feeds() {
        return feeds.values();
    }

    /// Of the push thread.
    Pacing pacing() {
        return pacing;
    }

    ServiceView latest() {
        return latest;
    }

    /// When the first change came that the last round does not know, in monotonic nanoseconds.
    long changedNanos() {
        return changedNanos;
    }

    long nowNanos() {
        return clock.nanoTime();
    }

    /// Takes a newer view and has it pushed; an older one, or the same, changes nothing.
    void offer(ServiceView view) {
        synchronized (this) {
            if (view.revision() <= latest.revision()) {
                return;
            }
            if (!changed) {
                changed = true;
                changedNanos = clock.nanoTime();
            }
            latest = view;
        }
        queue();
    }

    /// Has it looked at by the push thread.
    void queue() {
        if (!queued.getAndSet(true)) {
            queue.accept(this);
        }
    }

    /// The push thread looks at it: what comes from here on queues it again.
    void taken() {
        synchronized (this) {
            changed = false;
        }
        queued.set(false);
    }

    /// The feed of a selector, a new one if need be; `null` if there are too many.
    @Nullable SelectionFeed feed(Selector selector) {
        SelectionFeed held = feeds.get(selector);
        if (held == null && feeds.size() < PushEngine.SELECTORS) {
            held = new SelectionFeed(this, selector);
            feeds.put(selector, held);
        }
        return held;
    }

    /// A subscription leaves; a feed that nobody needs goes with it.
    void remove(SelectionFeed feed, Subscription subscription) {
        feed.subscriptions().remove(subscription);
        if (feed.subscriptions().isEmpty()) {
            feeds.remove(feed.selector(), feed);
        }
    }
}
