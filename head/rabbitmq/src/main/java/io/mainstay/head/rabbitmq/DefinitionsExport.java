package io.mainstay.head.rabbitmq;

import io.mainstay.access.api.Access;
import io.mainstay.messaging.api.BindingView;
import io.mainstay.messaging.api.ExchangeView;
import io.mainstay.messaging.api.PolicyView;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.api.VhostView;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Definitions as RabbitMQ writes them, so that RabbitMQ reads them too; but for passwords hashed by us, whose users must be given new ones there.
/// What belongs to one connection, and what every virtual host has, is left out.
final class DefinitionsExport {

    private DefinitionsExport() {}

    /// Everything.
    static Map<String, @Nullable Object> all(Services services) {
        Access access = services.access();
        Collection<VhostView> vhosts = services.view().vhosts();
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        version(all, services);
        all.put("users", access.users().stream().map(u -> UserCalls.shape(u, services)).toList());
        all.put("vhosts", vhosts.stream().map(DefinitionsExport::vhost).toList());
        all.put(
                "permissions",
                services.view().permissions().stream().map(Shapes::permission).toList());
        all.put(
                "topic_permissions",
                services.view().topicPermissions().stream().map(Shapes::topicPermission).toList());
        all.put("parameters", parameters(vhosts));
        all.put("global_parameters", ParameterCalls.globals(services));
        content(all, vhosts, true);
        return all;
    }

    /// What is in one virtual host, without its name.
    static Map<String, @Nullable Object> of(VhostView vhost, Services services) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        version(all, services);
        all.put("original_vhost_name", vhost.name());
        all.put("description", vhost.description());
        all.put("parameters", parameters(List.of(vhost)));
        content(all, List.of(vhost), false);
        return all;
    }

    private static void version(Map<String, @Nullable Object> all, Services services) {
        all.put("rabbit_version", services.config().rabbitVersion());
        all.put("rabbitmq_version", services.config().rabbitVersion());
        all.put("product_name", "Mainstay");
        all.put("product_version", services.config().version());
    }

    private static Map<String, @Nullable Object> vhost(VhostView vhost) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("name", vhost.name());
        fields.put("description", vhost.description());
        fields.put("tags", List.of());
        fields.put("metadata", Map.of("description", vhost.description(), "tags", List.of()));
        return fields;
    }

    private static void content(
            Map<String, @Nullable Object> all, Collection<VhostView> vhosts, boolean withVhost) {
        Set<String> hidden = withVhost ? Set.of() : Set.of("vhost");
        List<Map<String, @Nullable Object>> policies = new ArrayList<>();
        List<Map<String, @Nullable Object>> queues = new ArrayList<>();
        List<Map<String, @Nullable Object>> exchanges = new ArrayList<>();
        List<Map<String, @Nullable Object>> bindings = new ArrayList<>();
        for (VhostView vhost : vhosts) {
            vhost.policies().stream()
                    .filter(policy -> !policy.operator())
                    .forEach(policy -> policies.add(without(Shapes.policy(policy), hidden)));
            vhost.queues().stream()
                    .filter(DefinitionsExport::isKept)
                    .forEach(queue -> queues.add(without(queue(queue), hidden)));
            vhost.exchanges().stream()
                    .filter(DefinitionsExport::isOwn)
                    .forEach(exchange -> exchanges.add(without(exchange(exchange), hidden)));
            for (BindingView binding : vhost.bindings()) {
                if (isKept(vhost, binding)) {
                    Map<String, @Nullable Object> fields = Shapes.binding(binding);
                    fields.remove("properties_key");
                    bindings.add(without(fields, hidden));
                }
            }
        }
        all.put("policies", policies);
        all.put("queues", queues);
        all.put("exchanges", exchanges);
        all.put("bindings", bindings);
    }

    private static Map<String, @Nullable Object> without(
            Map<String, @Nullable Object> fields, Set<String> hidden) {
        hidden.forEach(fields::remove);
        return fields;
    }

    private static boolean isKept(QueueView queue) {
        return !queue.exclusive();
    }

    /// Not one that every virtual host has.
    private static boolean isOwn(ExchangeView exchange) {
        return !exchange.name().isEmpty() && !exchange.name().startsWith("amq.");
    }

    private static boolean isKept(VhostView vhost, BindingView binding) {
        if (binding.toExchange()) {
            return true;
        }
        QueueView queue = vhost.queue(binding.destination());
        return queue != null && isKept(queue);
    }

    private static Map<String, @Nullable Object> queue(QueueView queue) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("name", queue.name());
        fields.put("vhost", queue.vhost());
        fields.put("durable", queue.durable());
        fields.put("auto_delete", queue.autoDelete());
        fields.put("arguments", FieldTables.json(queue.arguments()));
        return fields;
    }

    private static Map<String, @Nullable Object> exchange(ExchangeView exchange) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("name", exchange.name());
        fields.put("vhost", exchange.vhost());
        fields.put("type", exchange.type());
        fields.put("durable", exchange.durable());
        fields.put("auto_delete", exchange.autoDelete());
        fields.put("internal", exchange.internal());
        fields.put("arguments", FieldTables.json(exchange.arguments()));
        return fields;
    }

    /// Operator policies and limits.
    static List<Map<String, @Nullable Object>> parameters(Collection<VhostView> vhosts) {
        List<Map<String, @Nullable Object>> parameters = operatorPolicies(vhosts);
        for (VhostView vhost : vhosts) {
            if (!vhost.limits().isEmpty()) {
                Map<String, @Nullable Object> fields = new LinkedHashMap<>();
                fields.put("value", LimitCalls.shape(vhost));
                fields.put("vhost", vhost.name());
                fields.put("component", ParameterCalls.VHOST_LIMITS);
                fields.put("name", "limits");
                parameters.add(fields);
            }
        }
        return parameters;
    }

    private static List<Map<String, @Nullable Object>> operatorPolicies(
            Collection<VhostView> vhosts) {
        List<Map<String, @Nullable Object>> parameters = new ArrayList<>();
        for (VhostView vhost : vhosts) {
            for (PolicyView policy : vhost.policies()) {
                if (policy.operator()) {
                    Map<String, @Nullable Object> value = new LinkedHashMap<>();
                    value.put("pattern", policy.pattern());
                    value.put("definition", FieldTables.json(policy.definition()));
                    value.put("priority", policy.priority());
                    value.put("apply-to", policy.applyTo());
                    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
                    fields.put("value", value);
                    fields.put("vhost", policy.vhost());
                    fields.put("component", ParameterCalls.OPERATOR_POLICY);
                    fields.put("name", policy.name());
                    parameters.add(fields);
                }
            }
        }
        return parameters;
    }
}
