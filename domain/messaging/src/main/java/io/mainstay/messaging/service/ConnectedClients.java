package io.mainstay.messaging.service;

import io.mainstay.messaging.api.Clients;
import io.mainstay.messaging.api.TopologyView;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// [Clients] of this process. Closes those whose virtual host is deleted.
final class ConnectedClients implements Clients {

    private final Map<String, ClientConnection> byId = new LinkedHashMap<>();

    /// How many connections each virtual host has: few names, however many connections there are.
    private final Map<String, Integer> byVhost = new HashMap<>();

    /// A view is another one than before. On the apply thread of `meta`.
    synchronized void topologyChanged(TopologyView view) {
        for (String vhost : byVhost.keySet()) {
            if (view.vhost(vhost) == null) {
                closeAll(vhost);
            }
        }
    }

    private void closeAll(String vhost) {
        for (ClientConnection connection : byId.values()) {
            if (connection.info().vhost().equals(vhost)) {
                connection.close("vhost '%s' is deleted".formatted(vhost));
            }
        }
    }

    @Override
    public synchronized void opened(ClientConnection connection) {
        byId.put(connection.id(), connection);
        byVhost.merge(connection.info().vhost(), 1, Integer::sum);
    }

    @Override
    public synchronized void closed(ClientConnection connection) {
        if (byId.remove(connection.id(), connection)) {
            byVhost.computeIfPresent(
                    connection.info().vhost(), (vhost, n) -> n == 1 ? null : n - 1);
        }
    }

    @Override
    public synchronized Collection<ClientConnection> connections() {
        return List.copyOf(byId.values());
    }
}
