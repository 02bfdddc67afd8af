package io.mainstay.messaging.queue.dispatch;

/// Who has messages in hand. Apply thread only.
abstract class Holder {

    final Outlet outlet;
    long inHand;

    Holder(Outlet outlet) {
        this.outlet = outlet;
    }

    /// A consumer learns that a delivery was taken from it.
    abstract void timedOut(long sequence);
}
