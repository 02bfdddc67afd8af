package io.mainstay.head.web;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

import org.jspecify.annotations.Nullable;

/// Collects the body of a request within a limit and undoes `Content-Encoding: gzip`.
///
/// A declared length beyond the limit is refused before a byte is read, a streamed one at the byte that is too much; both with 413. An encoding
/// other than gzip gets 415, a broken one 400, one that takes longer than 30 s 408. Nothing is allocated from a length that was only declared.
public final class Bodies {

    /// A whole body must come within this time.
    private static final long WHOLE_MS = 30_000;

    private Bodies() {}

    /// Calls `then` with the body on the request's event loop, or answers the request itself.
    public static void read(HttpServerRequest request, int maxBytes, Handler<byte[]> then) {
        long declared = declaredLength(request);
        if (declared > maxBytes) {
            tooLarge(request, maxBytes);
            return;
        }
        if (declared == 0) {
            then.handle(new byte[0]);
            return;
        }
        new Collector(request, maxBytes, then).start();
    }

    private static long declaredLength(HttpServerRequest request) {
        String length = request.headers().get(HttpHeaders.CONTENT_LENGTH);
        if (length == null) {
            return request.headers().contains(HttpHeaders.TRANSFER_ENCODING) ? -1 : 0;
        }
        try {
            return Long.parseLong(length.strip());
        } catch (NumberFormatException malformed) {
            // The codec refuses such a request by itself; if it should not, the stream's limit
            // still holds.
            return -1;
        }
    }

    private static void tooLarge(HttpServerRequest request, int maxBytes) {
        Answers.refuse(
                request, 413, "The body is too large; at most " + maxBytes + " bytes are taken.");
    }

    /// One body under way, on one event loop.
    private static final class Collector {
        private final HttpServerRequest request;
        private final int maxBytes;
        private final Handler<byte[]> then;
        private final Buffer collected = Buffer.buffer();
        private boolean refused;
        private final Vertx vertx = Vertx.currentContext().owner();
        private long timer;

        Collector(HttpServerRequest request, int maxBytes, Handler<byte[]> then) {
            this.request = request;
            this.maxBytes = maxBytes;
            this.then = then;
        }

        void start() {
            request.exceptionHandler(
                    gone -> {
                        refused = true;
                        vertx.cancelTimer(timer);
                    });
            request.handler(this::add);
            request.endHandler(ended -> end());
            timer = vertx.setTimer(WHOLE_MS, late -> tooSlow());
        }

        /// A byte now and then keeps a connection from being idle, but it does not keep it for ever.
        private void tooSlow() {
            if (!refused) {
                refused = true;
                Answers.refuse(
                        request,
                        408,
                        "The body did not come within %d s.".formatted(WHOLE_MS / 1_000));
            }
        }

        private void add(Buffer part) {
            if (refused) {
                return;
            }
            if (collected.length() + (long) part.length() > maxBytes) {
                refused = true;
                tooLarge(request, maxBytes);
            } else {
                collected.appendBuffer(part);
            }
        }

        private void end() {
            vertx.cancelTimer(timer);
            if (refused) {
                return;
            }
            byte[] bytes = collected.getBytes();
            @Nullable String encoding = request.headers().get(HttpHeaders.CONTENT_ENCODING);
            if (encoding == null || encoding.equalsIgnoreCase("identity")) {
                then.handle(bytes);
                return;
            }
            if (!encoding.equalsIgnoreCase("gzip") && !encoding.equalsIgnoreCase("x-gzip")) {
                Answers.text(request, 415, "Content-Encoding may be gzip or absent.");
                return;
            }
            switch (Gzip.unpack(bytes, maxBytes)) {
                case Gzip.Unpacked unpacked -> then.handle(unpacked.bytes());
                case Gzip.TooLarge tooLarge -> tooLarge(request, maxBytes);
                case Gzip.Broken broken ->
                        Answers.text(request, 400, "The body is not valid gzip.");
            }
        }
    }
}
