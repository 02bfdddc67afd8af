package io.mainstay.head.http;

import io.mainstay.head.http.Definitions.Loaded;
import io.mainstay.head.web.Bodies;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// `/api/v1/messaging/definitions`: users and topology as one file, there and back. An ADMIN's: hashes of passwords are in it.
final class DefinitionCalls {

    private static final Logger LOG = LoggerFactory.getLogger(DefinitionCalls.class);
    private static final int BODY_BYTES = 64 << 20;
    private static final String PATH = "/api/v1/messaging/definitions";

    private final @Nullable Definitions definitions;

    /// @param definitions `null`: this node serves no messaging
    DefinitionCalls(@Nullable Definitions definitions) {
        this.definitions = definitions;
    }

    List<Route> routes() {
        return List.of(
                new Route(HttpMethod.GET, PATH, Right.USERS, this::export),
                new Route(HttpMethod.POST, PATH, Right.USERS, this::load));
    }

    private void export(AdminRequest request) {
        Definitions present = definitions;
        if (present == null) {
            none(request);
        } else {
            Audit.note(request.principal(), "export of definitions", "done");
            request.answer(200, present.export());
        }
    }

    private static void none(AdminRequest request) {
        request.error(503, "messaging", "this node serves no messaging", "");
    }

    private void load(AdminRequest request) {
        Definitions present = definitions;
        if (present == null) {
            none(request);
            return;
        }
        Bodies.read(
                request.http(),
                BODY_BYTES,
                bytes -> {
                    Context loop = Vertx.currentContext();
                    present.load(
                                    bytes,
                                    request.principal().shown(),
                                    task -> loop.runOnContext(ignored -> task.run()))
                            .whenComplete(
                                    (loaded, failed) ->
                                            loop.runOnContext(
                                                    ignored -> answer(request, loaded, failed)));
                });
    }

    private static void answer(
            AdminRequest request, @Nullable Loaded loaded, @Nullable Throwable failed) {
        if (loaded == null) {
            LOG.error("Definitions could not be loaded", failed);
            request.error(500, "fault", "see the node's log", "");
        } else if (!loaded.unreadable().isEmpty()) {
            request.error(
                    400,
                    "definitions",
                    loaded.unreadable(),
                    "a file that RabbitMQ or this node exported");
        } else {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("items", loaded.items());
            fields.put("leftOut", loaded.leftOut());
            fields.put("refused", loaded.refused());
            request.answer(200, fields);
        }
    }
}
