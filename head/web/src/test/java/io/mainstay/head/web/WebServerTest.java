package io.mainstay.head.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mainstay.access.api.Role;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.function.Consumer;

class WebServerTest {

    private static final int BODY_BYTES = 100_000;

    private final Vertx vertx = EventLoops.start(2);
    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void close() {
        client.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private WebServer echo() throws IOException {
        return WebServer.start(
                vertx,
                2,
                WebServerConfig.plain("test", "127.0.0.1", 0),
                request ->
                        Bodies.read(
                                request,
                                BODY_BYTES,
                                body -> Answers.text(request, 200, "" + body.length)));
    }

    private HttpResponse<String> send(WebServer server, HttpRequest.Builder request)
            throws Exception {
        return client.send(
                request.uri(URI.create("http://127.0.0.1:" + server.port() + "/x")).build(),
                BodyHandlers.ofString());
    }

    private static HttpRequest.Builder post(byte[] body) {
        return HttpRequest.newBuilder().POST(BodyPublishers.ofByteArray(body));
    }

    @Test
    void usesNativeTransportOnLinux() {
        assertThat(vertx.isNativeTransportEnabled())
                .isEqualTo(System.getProperty("os.name").equals("Linux"));
    }

    @Test
    void takesAFreePortAndClosesTwice() throws Exception {
        WebServer server = echo();
        assertThat(server.port()).isPositive();
        for (int i = 0; i < 8; i++) {
            assertThat(send(server, post(new byte[i])).body()).isEqualTo("" + i);
        }
        server.close();
        server.close();
    }

    @Test
    void aTakenPortIsExplained() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            assertThatThrownBy(
                            () ->
                                    WebServer.start(
                                            vertx,
                                            2,
                                            WebServerConfig.plain("eureka", "127.0.0.1", port),
                                            request -> Answers.empty(request, 200)))
                    .isInstanceOf(PortUnavailableException.class)
                    .hasMessageContaining("127.0.0.1:" + port)
                    .hasMessageContaining("eureka.port");
        }
    }

    @Test
    void bodiesBeyondTheLimitGet413DeclaredOrStreamed() throws Exception {
        try (WebServer server = echo()) {
            byte[] large = new byte[BODY_BYTES + 1];
            assertThat(send(server, post(large)).statusCode()).isEqualTo(413);
            HttpRequest.Builder streamed =
                    HttpRequest.newBuilder()
                            .POST(
                                    BodyPublishers.ofInputStream(
                                            () -> new java.io.ByteArrayInputStream(large)));
            assertThat(send(server, streamed).statusCode()).isEqualTo(413);
            assertThat(send(server, post(new byte[BODY_BYTES])).body()).isEqualTo("" + BODY_BYTES);
        }
    }

    @Test
    void aClientThatSendsItsWholeBodyFirstStillReadsTheRefusal() throws Exception {
        try (WebServer server = echo()) {
            byte[] head =
                    "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 8000000\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < 20; i++) {
                try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
                    socket.getOutputStream().write(head);
                    for (int sent = 0; sent < 8_000_000; sent += 100_000) {
                        socket.getOutputStream().write(new byte[100_000]);
                    }
                    InputStream in = socket.getInputStream();
                    assertThat(new String(in.readAllBytes(), StandardCharsets.US_ASCII))
                            .startsWith("HTTP/1.1 413 ")
                            .contains("connection: close");
                }
            }
        }
    }

    @Test
    void gzipIsUnpackedWithinTheLimit() throws Exception {
        try (WebServer server = echo()) {
            byte[] packed = Gzip.pack(new byte[50_000]);
            assertThat(send(server, post(packed).header("Content-Encoding", "gzip")).body())
                    .isEqualTo("50000");
            byte[] bomb = Gzip.pack(new byte[50_000_000]);
            assertThat(bomb.length).isGreaterThan(BODY_BYTES);
            byte[] smallBomb = Gzip.pack(new byte[5_000_000]);
            assertThat(smallBomb.length).isLessThan(BODY_BYTES);
            assertThat(
                            send(server, post(smallBomb).header("Content-Encoding", "gzip"))
                                    .statusCode())
                    .isEqualTo(413);
            assertThat(
                            send(server, post(new byte[99]).header("Content-Encoding", "gzip"))
                                    .statusCode())
                    .isEqualTo(400);
            assertThat(
                            send(server, post(new byte[99]).header("Content-Encoding", "br"))
                                    .statusCode())
                    .isEqualTo(415);
        }
    }

    @Test
    void longLinesAndHeadersAreRefused() throws Exception {
        try (WebServer server = echo()) {
            assertThat(raw(server, "GET /" + "a".repeat(9000) + " HTTP/1.1\r\nHost: x\r\n\r\n"))
                    .contains(" 414 ");
            assertThat(
                            raw(
                                    server,
                                    "GET / HTTP/1.1\r\nHost: x\r\nA: "
                                            + "a".repeat(40_000)
                                            + "\r\n\r\n"))
                    .contains(" 431 ");
        }
    }

    @Test
    void aHeadThatTricklesIsRefusedAndOneThatComesInTimeIsNot() throws Exception {
        WebServerConfig usual = WebServerConfig.plain("test", "127.0.0.1", 0);
        WebServerConfig hasty =
                new WebServerConfig(
                        "test",
                        "127.0.0.1",
                        0,
                        null,
                        null,
                        usual.limits().withHead(Duration.ofSeconds(1)));
        try (WebServer server =
                        WebServer.start(vertx, 1, hasty, request -> Answers.empty(request, 204));
                Socket slow = new Socket(InetAddress.getLoopbackAddress(), server.port());
                Socket quick = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            byte[] whole = "GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
            quick.setSoTimeout(60_000);
            quick.getOutputStream().write(whole);
            assertThat(answer(quick)).startsWith("HTTP/1.1 204 ");
            slow.setSoTimeout(60_000);
            slow.getOutputStream().write(whole, 0, 5);
            assertThat(new String(slow.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 408 ");
            // Older than the bound by now, but between two requests.
            quick.getOutputStream().write(whole);
            assertThat(answer(quick)).startsWith("HTTP/1.1 204 ");
        }
    }

    private static String answer(Socket socket) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                break;
            }
            head.append((char) next);
        }
        return head.toString();
    }

    @Test
    void aBrokenHandlerGives500AndTheServerGoesOn() throws Exception {
        try (WebServer server =
                WebServer.start(
                        vertx,
                        1,
                        WebServerConfig.plain("test", "127.0.0.1", 0),
                        WebServerTest::breakOnPost)) {
            assertThat(send(server, post(new byte[1])).statusCode()).isEqualTo(500);
            assertThat(send(server, HttpRequest.newBuilder()).statusCode()).isEqualTo(204);
        }
    }

    private static void breakOnPost(HttpServerRequest request) {
        if (request.method().name().equals("POST")) {
            throw new IllegalStateException("a handler that breaks, on purpose");
        }
        Answers.empty(request, 204);
    }

    @Test
    void credentialsAreCheckedAtOnceOrLater() throws Exception {
        AuthGate gate = new AuthGate(new OneUser(), "test");
        try (WebServer server =
                WebServer.start(
                        vertx,
                        1,
                        WebServerConfig.plain("test", "127.0.0.1", 0),
                        request ->
                                gate.enter(
                                        request,
                                        principal ->
                                                Bodies.read(
                                                        request,
                                                        BODY_BYTES,
                                                        body ->
                                                                Answers.text(
                                                                        request,
                                                                        200,
                                                                        principal.name()
                                                                                + body.length))))) {
            assertThat(send(server, post(new byte[9])).statusCode()).isEqualTo(401);
            assertThat(send(server, basic("ann:wrong")).statusCode()).isEqualTo(401);
            assertThat(send(server, basic("ann:known")).body()).isEqualTo("ann9");
            assertThat(send(server, basic("ann:slow:x")).body()).isEqualTo("ann9");
            assertThat(send(server, basic("nonsense")).statusCode()).isEqualTo(401);
        }
    }

    private static HttpRequest.Builder basic(String pair) {
        String encoded = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
        return post(new byte[9]).header("Authorization", "Basic " + encoded);
    }

    private static String raw(WebServer server, String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            return new String(in.readNBytes(64), StandardCharsets.US_ASCII);
        }
    }

    /// Knows one password by heart and looks another one up.
    private static final class OneUser implements Authenticator {
        @Override
        public boolean required() {
            return true;
        }

        @Override
        public Verdict known(Credentials credentials) {
            return switch (credentials) {
                case Credentials.Basic(String user, String password)
                        when password.equals("known") ->
                        new Verdict.Granted(new Principal(user, Role.SERVICE));
                case Credentials.Basic basic -> new Verdict.Unsure();
                case Credentials.Bearer _, Credentials.Certificate _ -> new Verdict.Denied();
            };
        }

        @Override
        public void check(Credentials credentials, Consumer<Verdict> done) {
            boolean good =
                    credentials instanceof Credentials.Basic basic
                            && basic.password().equals("slow:x");
            Thread.ofVirtual()
                    .start(
                            () ->
                                    done.accept(
                                            good
                                                    ? new Verdict.Granted(
                                                            new Principal("ann", Role.SERVICE))
                                                    : new Verdict.Denied()));
        }
    }
}
