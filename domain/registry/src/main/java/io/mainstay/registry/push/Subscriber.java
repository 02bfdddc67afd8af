package io.mainstay.registry.push;

/// Who is told: a subscription of a head's connection. Called by the push thread, or by whoever calls [Subscription#ready()], never by two
/// at a time; must not block.
public interface Subscriber {

    /// Whether more can be sent now. If not, the subscriber calls [Subscription#ready()] later and is then told once from where it was.
    boolean ready();

    /// Sends it; returns the bytes that it takes on the wire.
    int push(Delta delta);
}
