package io.mainstay.messaging.service;

import io.mainstay.messaging.api.Clients;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// [Clients] of this process.
final class ConnectedClients implements Clients {

    private final Map<String, ClientConnection> byId = new LinkedHashMap<>();

    @Override
    public synchronized void opened(ClientConnection connection) {
        byId.put(connection.id(), connection);
    }

    @Override
    public synchronized void closed(ClientConnection connection) {
        byId.remove(connection.id(), connection);
    }

    @Override
    public synchronized Collection<ClientConnection> connections() {
        return List.copyOf(byId.values());
    }
}
