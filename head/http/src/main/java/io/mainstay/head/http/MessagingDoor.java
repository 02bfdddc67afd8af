package io.mainstay.head.http;

import io.mainstay.messaging.api.Messaging;
import io.mainstay.messaging.api.QueueSession;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.api.TopologyChange;
import io.mainstay.messaging.api.TopologyOutcome;
import io.mainstay.messaging.api.VhostView;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.regex.Pattern;

/// What the calls on messaging share: whether there is messaging, the virtual host that a call names, and answers.
///
/// @param messaging `null`: this node serves none
record MessagingDoor(@Nullable Messaging messaging) {

    static final int BODY_BYTES = 256 << 10;

    private static final String DEFAULT_VHOST = "/";
    private static final Pattern ERLANG_TEXT = Pattern.compile("<<\"([^\"]*)\">>");

    /// A call with messaging at hand.
    interface Call {
        void run(AdminRequest request, Messaging messaging) throws BadRequestException;
    }

    /// A call on what is in the virtual host that the query names.
    interface VhostCall {
        void run(AdminRequest request, Messaging messaging, VhostView vhost)
                throws BadRequestException;
    }

    Route route(HttpMethod method, String path, Right right, Call call) {
        return new Route(
                method,
                path,
                right,
                request -> {
                    if (messaging == null) {
                        request.error(503, "messaging", "this node serves no messaging", "");
                    } else {
                        call.run(request, messaging);
                    }
                });
    }

    Route inVhost(HttpMethod method, String path, Right right, VhostCall call) {
        return route(
                method,
                path,
                right,
                (request, served) -> {
                    String name = vhost(request);
                    VhostView vhost = served.topology().view().vhost(name);
                    if (vhost == null) {
                        request.error(
                                404, "no-vhost", "there is no virtual host '" + name + "'", "");
                    } else {
                        call.run(request, served, vhost);
                    }
                });
    }

    static String vhost(AdminRequest request) throws BadRequestException {
        return request.query("vhost", DEFAULT_VHOST);
    }

    static boolean flag(AdminRequest request, String name) throws BadRequestException {
        return request.query(name, "false").equals("true");
    }

    /// The queue that the path names; answers and gives `null` if there is none, or if it belongs to one connection.
    static @Nullable QueueView queue(AdminRequest request, VhostView vhost) {
        return queue(request, vhost, request.name(0));
    }

    static @Nullable QueueView queue(AdminRequest request, VhostView vhost, String name) {
        QueueView queue = anyQueue(request, vhost, name);
        if (queue != null && queue.exclusive()) {
            request.error(
                    409,
                    "locked",
                    "the queue '" + queue.name() + "' belongs to one connection",
                    "");
            return null;
        }
        return queue;
    }

    /// The queue that the path names, also if it belongs to one connection; answers and gives `null` if there is none.
    static @Nullable QueueView anyQueue(AdminRequest request, VhostView vhost) {
        return anyQueue(request, vhost, request.name(0));
    }

    private static @Nullable QueueView anyQueue(
            AdminRequest request, VhostView vhost, String name) {
        QueueView queue = vhost.queue(name);
        if (queue == null) {
            request.error(
                    404,
                    "no-queue",
                    "there is no queue '%s' in virtual host '%s'".formatted(name, vhost.name()),
                    "");
        }
        return queue;
    }

    static QueueSession open(AdminRequest request, Messaging messaging) {
        Context loop = Vertx.currentContext();
        return messaging.open(
                task -> loop.runOnContext(ignored -> task.run()),
                "admin API of " + request.principal().shown());
    }

    static void change(
            AdminRequest request, Messaging messaging, TopologyChange change, String what) {
        change(request, messaging, change, what, "");
    }

    /// As [#change]; a change that found nothing to remove is answered with 404 and the sentence `absent`.
    static void remove(
            AdminRequest request,
            Messaging messaging,
            TopologyChange change,
            String what,
            String absent) {
        change(request, messaging, change, "removal of " + what, absent);
    }

    private static void change(
            AdminRequest request,
            Messaging messaging,
            TopologyChange change,
            String what,
            String absent) {
        var answer =
                request.<TopologyOutcome>onLoop(
                        outcome -> {
                            switch (outcome) {
                                case TopologyOutcome.Done done -> {
                                    if (done.changed() || absent.isEmpty()) {
                                        request.answer(200, Map.of("changed", done.changed()));
                                    } else {
                                        request.error(404, "NOT_FOUND", absent, "");
                                    }
                                }
                                case TopologyOutcome.Refused(var reason, String message) ->
                                        refused(request, reason, message);
                                case TopologyOutcome.Unknown(String message) ->
                                        request.error(
                                                503, "UNKNOWN", message, "the same call again");
                            }
                        });
        messaging
                .topology()
                .change(change)
                .thenAccept(
                        outcome -> {
                            Audit.note(request.principal(), what, shown(outcome));
                            answer.accept(outcome);
                        });
    }

    /// The sentences are RabbitMQ's, and some of them quote text as Erlang does: `<<"text">>`.
    private static String forPeople(String message) {
        return ERLANG_TEXT.matcher(message).replaceAll("'$1'");
    }

    private static String shown(TopologyOutcome outcome) {
        return switch (outcome) {
            case TopologyOutcome.Done done -> done.changed() ? "done" : "nothing to do";
            case TopologyOutcome.Refused(var reason, String message) -> "refused: " + message;
            case TopologyOutcome.Unknown(String message) -> "unknown: " + message;
        };
    }

    static void refused(AdminRequest request, TopologyOutcome.Reason reason, String message) {
        int status =
                switch (reason) {
                    case NOT_FOUND -> 404;
                    case PRECONDITION_FAILED, RESOURCE_LOCKED -> 409;
                    case ACCESS_REFUSED -> 403;
                    case COMMAND_INVALID -> 400;
                    case INACCESSIBLE, UNAVAILABLE -> 503;
                };
        request.error(status, reason.name(), forPeople(message), "");
    }
}
