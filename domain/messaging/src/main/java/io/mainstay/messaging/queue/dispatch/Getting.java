package io.mainstay.messaging.queue.dispatch;

/// The messages that a session took one by one from a queue. Apply thread only.
final class Getting extends Holder {

    Getting(Outlet outlet) {
        super(outlet);
    }

    @Override
    void timedOut(long sequence, long timeoutMs) {
        // Taken one by one, by nobody's subscription: it stays in hand until its channel ends.
    }
}
