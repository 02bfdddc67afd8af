package io.mainstay.head.eureka;

import io.mainstay.head.web.Authenticator;
import io.mainstay.head.web.EventLoops;
import io.mainstay.head.web.WebServerConfig;
import io.mainstay.platform.real.RealPlatform;
import io.vertx.core.Vertx;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// A head on a free port of loopback over a [MapRegistry], and a plain HTTP client.
final class HeadFixture implements AutoCloseable {

    static final String CONSOLE = "http://127.0.0.1:8700/";

    final MapRegistry registry = new MapRegistry();
    private final Vertx vertx = EventLoops.start(1);
    private final HttpClient client = HttpClient.newHttpClient();
    private final EurekaHead head;

    HeadFixture(Path directory, Authenticator authenticator) throws IOException {
        this.head =
                EurekaHead.start(
                        new EurekaHeadConfig(
                                WebServerConfig.plain("eureka", "127.0.0.1", 0), CONSOLE),
                        EurekaPeers.none(registry),
                        authenticator,
                        RealPlatform.at(directory),
                        vertx);
    }

    int port() {
        return head.port();
    }

    HttpResponse<String> send(String method, String path, String... headers) throws Exception {
        return send(method, path, new byte[0], headers);
    }

    HttpResponse<String> send(String method, String path, byte[] body, String... headers)
            throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                        .method(method, BodyPublishers.ofByteArray(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    HttpResponse<byte[]> bytes(String path, String... headers) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                        .headers(headers)
                        .build(),
                BodyHandlers.ofByteArray());
    }

    HttpResponse<String> json(String path) throws Exception {
        return send("GET", path, "Accept", "application/json");
    }

    HttpResponse<String> register(String app, String body) throws Exception {
        return registerAt("/eureka/apps/" + app, body);
    }

    HttpResponse<String> registerAt(String path, String body) throws Exception {
        return send(
                "POST",
                path,
                body.getBytes(StandardCharsets.UTF_8),
                "Content-Type",
                "application/json");
    }

    @Override
    public void close() {
        head.close();
        client.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
