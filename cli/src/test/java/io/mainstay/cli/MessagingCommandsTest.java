package io.mainstay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;

import io.mainstay.cli.messaging.MessagingCommands;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import picocli.CommandLine;
import picocli.CommandLine.Command;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What the commands on messaging ask of the admin API, and what they print.
class MessagingCommandsTest {

    @Command(name = "mainstay")
    private static final class Program {}

    private final StringWriter out = new StringWriter();
    private final List<String> asked = new ArrayList<>();
    private HttpServer server;
    private String answer = "{}";

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    byte[] body = exchange.getRequestBody().readAllBytes();
                    asked.add(
                            (exchange.getRequestMethod()
                                            + " "
                                            + exchange.getRequestURI()
                                            + " "
                                            + new String(body, StandardCharsets.UTF_8))
                                    .strip());
                    byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, bytes.length);
                    exchange.getResponseBody().write(bytes);
                    exchange.close();
                });
        server.start();
    }

    @AfterEach
    void close() {
        server.stop(0);
    }

    private int run(String line) {
        CommandLine program =
                Cli.prepare(MessagingCommands.addTo(new CommandLine(new Program())))
                        .setOut(new PrintWriter(out, true));
        List<String> words = new ArrayList<>(List.of(line.split(" ")));
        words.add("--server");
        words.add("http://127.0.0.1:" + server.getAddress().getPort());
        return program.execute(words.toArray(String[]::new));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "queue list|GET queues?vhost=%2F",
                "queue show a/b --vhost v|GET queues/a%2Fb?vhost=v",
                "queue create q --type quorum --argument x-max-length=5 --argument x=\"5\"|PUT queues/q?vhost=%2F {\"durable\":true,\"autoDelete\":false,\"arguments\":{\"x-max-length\":5,\"x\":\"5\",\"x-queue-type\":\"quorum\"}}",
                "queue delete q --if-empty --yes|DELETE queues/q?vhost=%2F&ifEmpty=true&ifUnused=false",
                "queue purge q --yes|POST queues/q/purge?vhost=%2F",
                "exchange create e --type topic|PUT exchanges/e?vhost=%2F {\"type\":\"topic\",\"durable\":true,\"autoDelete\":false,\"internal\":false,\"arguments\":{}}",
                "exchange delete e --yes|DELETE exchanges/e?vhost=%2F&ifUnused=false",
                "binding create e q --key a.#|POST bindings?vhost=%2F {\"source\":\"e\",\"destination\":\"q\",\"toExchange\":false,\"routingKey\":\"a.#\",\"arguments\":{}}",
                "binding delete e q|POST bindings/remove?vhost=%2F {\"source\":\"e\",\"destination\":\"q\",\"toExchange\":false,\"routingKey\":\"\",\"arguments\":{}}",
                "vhost create v --description d|PUT vhosts/v {\"description\":\"d\"}",
                "vhost delete v --yes|DELETE vhosts/v",
                "policy create p ^q --definition max-length=5|PUT policies/p?vhost=%2F {\"pattern\":\"^q\",\"definition\":{\"max-length\":5},\"applyTo\":\"all\",\"priority\":0,\"operator\":false}",
                "policy delete p --operator --yes|DELETE policies/p?vhost=%2F&operator=true",
                "permission create ann --read .*|PUT permissions/ann?vhost=%2F {\"configure\":\"\",\"write\":\"\",\"read\":\".*\"}",
                "permission delete ann --yes|DELETE permissions/ann?vhost=%2F",
                "peek q -n 5|GET queues/q/messages?vhost=%2F&count=5",
                "consume q|DELETE queues/q/messages?vhost=%2F&count=1",
                "publish k hi --header n=1 --ttl 5|POST publish?vhost=%2F {\"exchange\":\"\",\"routingKey\":\"k\",\"payload\":\"hi\",\"persistent\":true,\"priority\":0,\"headers\":{\"n\":1},\"ttlMs\":5}",
            })
    void eachCommandIsOneCall(String line, String expected) {
        assertThat(run(line)).isZero();
        String call = expected.replaceFirst(" ", " /api/v1/messaging/");
        assertThat(asked).containsExactly(call);
    }

    @Test
    void listsAreTables() {
        answer = "{\"items\":[{\"name\":\"orders\",\"type\":\"quorum\",\"ready\":3}]}";
        assertThat(run("queue list")).isZero();
        assertThat(out.toString()).contains("READY").containsPattern("orders\\s+quorum\\s+3");
    }

    @Test
    void aMessageThatReachesNoQueueSaysSoByTheExitCode() {
        answer = "{\"queues\":0}";
        assertThat(run("publish k hi")).isEqualTo(ExitCode.NOT_FOUND);
        assertThat(out.toString()).contains("0 queues");
    }

    @Test
    void whatDeletesAsksFirst() {
        assertThat(run("queue delete q")).isEqualTo(ExitCode.USAGE);
        assertThat(asked).isEmpty();
    }

    @Test
    void definitionsAreReadFromAFileAndPrinted(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("d.json"), "{\"queues\": []}");
        answer = "{\"items\":3,\"leftOut\":[\"a limit\"],\"refused\":[\"queue q\"]}";
        assertThat(run("definitions import " + file)).isEqualTo(ExitCode.CONFLICT);
        assertThat(asked).containsExactly("POST /api/v1/messaging/definitions {\"queues\":[]}");
        assertThat(out.toString()).containsPattern("taken in\\s+2").contains("a limit", "queue q");
        answer = "{\"users\":[]}";
        assertThat(run("definitions export")).isZero();
        assertThat(out.toString()).endsWith("{\"users\":[]}" + System.lineSeparator());
        assertThat(run("definitions import " + directory.resolve("none")))
                .isEqualTo(ExitCode.USAGE);
    }
}
