package io.mainstay.messaging.queue.dispatch;

/// The messages that a session took one by one from a queue. Apply thread only.
final class Getting extends Holder {

    Getting(Outlet outlet) {
        super(outlet);
    }

    @Override
    void timedOut(long sequence) {
        // Nobody waits for what was taken by hand; it is simply back.
    }
}
