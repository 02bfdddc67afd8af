package io.mainstay.head.eureka;

import io.mainstay.head.web.Answers;
import io.mainstay.registry.api.ChangeOutcome;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

/// The one table from outcomes to Eureka's status codes, and the sending of documents.
final class EurekaAnswers {

    /// Smaller bodies grow when they are packed, or gain nothing.
    private static final int PACK_FROM_BYTES = 256;

    private static final CharSequence GZIP = HttpHeaders.createOptimized("gzip");

    private EurekaAnswers() {}

    /// The status of a change; `done` is what success is called for this call (204 for a registration, 200 otherwise).
    static int status(ChangeOutcome outcome, int done) {
        return switch (outcome) {
            case ChangeOutcome.Done ignored -> done;
            case ChangeOutcome.NotFound ignored -> 404;
            case ChangeOutcome.Unknown ignored -> 503;
            case ChangeOutcome.Refused refused ->
                    switch (refused.reason()) {
                        case INVALID -> 400;
                        // Netflix's server keeps the newer registration and calls that success.
                        case STALE -> done;
                        case LIMIT, UNAVAILABLE -> 503;
                    };
        };
    }

    static void change(HttpServerRequest request, ChangeOutcome outcome, int done) {
        int status = status(outcome, done);
        if (status != done && outcome instanceof ChangeOutcome.Refused refused) {
            Answers.text(request, status, refused.why());
        } else {
            Answers.empty(request, status);
        }
    }

    static void document(HttpServerRequest request, Form form, Body body) {
        var response = request.response();
        if (response.ended()) {
            return;
        }
        response.putHeader(HttpHeaders.CONTENT_TYPE, form.contentType);
        if (body.size() >= PACK_FROM_BYTES && wantsGzip(request)) {
            response.putHeader(HttpHeaders.CONTENT_ENCODING, GZIP).end(body.packed());
        } else {
            response.end(body.plain());
        }
    }

    static boolean wantsGzip(HttpServerRequest request) {
        return Form.contains(request.headers().get(HttpHeaders.ACCEPT_ENCODING), "gzip");
    }
}
