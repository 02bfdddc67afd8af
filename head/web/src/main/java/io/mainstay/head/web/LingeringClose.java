package io.mainstay.head.web;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

/// Closes a connection whose client may still be sending a body that was refused.
///
/// Closing at once would make the kernel answer the bytes under way with a reset, and a reset makes the client's kernel forget
/// the answer that it had received but not yet read (RFC 9112, section 9.6). So what still comes is thrown away until the body
/// ends, [#MAX_BYTES] came or [#MOST_MS] passed.
final class LingeringClose {

    static final long MAX_BYTES = 64 << 20;
    static final long MOST_MS = 5_000;

    private final HttpServerRequest request;
    private long thrownAway;

    private LingeringClose(HttpServerRequest request) {
        this.request = request;
    }

    /// After the answer is written; on the request's event loop.
    static void of(HttpServerRequest request) {
        if (request.isEnded()) {
            request.connection().close();
            return;
        }
        Vertx vertx = Vertx.currentContext().owner();
        long timer = vertx.setTimer(MOST_MS, late -> request.connection().close());
        request.connection().closeHandler(closed -> vertx.cancelTimer(timer));
        LingeringClose close = new LingeringClose(request);
        request.handler(close::throwAway);
        request.endHandler(ended -> request.connection().close());
        request.resume();
    }

    private void throwAway(Buffer part) {
        thrownAway += part.length();
        if (thrownAway > MAX_BYTES) {
            request.connection().close();
        }
    }
}
