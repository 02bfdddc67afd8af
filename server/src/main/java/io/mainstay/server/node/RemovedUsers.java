package io.mainstay.server.node;

import io.mainstay.access.api.Access;
import io.mainstay.access.api.User;
import io.mainstay.messaging.api.Clients;
import io.mainstay.messaging.api.Clients.ClientConnection;

import java.util.Map;
import java.util.stream.Collectors;

/// Closes the connections of users that are removed, in RabbitMQ's words: messaging knows who is connected, and not who is a user. With the first user
/// of a node whoever came in without being one goes too. A changed password closes nothing, as at RabbitMQ.
final class RemovedUsers {

    private final Access access;
    private final Clients clients;

    /// When each one was made: a later one of that name is somebody else. Apply thread only.
    private Map<String, Long> known;

    private RemovedUsers(Access access, Clients clients) {
        this.access = access;
        this.clients = clients;
        this.known = present();
    }

    /// Before clients are let in.
    static void watch(Access access, Clients clients) {
        access.onChange(new RemovedUsers(access, clients)::changed);
    }

    private Map<String, Long> present() {
        return access.users().stream().collect(Collectors.toMap(User::name, User::createdMs));
    }

    private void changed() {
        Map<String, Long> before = known;
        known = present();
        if (known.isEmpty()
                || known.entrySet().containsAll(before.entrySet()) && !before.isEmpty()) {
            return;
        }
        for (ClientConnection connection : clients.connections()) {
            String user = connection.info().user();
            Long made = known.get(user);
            if (made == null || !made.equals(before.getOrDefault(user, made))) {
                connection.close("user '%s' is deleted".formatted(user));
            }
        }
    }
}
