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

    /// An answer to a request whose body will not be read; see [#end].
    public static void refuse(HttpServerRequest request, int status, String sentence) {
        HttpServerResponse response = request.response();
        if (response.ended()) {
            return;
        }
        response.setStatusCode(status);
        if (!sentence.isEmpty()) {
            response.putHeader(HttpHeaders.CONTENT_TYPE, TEXT);
        }
        end(request, Buffer.buffer(sentence));
    }

    /// Ends a response whose status and headers are set. The connection ends with it if a body of the request is still under way, because
    /// the rest of that would be taken for the next request's head.
    public static void end(HttpServerRequest request, Buffer body) {
        HttpServerResponse response = request.response();
        boolean bodyFollows = !request.isEnded() && announcesBody(request);
        if (bodyFollows) {
            response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        var sent = body.length() == 0 ? response.end() : response.end(body);
        if (bodyFollows) {
            sent.onComplete(done -> LingeringClose.of(request));
        }
    }

    /// A request without a body has not ended either when its head is handled.
    private static boolean announcesBody(HttpServerRequest request) {
        String length = request.headers().get(HttpHeaders.CONTENT_LENGTH);
        return request.headers().contains(HttpHeaders.TRANSFER_ENCODING)
                || (length != null && !length.equals("0"));
    }
}
