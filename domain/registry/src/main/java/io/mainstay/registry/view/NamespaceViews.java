package io.mainstay.registry.view;

import io.mainstay.registry.api.InstanceStatus;
import io.mainstay.registry.api.Registry.Subscription;
import io.mainstay.registry.api.RegistryView;
import io.mainstay.registry.api.RegistryView.Change;
import io.mainstay.registry.api.ServiceView;
import io.mainstay.registry.state.AppliedChanges;

import org.jspecify.annotations.Nullable;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// The present view of one namespace. Apply threads of several groups build the next one under a lock; readers take one volatile
/// reference. A publish copies the map of the namespace's services and the lists of the changed ones, nothing else.
final class NamespaceViews {
    private final String namespace;
    private final RecentChanges recent;
    private final CopyOnWriteArrayList<ViewSubscription> subscriptions =
            new CopyOnWriteArrayList<>();
    // Written under the lock of this object.
    private volatile RegistryView present;
    private volatile boolean retired;

    NamespaceViews(String namespace, long windowMs, long firstSequence) {
        this.namespace = namespace;
        this.recent = new RecentChanges(windowMs);
        this.present = RegistryViews.empty(namespace, firstSequence);
    }

    RegistryView present() {
        return present;
    }

    boolean isUsed() {
        RegistryView view = present;
        return !view.services().isEmpty() || !view.recent().isEmpty();
    }

    /// Ends this object if nothing is in the namespace and nobody watches it: what comes later needs a new one. False: it goes on.
    synchronized boolean retire() {
        retired = !isUsed() && subscriptions.isEmpty();
        return retired;
    }

    /// False if this object is retired; then nothing was done.
    boolean apply(List<ServiceView> services, List<AppliedChanges.Entry> changes) {
        if (!publish(services, changes)) {
            return false;
        }
        tell();
        return true;
    }

    /// Forgets changes that left the window; a new view only if there were any.
    void prune(long nowMs) {
        synchronized (this) {
            if (!recent.prune(nowMs)) {
                return;
            }
            RegistryView old = present;
            present =
                    new RegistryView(
                            namespace,
                            old.sequence() + 1,
                            old.services(),
                            old.statusCounts(),
                            recent.view());
        }
        tell();
    }

    /// `null` if this object is retired.
    @Nullable Subscription subscribe(Consumer<RegistryView> listener) {
        ViewSubscription subscription =
                new ViewSubscription(this::present, listener, subscriptions);
        synchronized (this) {
            if (retired) {
                return null;
            }
            subscriptions.add(subscription);
        }
        subscription.changed();
        return subscription;
    }

    private synchronized boolean publish(
            List<ServiceView> changed, List<AppliedChanges.Entry> changes) {
        if (retired) {
            return false;
        }
        RegistryView old = present;
        long sequence = old.sequence() + 1;
        TreeMap<String, ServiceView> services = new TreeMap<>(old.services());
        TreeMap<InstanceStatus, Integer> counts = new TreeMap<>(old.statusCounts());
        for (ServiceView after : changed) {
            ServiceView before =
                    after.instances().isEmpty()
                            ? services.remove(after.service())
                            : services.put(after.service(), after);
            if (before != null) {
                count(counts, before, -1);
            }
            count(counts, after, 1);
        }
        for (AppliedChanges.Entry change : changes) {
            recent.add(new Change(change.kind(), change.instance(), sequence, change.atMs()));
        }
        if (!changes.isEmpty()) {
            recent.prune(changes.getLast().atMs());
        }
        present =
                new RegistryView(
                        namespace,
                        sequence,
                        Collections.unmodifiableSortedMap(services),
                        Collections.unmodifiableSortedMap(counts),
                        recent.view());
        return true;
    }

    private static void count(
            SortedMap<InstanceStatus, Integer> counts, ServiceView service, int sign) {
        service.statusCounts()
                .forEach(
                        (status, count) ->
                                counts.merge(
                                        status,
                                        sign * count,
                                        (sum, more) -> sum + more == 0 ? null : sum + more));
    }

    private void tell() {
        for (ViewSubscription subscription : subscriptions) {
            subscription.changed();
        }
    }
}
