package io.mainstay.head.eureka;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import tools.jackson.core.JacksonException;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/// A peer that answers as a test wants it to and remembers what it was told.
final class FakeEurekaServer implements AutoCloseable {

    /// What it was told, as `Register i1`.
    final List<String> told = new CopyOnWriteArrayList<>();

    final List<Integer> batchSizes = new CopyOnWriteArrayList<>();
    final List<String> credentials = new CopyOnWriteArrayList<>();

    /// Answer to an item: a status, or a status and an entity as `409 {…}`.
    volatile Function<String, String> answers = item -> "200";

    /// Body of a full fetch.
    volatile String applications = "{\"applications\":{\"application\":[]}}";

    /// Status of every answer; 200 unless it is ill.
    volatile int status = 200;

    private final HttpServer server;

    FakeEurekaServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/eureka/", this::answer);
        server.start();
    }

    /// Where its clients look.
    String url() {
        return "http://reader:pass%20word@127.0.0.1:" + server.getAddress().getPort() + "/eureka";
    }

    static String applications(String... instances) {
        return """
        {"applications":{"versions__delta":"1","apps__hashcode":"x","application":[
         {"name":"ORDERS","instance":[%s]}]}}
        """
                .formatted(String.join(",", instances));
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            credentials.add(exchange.getRequestHeaders().getFirst("Authorization"));
            if (status != 200) {
                exchange.sendResponseHeaders(status, -1);
                return;
            }
            String path = exchange.getRequestURI().getPath();
            String json = path.endsWith("/batch/") ? batch(body) : applications;
            byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private String batch(byte[] body) throws IOException {
        List<String> responses = new ArrayList<>();
        try {
            List<ReplicationItem> items = JsonReader.batch(body);
            batchSizes.add(items.size());
            for (ReplicationItem item : items) {
                String said = item.text("action") + " " + item.text("id");
                told.add(said);
                String[] answer = answers.apply(said).split(" ", 2);
                String entity = answer.length == 1 ? "" : ",\"responseEntity\":" + answer[1];
                responses.add("{\"statusCode\":" + answer[0] + entity + "}");
            }
        } catch (BadInputException | JacksonException broken) {
            throw new IOException("not a batch", broken);
        }
        return "{\"responseList\":[" + String.join(",", responses) + "]}";
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
