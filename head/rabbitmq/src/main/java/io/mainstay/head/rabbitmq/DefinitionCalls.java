package io.mainstay.head.rabbitmq;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// `/api/definitions`: everything, or what is in one virtual host.
final class DefinitionCalls {

    /// Some hundred thousand queues.
    private static final int BODY_BYTES = 64 << 20;

    private static final String ALL = "/api/definitions";
    private static final String OF_VHOST = ALL + "/{vhost}";

    private DefinitionCalls() {}

    static List<Route> routes() {
        return List.of(
                Route.get(
                        ALL,
                        Need.ADMINISTRATOR,
                        request -> download(request, DefinitionsExport.all(request.services()))),
                Route.get(
                        OF_VHOST,
                        Need.ADMINISTRATOR,
                        request ->
                                download(
                                        request,
                                        DefinitionsExport.of(request.vhost(), request.services()))),
                Route.post(ALL, Need.ADMINISTRATOR, request -> load(request, null)),
                Route.post(
                        OF_VHOST,
                        Need.ADMINISTRATOR,
                        request -> load(request, request.name(Route.VHOST))));
    }

    private static void download(RabbitRequest request, Map<String, @Nullable Object> definitions)
            throws RefusedException {
        String file = request.query("download");
        if (file != null && file.matches("[A-Za-z0-9._@-]{1,100}")) {
            request.http()
                    .response()
                    .putHeader("Content-Disposition", "attachment; filename=" + file);
        }
        request.answer(200, definitions);
    }

    private static void load(RabbitRequest request, @Nullable String vhost) {
        request.body(
                BODY_BYTES,
                body ->
                        request.await(
                                DefinitionsImport.run(
                                        request.services(),
                                        request.caller(),
                                        request.loop(),
                                        body,
                                        vhost),
                                result -> answer(request, result)));
    }

    /// 204 as at RabbitMQ if everything is as the file says, 200 with what is not.
    private static void answer(RabbitRequest request, DefinitionsImport.Result result)
            throws RefusedException {
        result.log();
        if (!result.failures().isEmpty()) {
            throw RefusedException.bad(
                    "%d of %d definitions were refused, the others are in: %s"
                            .formatted(
                                    result.failures().size(),
                                    result.items(),
                                    result.told(result.failures())));
        }
        if (result.notes().isEmpty()) {
            request.empty(204);
        } else {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("imported", result.items());
            fields.put("left_out", result.notes());
            request.answer(200, fields);
        }
    }
}
