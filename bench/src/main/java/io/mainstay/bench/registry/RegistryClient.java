package io.mainstay.bench.registry;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;

/// Eureka's REST calls, as far as a bench needs them.
final class RegistryClient implements AutoCloseable {

    private static final int UNDER_WAY = 64;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String base;

    RegistryClient(int port) {
        this.base = "http://127.0.0.1:" + port + "/eureka/apps";
    }

    /// Registers `i<from>` to `i<to - 1>` of `app`, 64 at a time, and returns when the last was acknowledged.
    void registerAll(String app, int from, int to, int leaseSeconds)
            throws IOException, InterruptedException {
        registerAll(number -> app, from, to, leaseSeconds);
    }

    /// @param appOf service of `i<number>`
    void registerAll(IntFunction<String> appOf, int from, int to, int leaseSeconds)
            throws IOException, InterruptedException {
        Semaphore free = new Semaphore(UNDER_WAY);
        AtomicReference<@Nullable String> wrong = new AtomicReference<>();
        for (int i = from; i < to; i++) {
            free.acquire();
            String id = "i" + i;
            http.sendAsync(
                            registration(appOf.apply(i), id, leaseSeconds),
                            HttpResponse.BodyHandlers.ofString())
                    .whenComplete(
                            (response, failure) -> {
                                if (failure != null) {
                                    wrong.set(failure.toString());
                                } else if (response.statusCode() != 204) {
                                    wrong.set(response.statusCode() + " " + response.body());
                                }
                                free.release();
                            });
        }
        free.acquire(UNDER_WAY);
        String answer = wrong.get();
        if (answer != null) {
            throw new IOException("a registration was answered: " + answer);
        }
    }

    void register(String app, String id, int leaseSeconds)
            throws IOException, InterruptedException {
        HttpResponse<String> answer =
                http.send(
                        registration(app, id, leaseSeconds), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 204) {
            throw new IOException(
                    "register was answered " + answer.statusCode() + " " + answer.body());
        }
    }

    private HttpRequest registration(String app, String id, int leaseSeconds) {
        return HttpRequest.newBuilder(URI.create(base + "/" + app))
                .header("Content-Type", "application/json")
                .POST(
                        HttpRequest.BodyPublishers.ofString(
                                BenchInstance.json(app, id, leaseSeconds)))
                .build();
    }

    int beat(String app, String id) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(
                                URI.create(
                                        base
                                                + "/"
                                                + app
                                                + "/"
                                                + id
                                                + "?status=UP&lastDirtyTimestamp=1700000000000"))
                        .PUT(HttpRequest.BodyPublishers.noBody())
                        .build();
        return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    /// `/apps<path>` as JSON text; empty if the server says that there is no such thing.
    String get(String path) throws IOException, InterruptedException {
        HttpResponse<String> answer =
                http.send(request(path), HttpResponse.BodyHandlers.ofString());
        return answer.statusCode() == 200 ? answer.body() : "";
    }

    /// `/apps<path>` as compressed JSON bytes, as a polling client reads it.
    byte[] fetch(String path) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(base + path))
                        .header("Accept", "application/json")
                        .header("Accept-Encoding", "gzip")
                        .build();
        HttpResponse<byte[]> answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        if (answer.statusCode() != 200) {
            throw new IOException(path + " was answered " + answer.statusCode());
        }
        return answer.body();
    }

    private HttpRequest request(String path) {
        return HttpRequest.newBuilder(URI.create(base + path))
                .header("Accept", "application/json")
                .build();
    }

    @Override
    public void close() {
        http.close();
    }
}
