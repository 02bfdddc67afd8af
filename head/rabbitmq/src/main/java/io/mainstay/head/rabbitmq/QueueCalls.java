package io.mainstay.head.rabbitmq;

import io.mainstay.messaging.api.BindingView;
import io.mainstay.messaging.api.QueueSession;
import io.mainstay.messaging.api.QueueSession.CountOutcome;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.api.TopologyChange;
import io.mainstay.messaging.api.TopologyView.Operation;
import io.mainstay.messaging.api.VhostView;
import io.mainstay.messaging.message.FieldTable;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// `/api/queues`.
final class QueueCalls {

    /// Names that are given by the server.
    private static final String RESERVED = "amq.";

    private static final int BODY_BYTES = 1 << 20;
    private static final String QUEUES = "/api/queues";
    private static final String OF_VHOST = QUEUES + "/{vhost}";
    private static final String QUEUE = OF_VHOST + "/{queue}";

    private QueueCalls() {}

    static List<Route> routes() {
        return List.of(
                Route.get(QUEUES, Need.MANAGEMENT, QueueCalls::list),
                Route.get(OF_VHOST, Need.MANAGEMENT, QueueCalls::list),
                Route.get(QUEUE, Need.MANAGEMENT, QueueCalls::show),
                Route.put(QUEUE, Need.MANAGEMENT, QueueCalls::declare),
                Route.delete(QUEUE, Need.MANAGEMENT, QueueCalls::delete),
                Route.delete(QUEUE + "/contents", Need.MANAGEMENT, QueueCalls::purge),
                Route.post(QUEUE + "/actions", Need.ADMINISTRATOR, QueueCalls::act),
                Route.get(QUEUE + "/bindings", Need.MANAGEMENT, QueueCalls::bindings));
    }

    private static void list(RabbitRequest request) throws RefusedException {
        List<Map<String, @Nullable Object>> items = new ArrayList<>();
        for (VhostView vhost : request.vhostsOfPath()) {
            for (QueueView queue : vhost.queues()) {
                items.add(QueueShape.of(queue, vhost, request.services()));
            }
        }
        request.list(items);
    }

    /// The queue that the path names.
    static QueueView queue(RabbitRequest request) throws RefusedException {
        QueueView queue = request.vhost().queue(request.name("queue"));
        if (queue == null) {
            throw RefusedException.notFound();
        }
        return queue;
    }

    private static void show(RabbitRequest request) throws RefusedException {
        QueueView queue = queue(request);
        Map<String, @Nullable Object> fields =
                QueueShape.of(queue, request.vhost(), request.services());
        fields.put("consumer_details", ConnectionCalls.consumersOf(request, queue));
        fields.put("deliveries", List.of());
        fields.put("incoming", List.of());
        request.item(fields);
    }

    private static void declare(RabbitRequest request) throws RefusedException {
        String name = request.name("queue");
        request.needs(Operation.CONFIGURE, name);
        if (name.startsWith(RESERVED) && request.vhost().queue(name) == null) {
            throw RefusedException.notAuthorised(
                    "ACCESS_REFUSED - queue name '%s' contains reserved prefix 'amq.*'"
                            .formatted(name));
        }
        request.body(
                BODY_BYTES,
                body -> {
                    FieldTable arguments = body.table("arguments");
                    Rights.ofQueue(request, name, arguments);
                    boolean isNew = request.vhost().queue(name) == null;
                    request.change(
                            new TopologyChange.DeclareQueue(
                                    request.name(Route.VHOST),
                                    name,
                                    body.truth("durable", false),
                                    body.truth("auto_delete", false),
                                    "",
                                    arguments),
                            done -> request.empty(isNew && done.changed() ? 201 : 204));
                });
    }

    private static void delete(RabbitRequest request) throws RefusedException {
        QueueView queue = notExclusive(queue(request));
        request.needs(Operation.CONFIGURE, queue.name());
        boolean ifUnused = request.flag("if-unused");
        boolean ifEmpty = request.flag("if-empty");
        QueueSession session = open(request);
        session.delete(queue, ifUnused, ifEmpty, counted(request, session));
    }

    private static void purge(RabbitRequest request) throws RefusedException {
        QueueView queue = notExclusive(queue(request));
        request.needs(Operation.READ, queue.name());
        QueueSession session = open(request);
        session.purge(queue, counted(request, session));
    }

    static QueueSession open(RabbitRequest request) {
        return request.services()
                .messaging()
                .open(request.loop(), "management of " + request.caller().name());
    }

    /// A queue of one connection is nobody else's business.
    static QueueView notExclusive(QueueView queue) throws RefusedException {
        if (queue.exclusive()) {
            throw RefusedException.bad(
                    "405 RESOURCE_LOCKED - cannot obtain exclusive access to locked queue '%s' in vhost '%s'"
                            .formatted(queue.name(), queue.vhost()));
        }
        return queue;
    }

    private static Consumer<CountOutcome> counted(RabbitRequest request, QueueSession session) {
        return request.here(
                outcome -> {
                    session.close();
                    switch (outcome) {
                        case CountOutcome.Done done -> request.empty(204);
                        case CountOutcome.Refused(var reason, String message) ->
                                throw Outcomes.refused(reason, message);
                    }
                });
    }

    /// `sync` and `cancel_sync` are of mirrored queues, which RabbitMQ itself has no more; the others are not known there either.
    private static void act(RabbitRequest request) throws RefusedException {
        queue(request);
        request.body(
                BODY_BYTES,
                body -> {
                    String action = body.needed("action");
                    if (!action.equals("sync") && !action.equals("cancel_sync")) {
                        throw RefusedException.bad(
                                "unknown action '%s', allowed: sync, cancel_sync (which do nothing: no queue is mirrored)"
                                        .formatted(action));
                    }
                    request.empty(204);
                });
    }

    private static void bindings(RabbitRequest request) throws RefusedException {
        QueueView queue = queue(request);
        List<Map<String, @Nullable Object>> items = new ArrayList<>();
        items.add(Shapes.binding(Shapes.implicit(queue)));
        for (BindingView binding : request.vhost().bindingsTo(queue.name(), false)) {
            items.add(Shapes.binding(binding));
        }
        request.list(items);
    }
}
