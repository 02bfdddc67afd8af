package io.mainstay.head.eureka;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// HTTP to one peer. A call blocks its thread, which must not be an event loop, until the answer is there, ten seconds at most.
final class PeerClient implements AutoCloseable {

    static final String REPLICATION_HEADER = "x-netflix-discovery-replication";

    private static final int CONNECT_MS = 2_000;
    private static final int ANSWER_MS = 10_000;
    private static final int IDLE_SECONDS = 60;

    /// A full registry of 50,000 instances with usual metadata.
    private static final int MAX_ANSWER_BYTES = 64 << 20;

    record Answer(int status, byte[] body) {}

    private final PeerUrl url;
    private final Context loop;
    private final HttpClient client;

    PeerClient(Vertx vertx, PeerUrl url) {
        this.url = url;
        this.loop = vertx.getOrCreateContext();
        this.client =
                vertx.createHttpClient(
                        new HttpClientOptions()
                                .setSsl(url.tls())
                                .setConnectTimeout(CONNECT_MS)
                                .setIdleTimeout(IDLE_SECONDS)
                                .setDecompressionSupported(true));
    }

    Answer get(String path) throws IOException, InterruptedException {
        return call(HttpMethod.GET, path, Buffer.buffer());
    }

    Answer post(String path, byte[] json) throws IOException, InterruptedException {
        return call(HttpMethod.POST, path, Buffer.buffer(json));
    }

    /// @throws IOException if there is no whole answer in time
    private Answer call(HttpMethod method, String path, Buffer body)
            throws IOException, InterruptedException {
        try {
            return once(method, path, body);
        } catch (ClosedException keptTooLong) {
            // A peer may close a kept connection just when it is used again. All calls may be
            // repeated.
            return once(method, path, body);
        }
    }

    /// The connection was closed before the answer.
    private static final class ClosedException extends IOException {
        private static final long serialVersionUID = 1L;

        ClosedException(Throwable cause) {
            super("the connection was closed", cause);
        }
    }

    private Answer once(HttpMethod method, String path, Buffer body)
            throws IOException, InterruptedException {
        RequestOptions options =
                new RequestOptions()
                        .setMethod(method)
                        .setHost(url.host())
                        .setPort(url.port())
                        .setURI(url.path() + path)
                        .setTimeout(ANSWER_MS)
                        .putHeader(HttpHeaders.ACCEPT, "application/json")
                        .putHeader(REPLICATION_HEADER, "true");
        if (url.authorization() != null) {
            options.putHeader(HttpHeaders.AUTHORIZATION, url.authorization());
        }
        if (method == HttpMethod.POST) {
            options.putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
        }
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        // All of it on one event loop: a response must have its handlers before its first byte
        // comes.
        loop.runOnContext(
                ignored ->
                        client.request(options)
                                .compose(request -> request.send(body))
                                .compose(PeerClient::collected)
                                .onSuccess(answer::complete)
                                .onFailure(answer::completeExceptionally));
        try {
            return answer.get(CONNECT_MS + 2L * ANSWER_MS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException failed) {
            Throwable cause = failed.getCause() == null ? failed : failed.getCause();
            if (cause instanceof HttpClosedException) {
                throw new ClosedException(cause);
            }
            throw new IOException(String.valueOf(cause.getMessage()), cause);
        } catch (TimeoutException late) {
            throw new IOException("no answer in time", late);
        }
    }

    private static Future<Answer> collected(HttpClientResponse response) {
        Promise<Answer> whole = Promise.promise();
        Buffer bytes = Buffer.buffer();
        response.exceptionHandler(whole::tryFail);
        response.handler(
                part -> {
                    if (bytes.length() + part.length() <= MAX_ANSWER_BYTES) {
                        bytes.appendBuffer(part);
                    } else if (whole.tryFail("an answer of more than " + MAX_ANSWER_BYTES)) {
                        response.request().connection().close();
                    }
                });
        response.endHandler(
                end -> whole.tryComplete(new Answer(response.statusCode(), bytes.getBytes())));
        return whole.future();
    }

    @Override
    public void close() {
        client.close();
    }
}
