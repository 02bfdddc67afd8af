package io.mainstay.registry.push;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/// A service that somebody subscribes to.
///
/// @param subscriptions of any thread
/// @param pacing of the push thread
/// @param queued it waits for the push thread
record ServiceChannel(
        ServiceFeed feed, Set<Subscription> subscriptions, Pacing pacing, AtomicBoolean queued) {

    ServiceChannel(ServiceFeed feed) {
        this(feed, ConcurrentHashMap.newKeySet(), new Pacing(), new AtomicBoolean());
    }
}
