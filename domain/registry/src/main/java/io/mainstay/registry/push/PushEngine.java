package io.mainstay.registry.push;

import io.mainstay.platform.Clock;
import io.mainstay.registry.api.ServiceView;
import io.mainstay.registry.state.AppliedChanges;
import io.mainstay.registry.state.ServiceName;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/// Tells subscribers of services what changed. It owns no thread: [#turn] does what is due and says how long there is nothing to do;
/// `wake` is called when there is.
///
/// The first change of a service after a quiet time leaves at once, the next ones are gathered ([Pacing]); all subscribers with one
/// [Selector] that are at one revision share one [Delta]; who is slow is told once when it is ready, from where it was; all together send no more than a bound
/// allows ([Budget]). A subscriber's revision never goes back.
public final class PushEngine implements AppliedChanges.Sink {

    /// Selectors of one service at a time: each is filtered and encoded for itself.
    public static final int SELECTORS = 256;

    private static final long NOTHING_NANOS = 1_000_000_000L;

    private final Clock clock;
    private final Function<ServiceName, ServiceView> present;
    private final Runnable wake;
    private final Budget budget;
    private final ConcurrentHashMap<ServiceName, ServiceChannel> channels =
            new ConcurrentHashMap<>();
    private final Queue<ServiceChannel> changed = new ConcurrentLinkedQueue<>();
    private final Queue<Subscription> catchingUp = new ConcurrentLinkedQueue<>();
    private final LongAdder pushes = new LongAdder();
    private final LongAdder full = new LongAdder();
    private final LongAdder merged = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final LongAdder waits = new LongAdder();

    // Of the push thread.
    private final List<ServiceChannel> gathering = new ArrayList<>();
    private final Deque<Subscription> due = new ArrayDeque<>();

    /// @param present the view of a service as it is now; of one without instances an empty one at a revision that is not
    ///     behind its end
    /// @param bytesPerSecond bound of all pushes together; 0 for none
    /// @param wake lets the push thread call [#turn]; any thread calls it
    public PushEngine(
            Clock clock,
            Function<ServiceName, ServiceView> present,
            long bytesPerSecond,
            Runnable wake) {
        this.clock = clock;
        this.present = present;
        this.wake = wake;
        this.budget = new Budget(bytesPerSecond, clock.nanoTime());
    }

    /// Subscribes; the first push comes soon and says where the subscriber stands, also if nothing changed.
    ///
    /// @param revision that the subscriber has under this selector, of this cluster; 0 if none
    /// @param who for people
    /// @return `null` if the service has [#SELECTORS] other selectors
    public @Nullable Subscription subscribe(
            String namespace,
            String service,
            Selector selector,
            long revision,
            String who,
            Subscriber subscriber) {
        ServiceName name = new ServiceName(namespace, service);
        AtomicReference<@Nullable Subscription> made = new AtomicReference<>();
        channels.compute(
                name,
                (absent, held) -> {
                    ServiceChannel channel =
                            held != null
                                    ? held
                                    : new ServiceChannel(
                                            absent, present.apply(absent), clock, this::queue);
                    SelectionFeed feed = channel.feed(selector);
                    if (feed != null) {
                        Subscription subscription =
                                new Subscription(
                                        this,
                                        feed,
                                        subscriber,
                                        who,
                                        Math.max(0, revision),
                                        clock.nanoTime());
                        feed.subscriptions().add(subscription);
                        made.set(subscription);
                    }
                    return channel;
                });
        Subscription subscription = made.get();
        if (subscription != null) {
            // What was applied before the channel could be seen is seen now.
            subscription.feed().channel().offer(present.apply(name));
            catchUp(subscription);
        }
        return subscription;
    }

    boolean select(Subscription subscription, Selector selector) {
        AtomicBoolean taken = new AtomicBoolean();
        channels.computeIfPresent(
                subscription.name(),
                (name, channel) -> {
                    SelectionFeed old = subscription.feed();
                    SelectionFeed feed = subscription.isClosed() ? null : channel.feed(selector);
                    if (feed != null) {
                        feed.subscriptions().add(subscription);
                        subscription.aimAt(feed, clock.nanoTime());
                        if (feed != old) {
                            channel.remove(old, subscription);
                        }
                        taken.set(true);
                    }
                    return channel;
                });
        if (taken.get()) {
            catchUp(subscription);
        }
        return taken.get();
    }

    void remove(Subscription subscription) {
        channels.computeIfPresent(
                subscription.name(),
                (name, channel) -> {
                    channel.remove(subscription.feed(), subscription);
                    return channel.feeds().isEmpty() ? null : channel;
                });
    }

    @Override
    public void applied(AppliedChanges applied) {
        for (ServiceView view : applied.services()) {
            ServiceChannel channel =
                    channels.get(new ServiceName(view.namespace(), view.service()));
            if (channel != null) {
                channel.offer(view);
            }
        }
    }

    private void queue(ServiceChannel channel) {
        changed.add(channel);
        wake.run();
    }

    void catchUp(Subscription subscription) {
        catchingUp.add(subscription);
        wake.run();
    }

    void sent(Delta delta, int sentBytes) {
        pushes.increment();
        full.add(delta.full() ? 1 : 0);
        merged.add(!delta.full() && delta.rounds() > 1 ? 1 : 0);
        bytes.add(sentBytes);
        budget.spend(sentBytes);
    }

    void waiting() {
        waits.increment();
    }

    /// Does what is due; returns the nanoseconds until it wants to be called again. One thread only.
    public long turn() {
        for (ServiceChannel next = changed.poll(); next != null; next = changed.poll()) {
            gathering.add(next);
        }
        for (Subscription next = catchingUp.poll(); next != null; next = catchingUp.poll()) {
            due.addLast(next);
        }
        long wait = spend();
        if (wait > 0) {
            return wait;
        }
        long now = clock.nanoTime();
        wait = NOTHING_NANOS;
        for (int i = 0; i < gathering.size(); ) {
            ServiceChannel channel = gathering.get(i);
            long pause = channel.pacing().waitNanos(now);
            if (pause > 0) {
                wait = Math.min(wait, pause);
                i++;
                continue;
            }
            gathering.remove(i);
            channel.taken();
            long began = clock.nanoTime();
            for (SelectionFeed feed : channel.feeds()) {
                if (feed.round()) {
                    due.addAll(feed.subscriptions());
                }
            }
            long blocked = spend();
            channel.pacing().pushed(began, clock.nanoTime());
            if (blocked > 0) {
                return blocked;
            }
        }
        return wait;
    }

    /// Tells those who are due as far as the budget goes; returns the nanoseconds until it goes further, 0 if all are told.
    private long spend() {
        while (!due.isEmpty()) {
            long wait = budget.waitNanos(clock.nanoTime());
            if (wait > 0) {
                return wait;
            }
            due.removeFirst().advance();
        }
        return 0;
    }

    /// @param subscriptions of what was asked for
    /// @param behind of them, those that have not been told what there is
    /// @param first those that are behind for longest first, as many as were asked for
    public record Listed(long subscriptions, long behind, List<Subscription> first) {}

    /// Subscriptions of a namespace.
    ///
    /// @param service empty for every service
    /// @param most longer lists are cut
    public Listed subscriptions(String namespace, String service, int most) {
        record Lag(long nanos, Subscription subscription) {}
        Comparator<Lag> order =
                Comparator.comparingLong(Lag::nanos)
                        .reversed()
                        .thenComparing(lag -> lag.subscription().name())
                        .thenComparing(lag -> lag.subscription().who());
        PriorityQueue<Lag> found = new PriorityQueue<>(order.reversed());
        long all = 0;
        long behind = 0;
        for (ServiceChannel channel : channels.values()) {
            if (channel.name().namespace().equals(namespace)
                    && (service.isEmpty() || channel.name().service().equals(service))) {
                for (SelectionFeed feed : channel.feeds()) {
                    for (Subscription subscription : feed.subscriptions()) {
                        all++;
                        behind += subscription.behind() ? 1 : 0;
                        found.add(new Lag(subscription.behindNanos(), subscription));
                        if (found.size() > most) {
                            found.remove();
                        }
                    }
                }
            }
        }
        return new Listed(
                all, behind, found.stream().sorted(order).map(Lag::subscription).toList());
    }

    long nanoTime() {
        return clock.nanoTime();
    }

    /// @param subscriptions present
    /// @param behind of them, those that have not been told what there is
    /// @param lagNanos for how long the one is behind that is so for longest
    /// @param pushes sent since the start, `bytes` their size
    /// @param full of them, those that said everything, `merged` those that covered more than one round
    /// @param waits how often a subscriber was not ready
    public record Totals(
            long subscriptions,
            long behind,
            long lagNanos,
            long pushes,
            long full,
            long merged,
            long bytes,
            long waits) {}

    public Totals totals() {
        long subscriptions = 0;
        long behind = 0;
        long lagNanos = 0;
        for (ServiceChannel channel : channels.values()) {
            for (SelectionFeed feed : channel.feeds()) {
                for (Subscription subscription : feed.subscriptions()) {
                    subscriptions++;
                    behind += subscription.behind() ? 1 : 0;
                    lagNanos = Math.max(lagNanos, subscription.behindNanos());
                }
            }
        }
        return new Totals(
                subscriptions,
                behind,
                lagNanos,
                pushes.sum(),
                full.sum(),
                merged.sum(),
                bytes.sum(),
                waits.sum());
    }
}
