package io.mainstay.head.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mainstay.head.web.Answers;
import io.mainstay.head.web.EventLoops;
import io.mainstay.head.web.WebServer;
import io.mainstay.head.web.WebServerConfig;
import io.vertx.core.Vertx;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;

class ConsoleFilesTest {

    private static final String SCRIPT = "/assets/page-1a2b.js";

    private final HttpClient client = HttpClient.newHttpClient();
    private final Vertx vertx = EventLoops.start(1);
    private WebServer server;

    @BeforeEach
    void serve() throws Exception {
        ConsoleFiles page = ConsoleFiles.at("some-page");
        server =
                WebServer.start(
                        vertx,
                        1,
                        WebServerConfig.plain("http", "127.0.0.1", 0),
                        request -> {
                            if (!page.answer(request)) {
                                Answers.empty(request, 404);
                            }
                        });
    }

    @AfterEach
    void end() {
        server.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void thePageIsAskedForEachTimeAndAllowsNothingFromElsewhere() throws Exception {
        HttpResponse<byte[]> page = get("/");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(text(page.body())).contains("a page");
        assertThat(header(page, "Content-Type")).isEqualTo("text/html; charset=utf-8");
        assertThat(header(page, "Cache-Control")).isEqualTo("no-cache");
        assertThat(header(page, "Content-Security-Policy"))
                .contains("default-src 'self'", "frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(header(page, "X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(header(page, "Referrer-Policy")).isEqualTo("no-referrer");
    }

    @Test
    void aFileWithItsHashInItsNameIsKeptForGood() throws Exception {
        HttpResponse<byte[]> script = get(SCRIPT);

        assertThat(script.statusCode()).isEqualTo(200);
        assertThat(header(script, "Content-Type")).isEqualTo("text/javascript; charset=utf-8");
        assertThat(header(script, "Cache-Control")).contains("immutable");
    }

    @Test
    void whatTheBrowserHasIsNotSentAgain() throws Exception {
        String etag = header(get("/"), "ETag");

        HttpResponse<byte[]> again = send("GET", "/", "If-None-Match", etag);

        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
    }

    @Test
    void itIsPackedForThoseWhoUnpack() throws Exception {
        HttpResponse<byte[]> packed = send("GET", SCRIPT, "Accept-Encoding", "br, gzip");

        assertThat(header(packed, "Content-Encoding")).isEqualTo("gzip");
        assertThat(header(packed, "Vary")).isEqualTo("Accept-Encoding");
        byte[] unpacked =
                new GZIPInputStream(new ByteArrayInputStream(packed.body())).readAllBytes();
        assertThat(unpacked).isEqualTo(get(SCRIPT).body());
    }

    @Test
    void headHasNoBody() throws Exception {
        HttpResponse<byte[]> head = send("HEAD", SCRIPT, "Accept", "*/*");

        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(header(head, "Content-Length"))
                .isEqualTo(Integer.toString(get(SCRIPT).body().length));
    }

    @Test
    void whatIsNotInTheListDoesNotExist() throws Exception {
        for (String path :
                new String[] {
                    "/secret.txt",
                    "/files.sha256",
                    "/index.html",
                    "/assets/",
                    "/assets/../secret.txt",
                    "/%2e%2e/logback-test.xml",
                    "//assets/page-1a2b.js"
                }) {
            assertThat(get(path).statusCode()).as(path).isEqualTo(404);
        }
        assertThat(send("POST", "/", "Accept", "*/*").statusCode()).isEqualTo(404);
    }

    @Test
    void aPageThatIsMissingIsToldByName() {
        assertThatThrownBy(() -> ConsoleFiles.at("no-page"))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("no-page/files.sha256");
    }

    private HttpResponse<byte[]> get(String path) throws Exception {
        return send("GET", path, "Accept", "*/*");
    }

    private HttpResponse<byte[]> send(String method, String path, String header, String value)
            throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .header(header, value)
                        .build();
        return client.send(request, BodyHandlers.ofByteArray());
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
