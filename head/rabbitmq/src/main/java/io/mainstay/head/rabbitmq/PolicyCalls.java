package io.mainstay.head.rabbitmq;

import io.mainstay.messaging.api.PolicyView;
import io.mainstay.messaging.api.TopologyChange;
import io.mainstay.messaging.api.VhostView;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// `/api/policies` (tag `policymaker`) and `/api/operator-policies` (administrators).
final class PolicyCalls {

    private static final int BODY_BYTES = 64 << 10;

    private PolicyCalls() {}

    static List<Route> routes() {
        List<Route> routes = new ArrayList<>();
        for (boolean operator : new boolean[] {false, true}) {
            String policies = operator ? "/api/operator-policies" : "/api/policies";
            String ofVhost = policies + "/{vhost}";
            String one = ofVhost + "/{policy}";
            Need change = operator ? Need.ADMINISTRATOR : Need.POLICYMAKER;
            routes.add(Route.get(policies, Need.MANAGEMENT, r -> list(r, operator)));
            routes.add(Route.get(ofVhost, Need.MANAGEMENT, r -> list(r, operator)));
            routes.add(
                    Route.get(
                            one, Need.MANAGEMENT, r -> r.item(Shapes.policy(needed(r, operator)))));
            routes.add(Route.put(one, change, r -> put(r, operator)));
            routes.add(Route.delete(one, change, r -> delete(r, operator)));
        }
        return routes;
    }

    private static void list(RabbitRequest request, boolean operator) throws RefusedException {
        List<Map<String, @Nullable Object>> items = new ArrayList<>();
        for (VhostView vhost : request.vhostsOfPath()) {
            for (PolicyView policy : vhost.policies()) {
                if (policy.operator() == operator) {
                    items.add(Shapes.policy(policy));
                }
            }
        }
        request.list(items);
    }

    private static @Nullable PolicyView policy(RabbitRequest request, boolean operator)
            throws RefusedException {
        for (PolicyView policy : request.vhost().policies()) {
            if (policy.operator() == operator && policy.name().equals(request.name("policy"))) {
                return policy;
            }
        }
        return null;
    }

    private static PolicyView needed(RabbitRequest request, boolean operator)
            throws RefusedException {
        PolicyView policy = policy(request, operator);
        if (policy == null) {
            throw RefusedException.notFound();
        }
        return policy;
    }

    private static void put(RabbitRequest request, boolean operator) throws RefusedException {
        request.body(
                BODY_BYTES,
                body -> {
                    boolean isNew = policy(request, operator) == null;
                    request.change(
                            change(
                                    request.name(Route.VHOST),
                                    request.name("policy"),
                                    body,
                                    operator),
                            done -> {
                                Audit.note(
                                        request.caller(),
                                        "policy "
                                                + request.name("policy")
                                                + " of "
                                                + request.name(Route.VHOST),
                                        "done");
                                request.empty(isNew ? 201 : 204);
                            });
                });
    }

    static TopologyChange change(String vhost, String name, Body body, boolean operator)
            throws RefusedException {
        String pattern = body.needed("pattern");
        if (body.node("definition") == null) {
            throw RefusedException.bad("key_missing: definition");
        }
        return new TopologyChange.PutPolicy(
                vhost,
                name,
                pattern,
                body.text("apply-to", operator ? "queues" : "all"),
                (int) body.number("priority", Integer.MIN_VALUE, Integer.MAX_VALUE, 0),
                body.table("definition"),
                operator);
    }

    private static void delete(RabbitRequest request, boolean operator) throws RefusedException {
        PolicyView policy = needed(request, operator);
        request.change(
                new TopologyChange.DeletePolicy(policy.vhost(), policy.name(), operator),
                done -> {
                    Audit.note(
                            request.caller(),
                            "removal of policy " + policy.name() + " of " + policy.vhost(),
                            "done");
                    request.empty(204);
                });
    }
}
