package io.mainstay.head.http;

import io.mainstay.head.web.Answers;
import io.mainstay.registry.api.Instance;
import io.mainstay.registry.api.LeaseView;
import io.mainstay.registry.api.ProtectionView;
import io.mainstay.registry.api.RegistryView;
import io.mainstay.registry.api.ServiceView;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The admin API's shapes. A field that is here stays; new ones may come.
final class Json {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Json() {}

    static void answer(HttpServerRequest request, int status, Object value) {
        HttpServerResponse response = request.response();
        if (response.ended() || response.closed()) {
            return;
        }
        response.setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .putHeader("Cache-Control", "no-store")
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Content-Security-Policy", "default-src 'none'");
        Answers.end(request, Buffer.buffer(text(value)));
    }

    static String text(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    /// @param allowed what would have been taken; empty if that is plain
    static void error(
            HttpServerRequest request, int status, String code, String message, String allowed) {
        answer(request, status, Map.of("code", code, "message", message, "allowed", allowed));
    }

    static Map<String, Object> namespace(RegistryView view) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("namespace", view.namespace());
        fields.put("services", view.services().size());
        fields.put(
                "instances",
                view.statusCounts().values().stream().mapToInt(Integer::intValue).sum());
        return fields;
    }

    static Map<String, Object> service(ServiceView service) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("namespace", service.namespace());
        fields.put("service", service.service());
        fields.put("revision", service.revision());
        fields.put("instances", service.instances().size());
        fields.put(
                "up",
                service.instances().stream().filter(i -> i.status().name().equals("UP")).count());
        return fields;
    }

    static Map<String, Object> instance(Instance instance, @Nullable LeaseView lease) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("namespace", instance.key().namespace());
        fields.put("service", instance.key().service());
        fields.put("instanceId", instance.key().instanceId());
        fields.put("status", instance.status().name());
        fields.put("declared", instance.declared().name());
        fields.put("override", instance.override() == null ? "" : instance.override().name());
        fields.put("host", instance.host());
        fields.put("ip", instance.ip());
        fields.put("port", instance.port().enabled() ? instance.port().number() : 0);
        fields.put(
                "securePort", instance.securePort().enabled() ? instance.securePort().number() : 0);
        fields.put("zone", instance.zone());
        fields.put("weight", instance.weight());
        fields.put("metadata", instance.metadata());
        fields.put("leaseIntervalMs", instance.lease().intervalMs());
        fields.put("leaseDurationMs", instance.lease().durationMs());
        fields.put("registeredMs", instance.registeredMs());
        fields.put("changedMs", instance.changedMs());
        fields.put("revision", instance.revision());
        if (lease != null) {
            fields.put("lastBeatAgeMs", lease.lastBeatAgeMs());
            fields.put("leaseLeftMs", lease.leaseLeftMs());
            fields.put("held", lease.held());
            fields.put("beats", lease.beats());
        }
        return fields;
    }

    static Map<String, Object> protection(ProtectionView view) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("enabled", view.enabled());
        fields.put("global", view.global());
        fields.put("services", List.copyOf(view.services()));
        return fields;
    }
}
