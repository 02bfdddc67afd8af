package io.mainstay.head.rabbitmq;

import io.mainstay.messaging.api.QueueStats;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.api.TopologyChange;
import io.mainstay.messaging.api.VhostView;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/// `/api/vhosts`.
final class VhostCalls {

    private static final int BODY_BYTES = 64 << 10;
    private static final String VHOSTS = "/api/vhosts";
    private static final String VHOST = VHOSTS + "/{vhost}";
    private static final String NEW = VHOSTS + "/{name}";

    private VhostCalls() {}

    static List<Route> routes() {
        return List.of(
                Route.get(VHOSTS, Need.MANAGEMENT, VhostCalls::list),
                Route.get(VHOST, Need.MANAGEMENT, VhostCalls::show),
                Route.put(NEW, Need.ADMINISTRATOR, VhostCalls::put),
                Route.delete(VHOST, Need.ADMINISTRATOR, VhostCalls::delete),
                Route.post(VHOST + "/start/{node}", Need.ADMINISTRATOR, VhostCalls::start));
    }

    private static Map<String, @Nullable Object> shape(RabbitRequest request, VhostView vhost) {
        Services services = request.services();
        Map<String, @Nullable Object> fields = Shapes.vhost(vhost, services.config().node());
        long ready = 0;
        long unacked = 0;
        for (QueueView queue : vhost.queues()) {
            QueueStats stats = services.messaging().stats(queue);
            ready += stats.ready();
            unacked += stats.unacked();
        }
        String key = "vhost " + vhost.name();
        Shapes.counted(fields, "messages", ready + unacked, key, services);
        Shapes.counted(fields, "messages_ready", ready, key, services);
        Shapes.counted(fields, "messages_unacknowledged", unacked, key, services);
        return fields;
    }

    private static void list(RabbitRequest request) throws RefusedException {
        request.list(request.vhosts().stream().map(vhost -> shape(request, vhost)).toList());
    }

    private static void show(RabbitRequest request) throws RefusedException {
        request.item(shape(request, request.vhost()));
    }

    /// Whoever makes a virtual host may everything in it, as at RabbitMQ.
    private static void put(RabbitRequest request) throws RefusedException {
        String name = request.name("name");
        request.body(
                BODY_BYTES,
                body -> {
                    VhostView old = request.view().vhost(name);
                    String description =
                            body.text("description", old == null ? "" : old.description());
                    refuseTracing(body);
                    request.change(
                            new TopologyChange.PutVhost(name, description),
                            done -> {
                                Audit.note(request.caller(), "virtual host " + name, "done");
                                if (old != null) {
                                    request.empty(204);
                                } else {
                                    request.change(
                                            new TopologyChange.PutPermission(
                                                    request.caller().name(),
                                                    name,
                                                    ".*",
                                                    ".*",
                                                    ".*"),
                                            granted -> request.empty(201));
                                }
                            });
                });
    }

    private static void refuseTracing(Body body) throws RefusedException {
        if (body.truth("tracing", false)) {
            throw RefusedException.bad("tracing is not available here, allowed: false");
        }
    }

    private static void delete(RabbitRequest request) throws RefusedException {
        String name = request.name(Route.VHOST);
        request.change(
                new TopologyChange.DeleteVhost(name),
                done -> {
                    Audit.note(request.caller(), "removal of virtual host " + name, "done");
                    request.empty(204);
                });
    }

    /// A virtual host runs as long as the node does.
    private static void start(RabbitRequest request) throws RefusedException {
        if (!request.name("node").equals(request.services().config().node())) {
            throw RefusedException.notFound();
        }
        request.empty(204);
    }
}
