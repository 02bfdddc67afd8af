package io.mainstay.it;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;

/// Stands between two registries, passes calls on and remembers the items of the batches that went through.
final class RecordingProxy implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIME_OUT = Duration.ofSeconds(60);
    private static final Set<String> PASSED =
            Set.of(
                    "accept",
                    "content-type",
                    "content-encoding",
                    "authorization",
                    "x-netflix-discovery-replication");

    /// One item of a batch, or one single call as its method and path.
    record Item(String action, String id) {}

    private final List<Item> items = new CopyOnWriteArrayList<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;
    private volatile String target = "";

    RecordingProxy() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::pass);
        server.start();
    }

    /// @param eurekaUrl base with a slash at the end; until it is known, calls get 503
    void target(String eurekaUrl) {
        target = eurekaUrl;
    }

    String eurekaUrl() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/eureka/";
    }

    List<String> actions(String id) {
        return items.stream().filter(item -> item.id().equals(id)).map(Item::action).toList();
    }

    long count(String id, String action) {
        return actions(id).stream().filter(action::equals).count();
    }

    int total() {
        return items.size();
    }

    private void pass(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            if (target.isEmpty()) {
                exchange.sendResponseHeaders(503, -1);
                return;
            }
            String path = exchange.getRequestURI().toString();
            String below = path.replaceFirst("^/eureka/", "");
            remember(exchange, below, body);
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(URI.create(target + below)).timeout(TIME_OUT);
            exchange.getRequestHeaders()
                    .forEach(
                            (name, values) -> {
                                if (PASSED.contains(name.toLowerCase(java.util.Locale.ROOT))) {
                                    request.header(name, values.getFirst());
                                }
                            });
            request.method(exchange.getRequestMethod(), BodyPublishers.ofByteArray(body));
            HttpResponse<byte[]> answer = client.send(request.build(), BodyHandlers.ofByteArray());
            answer.headers()
                    .firstValue("content-type")
                    .ifPresent(type -> exchange.getResponseHeaders().set("Content-Type", type));
            byte[] sent = answer.body();
            exchange.sendResponseHeaders(answer.statusCode(), sent.length == 0 ? -1 : sent.length);
            if (sent.length > 0) {
                exchange.getResponseBody().write(sent);
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException unreachable) {
            // The caller sees its connection closed, as if nobody listened.
            exchange.close();
        }
    }

    private void remember(HttpExchange exchange, String path, byte[] body) throws IOException {
        if (!path.startsWith("peerreplication/batch")) {
            items.add(new Item(exchange.getRequestMethod(), path));
            return;
        }
        boolean packed = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
        InputStream plain = new ByteArrayInputStream(body);
        for (JsonNode item :
                JSON.readTree(packed ? new GZIPInputStream(plain) : plain)
                        .path("replicationList")) {
            items.add(new Item(item.path("action").asString(), item.path("id").asString()));
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        client.close();
    }
}
