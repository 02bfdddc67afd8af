package io.mainstay.head.web;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/// Short answers that every head gives. On the request's event loop only.
public final class Answers {

    private static final CharSequence TEXT =
            HttpHeaders.createOptimized("text/plain; charset=utf-8");

    private Answers() {}

    /// A status without a body.
    public static void empty(HttpServerRequest request, int status) {
        HttpServerResponse response = request.response();
        if (!response.ended()) {
            response.setStatusCode(status).end();
        }
    }

    /// A status with one sentence of plain text.
    public static void text(HttpServerRequest request, int status, String sentence) {
        HttpServerResponse response = request.response();
        if (!response.ended()) {
            response.setStatusCode(status)
                    .putHeader(HttpHeaders.CONTENT_TYPE, TEXT)
                    .end(Buffer.buffer(sentence));
        }
    }

    /// An answer to a request whose body will not be read: the connection ends with it if a body is still under way, because the rest of
    /// that body would be taken for the next request's head.
    public static void refuse(HttpServerRequest request, int status, String sentence) {
        HttpServerResponse response = request.response();
        if (response.ended()) {
            return;
        }
        boolean bodyFollows = !request.isEnded();
        if (bodyFollows) {
            response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        response.setStatusCode(status);
        var sent =
                sentence.isEmpty()
                        ? response.end()
                        : response.putHeader(HttpHeaders.CONTENT_TYPE, TEXT)
                                .end(Buffer.buffer(sentence));
        if (bodyFollows) {
            sent.onComplete(done -> LingeringClose.of(request));
        }
    }
}
