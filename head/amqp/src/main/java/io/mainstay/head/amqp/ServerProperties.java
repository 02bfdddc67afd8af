package io.mainstay.head.amqp;

import io.mainstay.messaging.message.FieldTable;

import java.util.LinkedHashMap;
import java.util.Map;

/// What the server tells of itself in `connection.start`.
///
/// Product and version are RabbitMQ's, because clients decide by them: Kombu (Celery) takes prefetch for RabbitMQ's only if the product is, and
/// others compare the version before they use an extension. Who it really is stands in `platform` and `information`.
final class ServerProperties {

    private static final String[] CAPABILITIES = {
        "publisher_confirms",
        "exchange_exchange_bindings",
        "basic.nack",
        "consumer_cancel_notify",
        "connection.blocked",
        "consumer_priorities",
        "authentication_failure_close",
        "per_consumer_qos",
        "direct_reply_to"
    };

    private ServerProperties() {}

    static FieldTable of(String nodeName) {
        Map<String, Object> capabilities = new LinkedHashMap<>();
        for (String capability : CAPABILITIES) {
            capabilities.put(capability, true);
        }
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("capabilities", new FieldTable(capabilities));
        properties.put("cluster_name", nodeName);
        properties.put("information", "Mainstay speaks AMQP 0-9-1 as RabbitMQ does");
        properties.put("platform", "Mainstay");
        properties.put("product", "RabbitMQ");
        properties.put("version", "3.13.7");
        return new FieldTable(properties);
    }
}
