package io.mainstay.client.internal;

import io.mainstay.client.Selector;
import io.mainstay.client.ServiceView;
import io.mainstay.client.ServiceView.Freshness;
import io.mainstay.client.Subscription;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// One subscriber of a service in this process.
final class Watch implements Subscription {

    private final Subscriptions home;
    private final String service;
    private final Selector selector;
    private final Callbacks callbacks;
    private final List<Told> listeners = new CopyOnWriteArrayList<>();
    private final CountDownLatch known = new CountDownLatch(1);
    private volatile ServiceView view;
    private volatile boolean closed;

    Watch(Subscriptions home, String service, Selector selector, Callbacks callbacks) {
        this.home = home;
        this.service = service;
        this.selector = selector;
        this.callbacks = callbacks;
        view = new ServiceView(service, 0, List.of(), Freshness.UNKNOWN, 0);
    }

    /// On the loop.
    void offer(ServiceView whole) {
        view =
                selector.equals(Selector.ALL)
                        ? whole
                        : new ServiceView(
                                service,
                                whole.revision(),
                                whole.instances().stream().filter(selector::selects).toList(),
                                whole.freshness(),
                                whole.asOfMs());
        if (view.known()) {
            known.countDown();
            listeners.forEach(Told::tell);
        }
    }

    Selector selector() {
        return selector;
    }

    boolean closed() {
        return closed;
    }

    @Override
    public String service() {
        return service;
    }

    @Override
    public ServiceView view() {
        return view;
    }

    @Override
    public ServiceView awaitKnown(Duration atMost) throws InterruptedException {
        // Whether it came in time shows in the view.
        boolean came = known.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
        return came ? view : view();
    }

    @Override
    public Subscription onChange(Consumer<ServiceView> listener) {
        Told told = new Told(listener);
        listeners.add(told);
        if (view.known()) {
            told.tell();
        }
        return this;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            listeners.clear();
            home.remove(this);
        }
    }

    /// A listener, and whether it is about to be told: what comes meanwhile is told with it.
    private final class Told {
        private final Consumer<ServiceView> listener;
        private final AtomicBoolean due = new AtomicBoolean();

        Told(Consumer<ServiceView> listener) {
            this.listener = listener;
        }

        void tell() {
            if (!due.getAndSet(true)) {
                callbacks.run(
                        () -> {
                            due.set(false);
                            if (!closed) {
                                listener.accept(view);
                            }
                        });
            }
        }
    }
}
