package io.mainstay.bench.changes;

import org.apache.curator.RetryPolicy;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.state.ConnectionState;
import org.apache.curator.retry.RetryOneTime;
import org.apache.curator.x.discovery.ServiceCache;
import org.apache.curator.x.discovery.ServiceDiscovery;
import org.apache.curator.x.discovery.ServiceDiscoveryBuilder;
import org.apache.curator.x.discovery.ServiceInstance;
import org.apache.curator.x.discovery.details.JsonInstanceSerializer;
import org.apache.curator.x.discovery.details.ServiceCacheListener;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// ZooKeeper as its users have it: instances are ephemeral znodes of curator-x-discovery, each with a session of its own if it is to be
/// killed; subscribers are its `ServiceCache`, or, where a thousand of them do not fit into one process, [RawWatcher].
public final class ZooKeeperDiscovery implements Discovery {

    private static final int PRESENT_INSTANCES = 20;
    private static final int LONG_SESSION_MS = 60_000;
    private static final int CONNECT_MS = 30_000;
    private static final String BASE = "/services";
    private static final RetryPolicy RETRY = new RetryOneTime(100);

    private final int port;
    private final String service;
    private final int subscribers;
    private final int sessionMs;
    private final CuratorFramework owner;
    private final ServiceDiscovery<Void> discovery;
    private final Map<String, ServiceInstance<Void>> registered = new HashMap<>();
    private final Map<String, ZooKeeperMortal> mortals = new HashMap<>();
    private final List<AutoCloseable> watchers = new ArrayList<>();
    private volatile @Nullable Sighting sighting;

    /// @param sessionMs timeout of the sessions that are killed
    /// @param raw subscribers are [RawWatcher]
    public ZooKeeperDiscovery(int port, String service, int subscribers, int sessionMs, boolean raw)
            throws Exception {
        this.port = port;
        this.service = service;
        this.subscribers = subscribers;
        this.sessionMs = sessionMs;
        owner = curator(LONG_SESSION_MS);
        discovery = discovery(owner);
        for (int i = 0; i < PRESENT_INSTANCES; i++) {
            discovery.registerService(instance("present-" + i));
        }
        for (int i = 0; i < subscribers; i++) {
            int number = i;
            watchers.add(
                    raw
                            ? new RawWatcher(port, BASE + "/" + service, this::report, number)
                            : cached(number));
        }
    }

    private CuratorFramework curator(int timeoutMs) throws Exception {
        CuratorFramework curator =
                CuratorFrameworkFactory.newClient(
                        "127.0.0.1:" + port, timeoutMs, CONNECT_MS, RETRY);
        curator.start();
        if (!curator.blockUntilConnected(60, TimeUnit.SECONDS)) {
            throw new IOException("no connection to ZooKeeper in 60 s");
        }
        return curator;
    }

    private static ServiceDiscovery<Void> discovery(CuratorFramework curator) throws Exception {
        ServiceDiscovery<Void> discovery =
                ServiceDiscoveryBuilder.builder(Void.class).client(curator).basePath(BASE).build();
        discovery.start();
        return discovery;
    }

    private ServiceInstance<Void> instance(String id) throws Exception {
        return ServiceInstance.<Void>builder()
                .name(service)
                .id(id)
                .address("127.0.0.1")
                .port(8080)
                .build();
    }

    /// As an application does it: a client, a discovery, a cache that listens.
    private AutoCloseable cached(int number) throws Exception {
        CuratorFramework curator = curator(LONG_SESSION_MS);
        ServiceCache<Void> cache = discovery(curator).serviceCacheBuilder().name(service).build();
        Set<String> known = new HashSet<>();
        cache.addListener(
                new ServiceCacheListener() {
                    @Override
                    public void cacheChanged() {
                        Set<String> now = new HashSet<>();
                        cache.getInstances().forEach(one -> now.add(one.getId()));
                        synchronized (known) {
                            now.stream()
                                    .filter(id -> !known.contains(id))
                                    .forEach(id -> report(number, id, true));
                            known.stream()
                                    .filter(id -> !now.contains(id))
                                    .forEach(id -> report(number, id, false));
                            known.clear();
                            known.addAll(now);
                        }
                    }

                    @Override
                    public void stateChanged(CuratorFramework client, ConnectionState state) {}
                });
        cache.start();
        return curator;
    }

    private void report(int number, String id, boolean there) {
        Sighting watched = sighting;
        if (watched != null) {
            watched.report(number, id, there);
        }
    }

    @Override
    public void watch(Sighting next) {
        sighting = next;
    }

    @Override
    public int subscribers() {
        return subscribers;
    }

    @Override
    public long register(String id) throws Exception {
        ServiceInstance<Void> instance = instance(id);
        registered.put(id, instance);
        long began = System.nanoTime();
        discovery.registerService(instance);
        return began;
    }

    @Override
    public long cancel(String id) throws Exception {
        ServiceInstance<Void> instance = registered.remove(id);
        long began = System.nanoTime();
        if (instance != null) {
            discovery.unregisterService(instance);
        }
        return began;
    }

    @Override
    public void registerMortal(String id) throws Exception {
        mortals.put(
                id,
                new ZooKeeperMortal(
                        port,
                        BASE + "/" + service + "/" + id,
                        new JsonInstanceSerializer<>(Void.class).serialize(instance(id)),
                        sessionMs));
    }

    /// The session stays until its timeout: the end of a connection means nothing to ZooKeeper.
    @Override
    public long kill(String id) throws Exception {
        ZooKeeperMortal mortal = mortals.remove(id);
        long began = System.nanoTime();
        if (mortal != null) {
            mortal.close();
        }
        return began;
    }

    @Override
    public long registerSilent(String id) throws Exception {
        registerMortal(id);
        ZooKeeperMortal mortal = mortals.get(id);
        return (mortal == null ? System.nanoTime() : mortal.lastWord())
                + TimeUnit.MILLISECONDS.toNanos(sessionMs);
    }

    @Override
    public boolean knows(Change change) {
        return true;
    }

    @Override
    public void close() throws Exception {
        for (AutoCloseable watcher : watchers) {
            watcher.close();
        }
        for (ZooKeeperMortal mortal : mortals.values()) {
            mortal.close();
        }
        discovery.close();
        owner.close();
    }
}
