package io.mainstay.head.rabbitmq;

import io.mainstay.messaging.api.Clients.ChannelInfo;
import io.mainstay.messaging.api.Clients.ClientConnection;
import io.mainstay.messaging.api.Clients.ConnectionInfo;
import io.mainstay.messaging.api.Clients.ConsumerInfo;
import io.mainstay.messaging.api.QueueStats;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.api.VhostView;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// `/api/connections`, `/api/channels` and `/api/consumers`. Without the tag `monitoring` one sees one's own.
final class ConnectionCalls {

    private static final String USUAL_REASON = "Closed via management plugin";
    private static final int MAX_REASON_LENGTH = 200;

    private ConnectionCalls() {}

    static List<Route> routes() {
        return List.of(
                Route.get("/api/connections", Need.MANAGEMENT, ConnectionCalls::connections),
                Route.get(
                        "/api/vhosts/{vhost}/connections",
                        Need.MANAGEMENT,
                        ConnectionCalls::connections),
                Route.get(
                        "/api/connections/username/{user}",
                        Need.MANAGEMENT,
                        ConnectionCalls::connectionsOfUser),
                Route.delete(
                        "/api/connections/username/{user}",
                        Need.MANAGEMENT,
                        ConnectionCalls::closeOfUser),
                Route.get("/api/connections/{connection}", Need.MANAGEMENT, ConnectionCalls::show),
                Route.delete(
                        "/api/connections/{connection}", Need.MANAGEMENT, ConnectionCalls::close),
                Route.get(
                        "/api/connections/{connection}/channels",
                        Need.MANAGEMENT,
                        ConnectionCalls::channelsOfConnection),
                Route.get("/api/channels", Need.MANAGEMENT, ConnectionCalls::channels),
                Route.get(
                        "/api/vhosts/{vhost}/channels", Need.MANAGEMENT, ConnectionCalls::channels),
                Route.get("/api/channels/{channel}", Need.MANAGEMENT, ConnectionCalls::channel),
                Route.get("/api/consumers", Need.MANAGEMENT, ConnectionCalls::consumers),
                Route.get("/api/consumers/{vhost}", Need.MANAGEMENT, ConnectionCalls::consumers));
    }

    /// Those that the caller may see, of the virtual host that the path names, if it does.
    private static List<ClientConnection> visible(RabbitRequest request) {
        String vhost = request.names().get(Route.VHOST);
        List<ClientConnection> visible = new ArrayList<>();
        for (ClientConnection connection : request.services().messaging().clients().connections()) {
            ConnectionInfo info = connection.info();
            if ((request.caller().isMonitor() || info.user().equals(request.caller().name()))
                    && (vhost == null || info.vhost().equals(vhost))) {
                visible.add(connection);
            }
        }
        return visible;
    }

    private static void connections(RabbitRequest request) throws RefusedException {
        request.list(visible(request).stream().map(c -> shape(request, c)).toList());
    }

    private static Map<String, @Nullable Object> shape(
            RabbitRequest request, ClientConnection connection) {
        return Shapes.connection(
                connection.info(), connection.channels().size(), request.services());
    }

    private static List<ClientConnection> ofUser(RabbitRequest request) {
        return visible(request).stream()
                .filter(connection -> connection.info().user().equals(request.name("user")))
                .toList();
    }

    private static void connectionsOfUser(RabbitRequest request) throws RefusedException {
        request.list(ofUser(request).stream().map(c -> shape(request, c)).toList());
    }

    private static void closeOfUser(RabbitRequest request) throws RefusedException {
        for (ClientConnection connection : ofUser(request)) {
            close(request, connection);
        }
        request.empty(204);
    }

    private static ClientConnection connection(RabbitRequest request) throws RefusedException {
        for (ClientConnection connection : visible(request)) {
            if (connection.info().name().equals(request.name("connection"))) {
                return connection;
            }
        }
        throw RefusedException.notFound();
    }

    private static void show(RabbitRequest request) throws RefusedException {
        request.item(shape(request, connection(request)));
    }

    private static void close(RabbitRequest request) throws RefusedException {
        close(request, connection(request));
        request.empty(204);
    }

    /// Others' connections are closed by an administrator only.
    private static void close(RabbitRequest request, ClientConnection connection)
            throws RefusedException {
        if (!request.caller().isAdministrator()
                && !connection.info().user().equals(request.caller().name())) {
            throw RefusedException.notAuthorised("User not authorised to access object");
        }
        String given = request.http().getHeader("X-Reason");
        String reason = given == null || given.isBlank() ? USUAL_REASON : given;
        Audit.note(request.caller(), "closing connection " + connection.info().name(), reason);
        connection.close(
                reason.length() <= MAX_REASON_LENGTH
                        ? reason
                        : reason.substring(0, MAX_REASON_LENGTH));
    }

    private static void channelsOfConnection(RabbitRequest request) throws RefusedException {
        request.list(channels(request, List.of(connection(request))));
    }

    private static void channels(RabbitRequest request) throws RefusedException {
        request.list(channels(request, visible(request)));
    }

    private static List<Map<String, @Nullable Object>> channels(
            RabbitRequest request, List<ClientConnection> connections) {
        List<Map<String, @Nullable Object>> items = new ArrayList<>();
        for (ClientConnection connection : connections) {
            for (ChannelInfo channel : connection.channels()) {
                items.add(Shapes.channel(connection.info(), channel, request.services()));
            }
        }
        return items;
    }

    private static void channel(RabbitRequest request) throws RefusedException {
        for (ClientConnection connection : visible(request)) {
            for (ChannelInfo channel : connection.channels()) {
                if (channel.name().equals(request.name("channel"))) {
                    Map<String, @Nullable Object> fields =
                            Shapes.channel(connection.info(), channel, request.services());
                    fields.put(
                            "consumer_details",
                            channel.consumers().stream()
                                    .map(c -> shape(request, connection.info(), channel, c))
                                    .toList());
                    request.item(fields);
                    return;
                }
            }
        }
        throw RefusedException.notFound();
    }

    private static Map<String, @Nullable Object> shape(
            RabbitRequest request,
            ConnectionInfo connection,
            ChannelInfo channel,
            ConsumerInfo consumer) {
        Map<String, @Nullable Object> fields =
                Shapes.consumer(connection, channel, consumer, request.services().config().node());
        if (consumer.nextOffset() >= 0) {
            VhostView vhost = request.view().vhost(connection.vhost());
            QueueView stream = vhost == null ? null : vhost.queue(consumer.queue());
            QueueStats stats =
                    stream == null ? QueueStats.NONE : request.services().messaging().stats(stream);
            // As RabbitMQ calls them where it lists the readers of its streaming protocol.
            fields.put("offset", consumer.nextOffset());
            fields.put("offset_lag", consumer.lag(stats));
        }
        return fields;
    }

    private static void consumers(RabbitRequest request) throws RefusedException {
        request.list(consumers(request, visible(request), null));
    }

    /// All consumers of a queue, whoever asks: who sees the queue sees them.
    static List<Map<String, @Nullable Object>> consumersOf(RabbitRequest request, QueueView queue) {
        List<ClientConnection> all =
                request.services().messaging().clients().connections().stream()
                        .filter(connection -> connection.info().vhost().equals(queue.vhost()))
                        .toList();
        return consumers(request, all, queue.name());
    }

    private static List<Map<String, @Nullable Object>> consumers(
            RabbitRequest request, List<ClientConnection> connections, @Nullable String queue) {
        List<Map<String, @Nullable Object>> items = new ArrayList<>();
        for (ClientConnection connection : connections) {
            ConnectionInfo info = connection.info();
            for (ChannelInfo channel : connection.channels()) {
                for (ConsumerInfo consumer : channel.consumers()) {
                    if (queue == null || consumer.queue().equals(queue)) {
                        items.add(shape(request, info, channel, consumer));
                    }
                }
            }
        }
        return items;
    }
}
