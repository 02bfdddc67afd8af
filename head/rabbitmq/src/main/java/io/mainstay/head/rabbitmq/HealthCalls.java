package io.mainstay.head.rabbitmq;

import io.mainstay.head.rabbitmq.NodeFacts.Listener;
import io.mainstay.messaging.api.ComposedMessage;
import io.mainstay.messaging.api.ExchangeView;
import io.mainstay.messaging.api.QueueSession;
import io.mainstay.messaging.api.QueueSession.GetOutcome;
import io.mainstay.messaging.api.QueueSession.PublishOutcome;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.api.TopologyChange;
import io.mainstay.messaging.api.TopologyView.Operation;
import io.mainstay.messaging.message.FieldTable;
import io.mainstay.messaging.message.MessageProperties;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// `/api/health/checks/…`: 200 if all is well, 503 if not; and the aliveness test, which sends a message and takes it back.
final class HealthCalls {

    private static final String CHECKS = "/api/health/checks/";
    private static final String PROBE = "aliveness-test";

    private HealthCalls() {}

    static List<Route> routes() {
        return List.of(
                Route.get(CHECKS + "alarms", Need.MANAGEMENT, HealthCalls::alarms),
                Route.get(CHECKS + "local-alarms", Need.MANAGEMENT, HealthCalls::alarms),
                Route.get(CHECKS + "port-listener/{port}", Need.MANAGEMENT, HealthCalls::port),
                Route.get(
                        CHECKS + "protocol-listener/{protocol}",
                        Need.MANAGEMENT,
                        HealthCalls::protocol),
                Route.get(CHECKS + "virtual-hosts", Need.MANAGEMENT, HealthCalls::ready),
                Route.get(CHECKS + "is-in-service", Need.MANAGEMENT, HealthCalls::ready),
                Route.get(CHECKS + "ready-to-serve-clients", Need.MANAGEMENT, HealthCalls::ready),
                Route.get(CHECKS + "node-is-quorum-critical", Need.MANAGEMENT, HealthCalls::single),
                Route.get(
                        CHECKS + "node-is-mirror-sync-critical",
                        Need.MANAGEMENT,
                        HealthCalls::single),
                Route.get("/api/healthchecks/node", Need.MANAGEMENT, HealthCalls::node),
                Route.get("/api/healthchecks/node/{node}", Need.MANAGEMENT, HealthCalls::node),
                Route.get("/api/aliveness-test/{vhost}", Need.MANAGEMENT, HealthCalls::aliveness));
    }

    private static NodeFacts facts(RabbitRequest request) {
        return request.services().config().facts().get();
    }

    private static Map<String, Object> ok() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("status", "ok");
        return fields;
    }

    private static Map<String, Object> failed(String reason) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("status", "failed");
        fields.put("reason", reason);
        return fields;
    }

    private static void alarms(RabbitRequest request) {
        NodeFacts facts = facts(request);
        if (facts.memoryAlarm() || facts.diskAlarm()) {
            Map<String, Object> fields = failed("There are alarms in effect in the cluster");
            List<Map<String, Object>> alarms = new ArrayList<>();
            if (facts.memoryAlarm()) {
                alarms.add(alarm(request, "memory"));
            }
            if (facts.diskAlarm()) {
                alarms.add(alarm(request, "disk"));
            }
            fields.put("alarms", alarms);
            request.answer(503, fields);
        } else {
            request.answer(200, ok());
        }
    }

    private static Map<String, Object> alarm(RabbitRequest request, String resource) {
        return Map.of("node", request.services().config().node(), "resource", resource);
    }

    private static void port(RabbitRequest request) throws RefusedException {
        int port;
        try {
            port = Integer.parseInt(request.name("port"));
        } catch (NumberFormatException notANumber) {
            throw RefusedException.bad("a port is a number, not '" + request.name("port") + "'");
        }
        List<Integer> ports = facts(request).listeners().stream().map(Listener::port).toList();
        listening(request, "port", "ports", port, ports);
    }

    private static void protocol(RabbitRequest request) {
        List<String> protocols =
                facts(request).listeners().stream().map(Listener::protocol).toList();
        listening(request, "protocol", "protocols", request.name("protocol"), protocols);
    }

    private static <T> void listening(
            RabbitRequest request, String one, String many, T wanted, List<T> present) {
        if (present.contains(wanted)) {
            Map<String, Object> fields = ok();
            fields.put(one, wanted);
            request.answer(200, fields);
        } else {
            Map<String, Object> fields = failed("No active listener");
            fields.put("missing", wanted);
            fields.put(many, present);
            request.answer(503, fields);
        }
    }

    private static void ready(RabbitRequest request) {
        if (facts(request).ready()) {
            request.answer(200, ok());
        } else {
            request.answer(
                    503, failed("A raft group has no leader, or the journal takes no writes"));
        }
    }

    private static void single(RabbitRequest request) {
        Map<String, Object> fields = ok();
        fields.put("reason", "single node cluster");
        request.answer(200, fields);
    }

    private static void node(RabbitRequest request) throws RefusedException {
        String asked = request.names().get("node");
        if (asked != null && !asked.equals(request.services().config().node())) {
            throw RefusedException.notFound();
        }
        NodeFacts facts = facts(request);
        request.answer(
                200,
                facts.ready() && !facts.memoryAlarm() && !facts.diskAlarm()
                        ? ok()
                        : failed("the node is not ready, or an alarm is in effect"));
    }

    private static void aliveness(RabbitRequest request) throws RefusedException {
        String vhost = request.name(Route.VHOST);
        for (Operation operation : Operation.values()) {
            request.needs(operation, PROBE);
        }
        request.change(
                new TopologyChange.DeclareQueue(vhost, PROBE, false, false, "", FieldTable.EMPTY),
                done -> {
                    QueueView queue = request.vhost().queue(PROBE);
                    ExchangeView exchange = request.vhost().exchange("");
                    if (queue == null || exchange == null) {
                        throw RefusedException.unavailable("the queue is gone again");
                    }
                    send(request, queue);
                });
    }

    private static void send(RabbitRequest request, QueueView queue) {
        QueueSession session = QueueCalls.open(request);
        ComposedMessage message =
                new ComposedMessage(
                        "",
                        queue.name(),
                        MessageProperties.NONE,
                        PROBE.getBytes(StandardCharsets.UTF_8),
                        -1,
                        null);
        session.publish(
                message,
                List.of(queue),
                (sequence, outcome) ->
                        request.<PublishOutcome>here(known -> sent(request, session, queue, known))
                                .accept(outcome),
                1);
        session.flush();
    }

    private static void sent(
            RabbitRequest request, QueueSession session, QueueView queue, PublishOutcome outcome)
            throws RefusedException {
        if (outcome != PublishOutcome.CONFIRMED) {
            session.close();
            throw RefusedException.unavailable("the message was not kept: " + outcome);
        }
        session.get(
                queue,
                true,
                request.<GetOutcome>here(
                        got -> {
                            session.close();
                            if (!(got instanceof GetOutcome.Got)) {
                                throw RefusedException.unavailable("no message came back");
                            }
                            request.answer(200, ok());
                        }));
    }
}
