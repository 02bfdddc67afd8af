package io.mainstay.registry.view;

import io.mainstay.registry.api.Registry.Subscription;
import io.mainstay.registry.api.RegistryView;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Collection;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// One reader of a namespace. Whoever publishes while nobody is telling the listener tells it; changes that come meanwhile are merged
/// into one more call with the then present view. So calls never overlap, never go back, and the last view always comes.
final class ViewSubscription implements Subscription {
    private static final Logger LOG = LoggerFactory.getLogger(ViewSubscription.class);

    private final Supplier<RegistryView> present;
    private final Consumer<RegistryView> listener;
    private final Collection<ViewSubscription> home;
    private final AtomicInteger waiting = new AtomicInteger();
    private volatile boolean closed;
    // Touched by the one who raised `waiting` from 0 only.
    private long told = -1;

    ViewSubscription(
            Supplier<RegistryView> present,
            Consumer<RegistryView> listener,
            Collection<ViewSubscription> home) {
        this.present = present;
        this.listener = listener;
        this.home = home;
    }

    void changed() {
        if (waiting.getAndIncrement() != 0) {
            return;
        }
        int merged = 1;
        do {
            tell(present.get());
            merged = waiting.addAndGet(-merged);
        } while (merged != 0);
    }

    private void tell(RegistryView view) {
        if (closed || view.sequence() == told) {
            return;
        }
        told = view.sequence();
        try {
            listener.accept(view);
        } catch (RuntimeException e) {
            LOG.warn(
                    "A subscriber of namespace {} failed; it stays subscribed",
                    view.namespace(),
                    e);
        }
    }

    @Override
    public void close() {
        closed = true;
        home.remove(this);
    }
}
