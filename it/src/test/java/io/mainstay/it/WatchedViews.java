package io.mainstay.it;

import io.mainstay.client.Instance;
import io.mainstay.client.MainstayClient;
import io.mainstay.client.ServiceView;
import io.mainstay.client.Subscription;

import org.awaitility.Awaitility;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/// A subscription that keeps what it saw, and whether it ever saw what must not be.
final class WatchedViews {
    private final Subscription subscription;
    private final Queue<Set<String>> seen = new ConcurrentLinkedQueue<>();
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private final AtomicLong last = new AtomicLong();
    private final AtomicBoolean everFull = new AtomicBoolean();

    WatchedViews(MainstayClient client, String service) {
        subscription = client.subscribe(service).onChange(this::check);
    }

    private void check(ServiceView view) {
        if (view.revision() < last.getAndSet(view.revision())) {
            wrong.add("the revision went back to " + view.revision());
        }
        everFull.compareAndSet(false, !view.instances().isEmpty());
        seen.add(ids(view));
    }

    static Set<String> ids(ServiceView view) {
        Set<String> ids = new TreeSet<>();
        view.instances().stream().map(Instance::instanceId).forEach(ids::add);
        return ids;
    }

    ServiceView view() {
        return subscription.view();
    }

    /// Waits until the live view has exactly these.
    void await(Set<String> ids) {
        Awaitility.await("instances " + ids + " of " + subscription.service())
                .atMost(Duration.ofSeconds(60))
                .until(() -> view().live() && ids(view()).equals(ids));
    }

    /// Begins to look anew.
    void forget() {
        seen.clear();
    }

    List<Set<String>> seen() {
        return List.copyOf(seen);
    }

    /// What must not have happened; empty if all was well.
    List<String> wrong() {
        return List.copyOf(wrong);
    }
}
