package io.mainstay.head.http;

import io.mainstay.registry.push.PushEngine;
import io.mainstay.registry.push.Subscription;
import io.vertx.core.http.HttpMethod;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// `/api/v1/registry/subscribers`: who is told of changes over the streaming protocol, and how far behind they are.
final class SubscriberCalls {

    private static final int USUAL_LIMIT = 100;
    private static final int MOST_LIMIT = 1_000;

    private final PushEngine push;

    SubscriberCalls(PushEngine push) {
        this.push = push;
    }

    List<Route> routes() {
        return List.of(
                new Route(
                        HttpMethod.GET,
                        "/api/v1/registry/subscribers",
                        Right.READ_NAMESPACE,
                        this::list));
    }

    private void list(AdminRequest request) throws BadRequestException {
        String service = request.query("service", "").toUpperCase(Locale.ROOT);
        PushEngine.Listed listed =
                push.subscriptions(
                        request.namespace(),
                        service,
                        request.query("limit", USUAL_LIMIT, MOST_LIMIT));
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("subscriptions", listed.subscriptions());
        fields.put("behind", listed.behind());
        fields.put("items", listed.first().stream().map(SubscriberCalls::item).toList());
        request.answer(200, fields);
    }

    private static Map<String, Object> item(Subscription subscription) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("who", subscription.who());
        fields.put("namespace", subscription.namespace());
        fields.put("service", subscription.service());
        fields.put("zones", subscription.selector().zones());
        fields.put("labels", subscription.selector().labels());
        fields.put("revision", subscription.revision());
        fields.put("presentRevision", subscription.presentRevision());
        fields.put("behindMs", subscription.behindNanos() / 1_000_000);
        return fields;
    }
}
