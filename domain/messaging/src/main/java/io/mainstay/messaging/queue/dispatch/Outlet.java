package io.mainstay.messaging.queue.dispatch;

import io.mainstay.messaging.api.DeliveryListener;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/// What goes to one session in a round of a dispatcher: handed to its event loop in one piece. Apply thread only.
public final class Outlet {

    private final Executor executor;
    private List<Runnable> events = new ArrayList<>();
    private Set<DeliveryListener> listeners = new LinkedHashSet<>();
    private volatile boolean ended;

    /// Queues of the dispatcher where the session has consumers or messages in hand.
    final Set<LedQueue> queues = new LinkedHashSet<>();

    public Outlet(Executor executor) {
        this.executor = executor;
    }

    void add(Runnable event) {
        events.add(event);
    }

    void deliver(DeliveryListener listener, Runnable event) {
        events.add(event);
        listeners.add(listener);
    }

    /// The session was closed while nobody led the group: what it asked before is not done any more.
    void end() {
        ended = true;
    }

    boolean ended() {
        return ended;
    }

    boolean isEmpty() {
        return events.isEmpty();
    }

    void flush() {
        if (events.isEmpty()) {
            return;
        }
        List<Runnable> sent = events;
        Set<DeliveryListener> told = listeners;
        events = new ArrayList<>();
        listeners = new LinkedHashSet<>();
        tell(
                () -> {
                    sent.forEach(Runnable::run);
                    told.forEach(DeliveryListener::deliveredAll);
                });
    }

    /// Hands one event to the session's event loop, beside what goes with [#flush]. Any thread.
    void tell(Runnable event) {
        try {
            executor.execute(event);
        } catch (RejectedExecutionException e) {
            // The event loop has ended, and its connections with it; their close comes or came.
        }
    }
}
