package io.mainstay.client.internal;

import io.mainstay.client.Instance;
import io.mainstay.client.Selector;
import io.mainstay.client.ServiceView;
import io.mainstay.client.ServiceView.Freshness;
import io.mainstay.client.Subscription;
import io.mainstay.registry.v1.ClientFrame;
import io.mainstay.registry.v1.Subscribe;
import io.mainstay.registry.v1.Unsubscribe;
import io.mainstay.registry.v1.Update;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/// The services that this process is told of.
///
/// The node knows one subscription for each service. If all subscribers of a service here agree on a selector, the node selects; if they
/// do not, it tells everything and each gets its part here.
final class Subscriptions {
    private static final Logger LOG = LoggerFactory.getLogger(Subscriptions.class);

    /// What a node takes on one stream; it ends the stream at one more.
    static final int MAX_SERVICES = 1_000;

    /// A node ends the stream, and with it what is registered, at a longer one.
    private static final int MAX_NAME_CHARS = 256;

    private final Loop loop;
    private final Consumer<ClientFrame> sender;
    private final ViewCache cache;
    private final Callbacks callbacks;

    /// Read by any thread, changed on the loop.
    private final Map<String, WatchedService> services = new ConcurrentHashMap<>();

    /// Unsubscribed from on this stream: updates of them may still be under way.
    private final Set<String> left = new HashSet<>();

    private boolean connected;
    private String clusterId = "";

    Subscriptions(Loop loop, Consumer<ClientFrame> sender, ViewCache cache, Callbacks callbacks) {
        this.loop = loop;
        this.sender = sender;
        this.cache = cache;
        this.callbacks = callbacks;
    }

    /// Any thread.
    Subscription subscribe(String name, Selector selector) {
        if (name.isBlank() || Wire.service(name).length() > MAX_NAME_CHARS) {
            throw new IllegalArgumentException(
                    "A service has a name of 1 to %d characters.".formatted(MAX_NAME_CHARS));
        }
        Watch watch = new Watch(this, name.toLowerCase(Locale.ROOT), selector, callbacks);
        loop.execute(() -> add(watch));
        return watch;
    }

    private void add(Watch watch) {
        if (watch.closed()) {
            return;
        }
        if (services.size() >= MAX_SERVICES && !services.containsKey(watch.service())) {
            LOG.error(
                    "Nothing will be known of {}: this process is told of {} services, the most there may be; close subscriptions",
                    watch.service(),
                    MAX_SERVICES);
            return;
        }
        WatchedService service =
                services.computeIfAbsent(
                        watch.service(),
                        name -> {
                            WatchedService made = new WatchedService(name, watch.selector());
                            cache.load(name, watch.selector()).ifPresent(made::restore);
                            if (left.contains(name)) {
                                made.mix();
                            }
                            return made;
                        });
        service.watches.add(watch);
        if (service.watches.size() == 1 || service.widen(watch.selector())) {
            ask(service);
        }
        service.offer(watch);
    }

    void remove(Watch watch) {
        loop.execute(
                () -> {
                    WatchedService service = services.get(watch.service());
                    if (service != null
                            && service.watches.remove(watch)
                            && service.watches.isEmpty()) {
                        services.remove(watch.service());
                        if (!connected) {
                            return;
                        }
                        left.add(watch.service());
                        sender.accept(
                                ClientFrame.newBuilder()
                                        .setUnsubscribe(
                                                Unsubscribe.newBuilder()
                                                        .setService(Wire.service(watch.service())))
                                        .build());
                    }
                });
    }

    private void ask(WatchedService service) {
        if (!connected) {
            return;
        }
        Subscribe.Builder subscribe =
                Subscribe.newBuilder()
                        .setService(Wire.service(service.name))
                        .setKnownRevision(service.resumableRevision(clusterId));
        if (!service.selector.equals(Selector.ALL)) {
            subscribe.setSelector(Wire.selector(service.selector));
        }
        sender.accept(ClientFrame.newBuilder().setSubscribe(subscribe).build());
    }

    void connected(String cluster) {
        connected = true;
        clusterId = cluster;
        left.clear();
        for (WatchedService service : services.values()) {
            service.beginStream();
            ask(service);
        }
    }

    /// The cluster whose revisions are known; empty: none.
    String clusterId() {
        return clusterId;
    }

    /// What is known may not hold any more.
    void stale() {
        for (WatchedService service : services.values()) {
            if (service.freshness(Freshness.STALE)) {
                service.tell();
            }
        }
    }

    void disconnected() {
        connected = false;
        stale();
    }

    /// The node has told everything up to now.
    void confirmed() {
        long now = loop.wallMs();
        for (WatchedService service : services.values()) {
            if (service.toldBy(clusterId) && service.freshness(Freshness.LIVE)) {
                service.asOfMs = now;
                service.tell();
            }
        }
    }

    /// @return false if the update does not fit what is known: the stream is of no use any more
    boolean update(Update update) {
        WatchedService service = services.get(update.getService().toLowerCase(Locale.ROOT));
        if (service == null) {
            return true;
        }
        switch (service.apply(update, clusterId)) {
            case TAKEN -> {}
            case PASSED_OVER -> {
                return true;
            }
            case MISFIT -> {
                LOG.warn(
                        "The node's update of {} leads from revision {}, this client has {}; it connects anew",
                        service.name,
                        update.getFromRevision(),
                        service.revision);
                service.forget();
                return false;
            }
        }
        service.asOfMs = loop.wallMs();
        service.freshness(Freshness.LIVE);
        service.tell();
        cache.save(service.name, service.selector, service.snapshot());
        return true;
    }

    /// Views of everything that is subscribed to. Any thread.
    List<ServiceView> views() {
        return services.values().stream().map(WatchedService::view).toList();
    }

    /// What came of an update.
    private enum Applied {
        TAKEN,
        /// Of another selection, or older than what is known: it says nothing of how things are now.
        PASSED_OVER,
        MISFIT
    }

    /// One service, as the node tells it.
    static final class WatchedService {
        private final String name;
        private final List<Watch> watches = new java.util.ArrayList<>();
        private Selector selector;
        private final Map<String, io.mainstay.registry.v1.Instance> told =
                new java.util.TreeMap<>();
        private final Map<String, Instance> instances = new HashMap<>();
        private String cluster = "";

        /// The selector was changed on this stream. A full update may be the old selection's, so nothing that it says is built upon later.
        private boolean mixed;

        /// What is known was selected by this one, and more is wanted by now; `null`: it is all that is wanted.
        private @Nullable Selector narrow;

        private long revision;
        private Freshness freshness = Freshness.UNKNOWN;
        private long asOfMs;
        private boolean listed = true;
        private volatile ServiceView view;

        WatchedService(String name, Selector selector) {
            this.name = name;
            this.selector = selector;
            view = new ServiceView(name, 0, List.of(), Freshness.UNKNOWN, 0);
        }

        /// @return whether the node has to be asked for more than it tells now
        boolean widen(Selector other) {
            if (selector.equals(other) || selector.equals(Selector.ALL)) {
                return false;
            }
            narrow = narrow == null ? selector : narrow;
            selector = Selector.ALL;
            mix();
            return true;
        }

        void mix() {
            cluster = "";
            mixed = true;
        }

        void beginStream() {
            if (mixed) {
                mixed = false;
                cluster = "";
            }
        }

        void restore(ViewCache.Snapshot saved) {
            cluster = saved.clusterId();
            put(saved.update());
            revision = saved.update().getToRevision();
            asOfMs = saved.savedAtMs();
            freshness = Freshness.STALE;
            publish();
        }

        ViewCache.Snapshot snapshot() {
            return new ViewCache.Snapshot(
                    mixed ? "" : cluster,
                    asOfMs,
                    Update.newBuilder()
                            .setService(Wire.service(name))
                            .setToRevision(revision)
                            .setFull(true)
                            .addAllPut(told.values())
                            .build());
        }

        long resumableRevision(String ofCluster) {
            return !mixed && cluster.equals(ofCluster) ? revision : 0;
        }

        boolean toldBy(String ofCluster) {
            return cluster.equals(ofCluster);
        }

        void forget() {
            cluster = "";
        }

        Applied apply(Update update, String ofCluster) {
            boolean same = cluster.equals(ofCluster);
            if (same && update.getToRevision() < revision) {
                // An update that was under way when the subscription changed; a newer one is known.
                return Applied.PASSED_OVER;
            }
            if (update.getFull()) {
                narrow = null;
                told.clear();
                instances.clear();
                cluster = ofCluster;
            } else if (!same || update.getFromRevision() != revision) {
                // Of the old selection; the new one begins with a full update.
                return mixed ? Applied.PASSED_OVER : Applied.MISFIT;
            }
            put(update);
            for (String gone : update.getRemovedList()) {
                told.remove(gone);
                instances.remove(gone);
            }
            listed |= update.getFull() || update.getPutCount() + update.getRemovedCount() > 0;
            revision = update.getToRevision();
            return Applied.TAKEN;
        }

        private void put(Update update) {
            for (io.mainstay.registry.v1.Instance one : update.getPutList()) {
                String id = one.getInstanceId();
                try {
                    instances.put(id, Wire.instance(one));
                    told.put(id, one);
                } catch (IllegalArgumentException e) {
                    // One that nobody can call is no reason to lose the others.
                    LOG.warn("The instance {}/{} is left out: {}", name, id, e.getMessage());
                    instances.remove(id);
                    told.remove(id);
                }
            }
        }

        boolean freshness(Freshness now) {
            if (freshness == now || freshness == Freshness.UNKNOWN && now == Freshness.STALE) {
                return false;
            }
            freshness = now;
            return true;
        }

        private void publish() {
            List<Instance> list =
                    listed || view.instances().size() != told.size()
                            ? told.keySet().stream()
                                    .map(id -> java.util.Objects.requireNonNull(instances.get(id)))
                                    .toList()
                            : view.instances();
            listed = false;
            view = new ServiceView(name, revision, list, freshness, asOfMs);
        }

        void tell() {
            publish();
            watches.forEach(this::offer);
        }

        /// Says nothing to who wants more than is known yet.
        void offer(Watch watch) {
            if (narrow == null || narrow.equals(watch.selector())) {
                watch.offer(view);
            }
        }

        ServiceView view() {
            return view;
        }
    }
}
