package io.mainstay.head.rabbitmq;

import io.mainstay.head.web.Answers;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

import tools.jackson.databind.json.JsonMapper;

import java.util.LinkedHashMap;
import java.util.Map;

/// Answers in JSON, with RabbitMQ's two fields for errors.
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
        Answers.end(request, Buffer.buffer(MAPPER.writeValueAsString(value)));
    }

    static void error(HttpServerRequest request, int status, String error, String reason) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("error", error);
        fields.put("reason", reason);
        answer(request, status, fields);
    }
}
