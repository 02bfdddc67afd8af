package io.mainstay.messaging.queue.dispatch;

/// Who has messages in hand. Apply thread only.
abstract class Holder {

    final Outlet outlet;
    long inHand;

    Holder(Outlet outlet) {
        this.outlet = outlet;
    }

    /// Hears that a delivery has waited too long for its settlement. It stays in hand: whoever hears of it gives it back.
    abstract void timedOut(long sequence, long timeoutMs);

    /// Whether it can mean this delivery when it settles a range: one that is still on its way to it, it does not.
    boolean knows(long sequence) {
        return true;
    }
}
