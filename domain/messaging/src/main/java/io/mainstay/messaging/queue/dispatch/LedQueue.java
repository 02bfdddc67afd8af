package io.mainstay.messaging.queue.dispatch;

import io.mainstay.messaging.api.QueueSession.ConsumerSpec;
import io.mainstay.messaging.api.QueueSession.CountOutcome;
import io.mainstay.messaging.api.QueueSession.GetOutcome;
import io.mainstay.messaging.api.QueueSession.Settlement;
import io.mainstay.messaging.api.QueueStats;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.api.TopologyOutcome;
import io.mainstay.messaging.queue.state.QueueState;
import io.mainstay.messaging.queue.state.Refused;

import org.jspecify.annotations.Nullable;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/// One queue at its leader, as its [Dispatcher] and the sessions know it: a [LeaderQueue], whose messages go to one consumer each and are gone when they are
/// settled, or a [StreamQueue], whose messages stay for everybody. Apply thread only.
abstract class LedQueue {

    final Dispatcher dispatcher;
    QueueView view;
    long wakeAtMs = Long.MAX_VALUE;

    /// What is settled and not in the log yet; always empty for a stream.
    final Settles settles = new Settles();

    /// Sessions that have, or had, consumers or messages in hand here.
    private final Set<Outlet> sessions = new HashSet<>();

    private long duplicatesBefore;

    LedQueue(Dispatcher dispatcher, QueueView view) {
        this.dispatcher = dispatcher;
        this.view = view;
    }

    static LedQueue of(Dispatcher dispatcher, QueueView view) {
        return view.type() == QueueView.Type.STREAM
                ? new StreamQueue(dispatcher, view)
                : new LeaderQueue(dispatcher, view);
    }

    /// What it holds is known from now on, all of it since this node leads it.
    abstract void opened(QueueState opened);

    /// What it holds was there before this node led it: none of it counts in [#stats].
    void takenOver(QueueState held) {
        duplicatesBefore = held.duplicates();
        opened(held);
    }

    /// The log went on.
    abstract void applied();

    /// The queue is full and did not take a message.
    abstract void refused(Refused message);

    /// Gives away what can be given; returns whether there is more to do at once.
    abstract boolean deliver();

    /// The time has come for which it asked with [Dispatcher#wake].
    abstract void woken();

    /// Somebody asked something of it.
    abstract void used();

    /// Why there can be no such consumer now; `null` if there can.
    abstract TopologyOutcome.@Nullable Refused refusal(ConsumerSpec consumer);

    abstract void add(Consuming consumer);

    /// Ends the subscription; what it has in hand stays there.
    ///
    /// @param gone runs, on any thread, when a queue that goes with its last consumer is gone
    /// @return whether there is nothing to wait for: then `gone` does not run
    abstract boolean remove(Consuming consumer, Runnable gone);

    /// The consumer's window has room again.
    abstract void windowOpened(Consuming consumer);

    abstract void get(Getting getting, boolean autoAck, Consumer<GetOutcome> done);

    /// Settles what the holder has in hand of these.
    abstract void settle(Holder holder, long first, long last, Settlement settlement);

    /// Settles what a session has in hand, whoever of it holds it.
    abstract void settle(Outlet outlet, long sequence, Settlement settlement);

    /// Whether an acknowledgement must be in the log. If it need not, a transaction [settles][#settle(Outlet, long, Settlement)] when it is committed.
    abstract boolean logsAcks();

    /// What the session has in hand of this queue is taken from it, to be settled by its transaction; false if it has it not.
    abstract boolean takeInHand(Outlet outlet, long sequence);

    /// The transaction that took it failed: as if it had not been.
    abstract void giveInHandBack(long sequence);

    /// What it would give next, and takes nothing.
    ///
    /// @param maxBytes of bodies, about
    abstract List<Peek.Upcoming> peek(int max, long maxBytes);

    /// Takes everything that is ready and tells how much that was.
    abstract CountOutcome purge();

    /// Its settings may be others now.
    void changed() {
        used();
    }

    /// Why it may not be deleted on these conditions; empty if it may.
    abstract String objection(boolean ifUnused, boolean ifEmpty);

    /// The session is gone: its consumers end and what it has in hand comes back.
    ///
    /// @param left told of what takes longer: the deletion of a queue that loses its last consumer
    abstract void close(Outlet outlet, Countdown left);

    /// The queue is gone, or nobody leads it. Ends with [#forgetSessions].
    abstract void end(TopologyOutcome.Refused why);

    /// The session hears of the queue's end, and the queue of the session's.
    void know(Outlet session) {
        sessions.add(session);
        session.queues.add(this);
    }

    /// The session is gone.
    void forget(Outlet session) {
        sessions.remove(session);
    }

    /// Sessions may live much longer than queues.
    void forgetSessions() {
        sessions.forEach(session -> session.queues.remove(this));
        sessions.clear();
    }

    abstract QueueStats stats();

    /// What it had already and did not take again, since this node leads it.
    long duplicates(QueueState held) {
        return held.duplicates() - duplicatesBefore;
    }

    String shown() {
        return "queue '%s' in vhost '%s'".formatted(view.name(), view.vhost());
    }
}
