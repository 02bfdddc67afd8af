package io.mainstay.registry.push;

import io.mainstay.platform.Clock;
import io.mainstay.registry.api.ServiceView;
import io.mainstay.registry.state.AppliedChanges;
import io.mainstay.registry.state.ServiceName;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/// Tells subscribers of services what changed. It owns no thread: [#turn] does what is due and says how long there is nothing to do;
/// `wake` is called when there is.
///
/// The first change of a service after a quiet time leaves at once, the next ones are gathered ([Pacing]); all subscribers that are at one
/// revision share one [Delta]; who is slow is told once when it is ready, from where it was; all together send no more than a bound
/// allows ([Budget]). A subscriber's revision never goes back.
public final class PushEngine implements AppliedChanges.Sink {

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
    /// @param revision that the subscriber has, of this cluster; 0 if none
    /// @param who for people
    public Subscription subscribe(
            String namespace, String service, long revision, String who, Subscriber subscriber) {
        ServiceName name = new ServiceName(namespace, service);
        while (true) {
            ServiceChannel channel =
                    channels.computeIfAbsent(
                            name,
                            absent ->
                                    new ServiceChannel(
                                            new ServiceFeed(absent, present.apply(absent))));
            Subscription subscription =
                    new Subscription(this, channel, subscriber, who, Math.max(0, revision));
            channel.subscriptions().add(subscription);
            if (channels.get(name) == channel) {
                // What was applied before the channel could be seen is seen now.
                channel.feed().offer(present.apply(name));
                catchUp(subscription);
                return subscription;
            }
            // The last subscriber has just left and took the channel along.
        }
    }

    void remove(ServiceChannel channel, Subscription subscription) {
        channel.subscriptions().remove(subscription);
        channels.computeIfPresent(
                channel.feed().name(),
                (name, held) -> held == channel && held.subscriptions().isEmpty() ? null : held);
    }

    @Override
    public void applied(AppliedChanges applied) {
        boolean any = false;
        for (ServiceView view : applied.services()) {
            ServiceChannel channel =
                    channels.get(new ServiceName(view.namespace(), view.service()));
            if (channel != null && channel.feed().offer(view)) {
                any = true;
                if (!channel.queued().getAndSet(true)) {
                    changed.add(channel);
                }
            }
        }
        if (any) {
            wake.run();
        }
    }

    void catchUp(Subscription subscription) {
        catchingUp.add(subscription);
        wake.run();
    }

    void sent(int sentBytes) {
        pushes.increment();
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
            // From here on a change queues the channel again.
            channel.queued().set(false);
            due.addAll(channel.subscriptions());
            long began = clock.nanoTime();
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

    /// Every subscription of a service, in no order.
    public List<Subscription> subscriptions(String namespace, String service) {
        ServiceChannel channel = channels.get(new ServiceName(namespace, service));
        return channel == null ? List.of() : List.copyOf(channel.subscriptions());
    }

    /// @param subscriptions present
    /// @param behind of them, those that cannot take what there is
    /// @param pushes deltas sent since the start, `bytes` their size
    /// @param waits how often a subscriber was not ready
    public record Totals(long subscriptions, long behind, long pushes, long bytes, long waits) {}

    public Totals totals() {
        long subscriptions = 0;
        long behind = 0;
        for (ServiceChannel channel : channels.values()) {
            for (Subscription subscription : channel.subscriptions()) {
                subscriptions++;
                behind += subscription.behind() ? 1 : 0;
            }
        }
        return new Totals(subscriptions, behind, pushes.sum(), bytes.sum(), waits.sum());
    }
}
