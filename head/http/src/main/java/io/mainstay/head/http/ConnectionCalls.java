package io.mainstay.head.http;

import io.mainstay.head.web.RateBook;
import io.mainstay.messaging.api.Clients.ChannelInfo;
import io.mainstay.messaging.api.Clients.ClientConnection;
import io.mainstay.messaging.api.Clients.ConnectionInfo;
import io.mainstay.messaging.api.Clients.ConsumerInfo;
import io.mainstay.messaging.api.Messaging;
import io.mainstay.messaging.api.QueueStats;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.api.VhostView;
import io.mainstay.messaging.message.FieldTable;
import io.vertx.core.http.HttpMethod;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// `/api/v1/messaging/connections`, `channels` and `consumers`: the clients of this node, and the end of them.
final class ConnectionCalls {

    private static final String BASE = "/api/v1/messaging/";
    private static final String CONNECTION = BASE + "connections/{connection}";
    private static final String USUAL_REASON = "closed through the admin API";
    private static final int MAX_REASON_LENGTH = 200;

    /// Where clients say what they are, the most telling first.
    private static final List<String> OWN_NAMES = List.of("connection_name", "product");

    private final RateBook rates;
    private final Paging<ClientConnection> connections;
    private final Paging<Channel> channels;
    private final Paging<Consumer> consumers;

    private record Channel(ClientConnection connection, ConnectionInfo of, ChannelInfo info) {}

    private record Consumer(Channel channel, ConsumerInfo info, Messaging messaging) {}

    /// @param rates of this head's event loop
    ConnectionCalls(RateBook rates) {
        this.rates = rates;
        this.connections =
                new Paging<>(
                        ConnectionCalls::named,
                        Map.of(
                                "name",
                                Comparator.comparing(c -> c.info().name()),
                                "user",
                                Comparator.comparing(c -> c.info().user()),
                                "channels",
                                Comparator.comparingInt(c -> c.channels().size()),
                                "connectedAtMs",
                                Comparator.comparingLong(c -> c.info().connectedAtMs())),
                        this::fields);
        this.channels =
                new Paging<>(
                        channel -> channel.info.name() + " " + channel.of.user(),
                        Map.of(
                                "name",
                                Comparator.comparing(c -> c.info.name()),
                                "unacked",
                                Comparator.comparingLong(c -> c.info.unacked())),
                        ConnectionCalls::fields);
        this.consumers =
                new Paging<>(
                        consumer -> consumer.info.tag() + " " + consumer.info.queue(),
                        Map.of("tag", Comparator.comparing(c -> c.info.tag())),
                        ConnectionCalls::fields);
    }

    List<Route> routes(MessagingDoor door) {
        return List.of(
                door.route(HttpMethod.GET, BASE + "connections", Right.READ, this::list),
                door.route(HttpMethod.GET, CONNECTION, Right.READ, this::show),
                door.route(HttpMethod.DELETE, CONNECTION, Right.CHANGE, ConnectionCalls::close),
                door.route(
                        HttpMethod.DELETE,
                        CONNECTION + "/channels/{channel}",
                        Right.CHANGE,
                        ConnectionCalls::closeChannel),
                door.route(
                        HttpMethod.GET,
                        BASE + "channels",
                        Right.READ,
                        (request, served) ->
                                channels.answer(request, channels(request, served).toList())),
                door.route(HttpMethod.GET, BASE + "consumers", Right.READ, this::consumers));
    }

    /// A client is found by its address, its user and what it calls itself.
    private static String named(ClientConnection connection) {
        ConnectionInfo info = connection.info();
        return info.name() + " " + info.user() + " " + ownName(info.clientProperties());
    }

    /// Those in the virtual host that the query names, or all.
    private static List<ClientConnection> of(AdminRequest request, Messaging messaging)
            throws BadRequestException {
        String vhost = request.query("vhost", "");
        List<ClientConnection> found = new ArrayList<>();
        for (ClientConnection connection : messaging.clients().connections()) {
            if (vhost.isEmpty() || connection.info().vhost().equals(vhost)) {
                found.add(connection);
            }
        }
        return found;
    }

    private void list(AdminRequest request, Messaging messaging) throws BadRequestException {
        connections.answer(request, of(request, messaging));
    }

    private void consumers(AdminRequest request, Messaging messaging) throws BadRequestException {
        String queue = request.query("queue", "");
        consumers.answer(
                request,
                channels(request, messaging)
                        .flatMap(channel -> consumers(channel, messaging))
                        .filter(each -> queue.isEmpty() || each.info.queue().equals(queue))
                        .toList());
    }

    private static Stream<Channel> channels(AdminRequest request, Messaging messaging)
            throws BadRequestException {
        return of(request, messaging).stream().flatMap(ConnectionCalls::channels);
    }

    private static Stream<Channel> channels(ClientConnection connection) {
        ConnectionInfo info = connection.info();
        return connection.channels().stream()
                .map(channel -> new Channel(connection, info, channel));
    }

    private static Stream<Consumer> consumers(Channel channel, Messaging messaging) {
        return channel.info.consumers().stream()
                .map(info -> new Consumer(channel, info, messaging));
    }

    /// The connection that the path names; answers and gives `null` if it is not there (any more).
    private static @Nullable ClientConnection connection(
            AdminRequest request, Messaging messaging) {
        for (ClientConnection connection : messaging.clients().connections()) {
            if (connection.id().equals(request.name(0))) {
                return connection;
            }
        }
        request.error(404, "no-connection", "there is no connection " + request.name(0), "");
        return null;
    }

    private void show(AdminRequest request, Messaging messaging) {
        ClientConnection connection = connection(request, messaging);
        if (connection != null) {
            Map<String, @Nullable Object> fields = fields(connection);
            ConnectionInfo info = connection.info();
            fields.put("clientProperties", TableJson.json(info.clientProperties()));
            fields.put("authMechanism", info.authMechanism());
            fields.put("channelMax", info.channelMax());
            fields.put("frameMax", info.frameMax());
            fields.put("heartbeatSeconds", info.heartbeatSeconds());
            fields.put(
                    "channelItems",
                    channels(connection)
                            .map(
                                    channel -> {
                                        Map<String, @Nullable Object> each = fields(channel);
                                        each.put(
                                                "consumerItems",
                                                consumers(channel, messaging)
                                                        .map(ConnectionCalls::fields)
                                                        .toList());
                                        return each;
                                    })
                            .toList());
            request.answer(200, fields);
        }
    }

    private static void close(AdminRequest request, Messaging messaging)
            throws BadRequestException {
        String reason = reason(request);
        ClientConnection connection = connection(request, messaging);
        if (connection != null) {
            Audit.note(
                    request.principal(),
                    "closing of connection %s of user %s"
                            .formatted(connection.info().name(), connection.info().user()),
                    reason);
            connection.close(reason);
            request.answer(200, Map.of("changed", true));
        }
    }

    private static void closeChannel(AdminRequest request, Messaging messaging)
            throws BadRequestException {
        String reason = reason(request);
        ClientConnection connection = connection(request, messaging);
        if (connection == null) {
            return;
        }
        ChannelInfo channel =
                connection.channels().stream()
                        .filter(open -> Integer.toString(open.number()).equals(request.name(1)))
                        .findFirst()
                        .orElse(null);
        if (channel == null) {
            request.error(
                    404,
                    "no-channel",
                    "the connection %s has no channel %s"
                            .formatted(request.name(0), request.name(1)),
                    "");
        } else {
            Audit.note(request.principal(), "closing of channel " + channel.name(), reason);
            connection.closeChannel(channel.number(), reason);
            request.answer(200, Map.of("changed", true));
        }
    }

    private static String reason(AdminRequest request) throws BadRequestException {
        String reason = request.query("reason", USUAL_REASON);
        if (reason.length() > MAX_REASON_LENGTH) {
            throw new BadRequestException(
                    "reason", "the reason is too long", MAX_REASON_LENGTH + " characters");
        }
        return reason;
    }

    private static String ownName(FieldTable properties) {
        for (String name : OWN_NAMES) {
            if (properties.get(name) instanceof String text && !text.isEmpty()) {
                return text;
            }
        }
        return "";
    }

    private Map<String, @Nullable Object> fields(ClientConnection connection) {
        ConnectionInfo info = connection.info();
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("id", connection.id());
        fields.put("name", info.name());
        fields.put("client", ownName(info.clientProperties()));
        fields.put("user", info.user());
        fields.put("vhost", info.vhost());
        fields.put("protocol", info.protocol());
        fields.put("tls", info.tls());
        fields.put("state", info.state());
        fields.put("connectedAtMs", info.connectedAtMs());
        fields.put("channels", connection.channels().size());
        fields.put("bytesIn", info.bytesIn());
        fields.put("bytesOut", info.bytesOut());
        fields.put("bytesInRate", rates.rate("in " + connection.id(), info.bytesIn()));
        fields.put("bytesOutRate", rates.rate("out " + connection.id(), info.bytesOut()));
        return fields;
    }

    private static Map<String, @Nullable Object> fields(Channel channel) {
        ChannelInfo info = channel.info;
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("connection", channel.connection.id());
        fields.put("number", info.number());
        fields.put("name", info.name());
        fields.put("user", channel.of.user());
        fields.put("vhost", channel.of.vhost());
        fields.put("state", info.state());
        fields.put("confirm", info.confirm());
        fields.put("transactional", info.transactional());
        fields.put("prefetch", info.prefetch());
        fields.put("globalPrefetch", info.globalPrefetch());
        fields.put("unacked", info.unacked());
        fields.put("unconfirmed", info.unconfirmed());
        fields.put("published", info.published());
        fields.put("delivered", info.delivered());
        fields.put("acked", info.acked());
        fields.put("consumers", info.consumers().size());
        return fields;
    }

    /// Of the queue that it consumes from.
    private static QueueStats stats(Consumer consumer) {
        VhostView vhost = consumer.messaging.topology().view().vhost(consumer.channel.of.vhost());
        QueueView queue = vhost == null ? null : vhost.queue(consumer.info.queue());
        return queue == null ? QueueStats.NONE : consumer.messaging.stats(queue);
    }

    private static Map<String, @Nullable Object> fields(Consumer consumer) {
        Channel channel = consumer.channel;
        ConsumerInfo info = consumer.info;
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("tag", info.tag());
        fields.put("queue", info.queue());
        fields.put("vhost", channel.of.vhost());
        fields.put("connection", channel.connection.id());
        fields.put("connectionName", channel.of.name());
        fields.put("client", ownName(channel.of.clientProperties()));
        fields.put("user", channel.of.user());
        fields.put("channel", channel.info.number());
        fields.put("channelUnacked", channel.info.unacked());
        fields.put("autoAck", info.autoAck());
        fields.put("exclusive", info.exclusive());
        fields.put("prefetch", info.prefetch());
        fields.put("active", info.active());
        if (info.nextOffset() >= 0) {
            fields.put("nextOffset", info.nextOffset());
            fields.put("lag", info.lag(stats(consumer)));
        }
        fields.put("arguments", TableJson.json(info.arguments()));
        return fields;
    }
}
