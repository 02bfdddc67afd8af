package io.mainstay.messaging.service;

import io.mainstay.messaging.api.Clients;
import io.mainstay.messaging.api.TopologyView;
import io.mainstay.messaging.api.VhostView;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/// [Clients] of this process. Closes those whose virtual host is deleted, also if there is another one of its name.
final class ConnectedClients implements Clients {

    /// No virtual host has this incarnation.
    private static final long GONE = -1;

    private final Supplier<TopologyView> topology;
    private final Map<String, Opened> byId = new LinkedHashMap<>();

    /// How many connections each virtual host has: few of them, however many connections there are.
    private final Map<Home, Integer> byHome = new HashMap<>();

    private record Home(String vhost, long incarnation) {
        boolean isIn(TopologyView view) {
            return incarnation == ConnectedClients.incarnation(view, vhost);
        }
    }

    private record Opened(ClientConnection connection, Home home) {
        void vhostDeleted() {
            connection.close("vhost '%s' is deleted".formatted(home.vhost));
        }
    }

    /// @param topology the present one
    ConnectedClients(Supplier<TopologyView> topology) {
        this.topology = topology;
    }

    private static long incarnation(TopologyView view, String vhost) {
        VhostView present = view.vhost(vhost);
        return present == null ? GONE : present.incarnation();
    }

    /// A view is another one than before. On the apply thread of `meta`.
    synchronized void topologyChanged(TopologyView view) {
        if (!byHome.keySet().stream().allMatch(home -> home.isIn(view))) {
            for (Opened opened : byId.values()) {
                if (!opened.home.isIn(view)) {
                    opened.vhostDeleted();
                }
            }
        }
    }

    @Override
    public synchronized void opened(ClientConnection connection) {
        String vhost = connection.info().vhost();
        Home home = new Home(vhost, incarnation(topology.get(), vhost));
        Opened opened = new Opened(connection, home);
        byId.put(connection.id(), opened);
        byHome.merge(home, 1, Integer::sum);
        if (home.incarnation == GONE) {
            opened.vhostDeleted();
        }
    }

    @Override
    public synchronized void closed(ClientConnection connection) {
        Opened opened = byId.get(connection.id());
        if (opened != null && opened.connection == connection) {
            byId.remove(connection.id());
            byHome.computeIfPresent(opened.home, (home, n) -> n == 1 ? null : n - 1);
        }
    }

    @Override
    public synchronized @Nullable ClientConnection connection(String id) {
        Opened opened = byId.get(id);
        return opened == null ? null : opened.connection;
    }

    @Override
    public synchronized Collection<ClientConnection> connections() {
        return byId.values().stream().map(Opened::connection).toList();
    }
}
