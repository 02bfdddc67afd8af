package io.mainstay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;

import io.mainstay.cli.messaging.MessagingCommands;
import io.mainstay.cli.user.UserCommand;

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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/// What the commands on messaging ask of the admin API, and what they print.
class MessagingCommandsTest {

    @Command(name = "mainstay")
    private static final class Program {}

    private final StringWriter out = new StringWriter();
    private final List<String> asked = new ArrayList<>();
    private HttpServer server;
    private String answer = "{}";

    /// Taken before `answer`, one for each call.
    private final Queue<String> answers = new ArrayDeque<>();

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
                    String next = answers.poll();
                    byte[] bytes = (next == null ? answer : next).getBytes(StandardCharsets.UTF_8);
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
                Cli.prepare(
                                MessagingCommands.addTo(new CommandLine(new Program()))
                                        .addSubcommand(new UserCommand()))
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
                "queue list --find a/b --sort ready|GET queues?vhost=%2F&name=a%2Fb&sort=ready&reverse=true",
                "exchange show a/b|GET exchanges/a%2Fb?vhost=%2F",
                "connection list --find pay|GET connections?name=pay",
                "connection show n.1|GET connections/n.1",
                "connection close n.1 --yes|DELETE connections/n.1?reason=closed%20by%20an%20operator",
                "connection close n.1 --channel 2 --reason stuck --yes|DELETE connections/n.1/channels/2?reason=stuck",
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
                "vhost limit list|GET vhost-limits",
                "vhost limit set v max-queues 7|PUT vhost-limits/v/max-queues {\"most\":7}",
                "vhost limit clear / max-queues|DELETE vhost-limits/%2F/max-queues",
                "user limit list|GET user-limits",
                "user limit set ann max-channels 7|PUT user-limits/ann/max-channels {\"most\":7}",
                "user limit clear ann max-channels|DELETE user-limits/ann/max-channels",
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
    void aQueueIsShownWithItsConsumersAndWhereTheyAreInAStream() {
        answers.add("{\"name\":\"a/b\",\"endOffset\":12}");
        answers.add(
                """
                {"items":[{"tag":"t1","connectionName":"c","channel":1,"prefetch":9,"nextOffset":7,"lag":5},
                 {"tag":"t2","connectionName":"c","channel":2,"prefetch":0}]}""");
        assertThat(run("queue show a/b --vhost v")).isZero();
        assertThat(asked)
                .containsExactly(
                        "GET /api/v1/messaging/queues/a%2Fb?vhost=v",
                        "GET /api/v1/messaging/consumers?vhost=v&queue=a%2Fb");
        assertThat(out.toString().lines().map(line -> line.replaceAll(" {2,}", " | ")))
                .containsExactly(
                        "FIELD | VALUE",
                        "name | a/b",
                        "endOffset | 12",
                        "consumer t1 | c, channel 1, prefetch 9, next offset 7, 5 behind",
                        "consumer t2 | c, channel 2, prefetch 0");
    }

    @Test
    void listsAreTables() {
        answer =
                "{\"items\":[{\"name\":\"orders\",\"type\":\"quorum\",\"state\":\"down\",\"ready\":3}]}";
        assertThat(run("queue list")).isZero();
        assertThat(out.toString())
                .contains("READY")
                .containsPattern("orders\\s+quorum\\s+down\\s+3");
    }

    @Test
    void aMessageThatReachesNoQueueSaysSoByTheExitCode() {
        answer = "{\"queues\":0}";
        assertThat(run("publish k hi")).isEqualTo(ExitCode.NOT_FOUND);
        assertThat(out.toString()).contains("no queue took it").contains("'k'");
    }

    @Test
    void aMoveGoesOnUntilWhatWasThereIsMoved() {
        answers.add("{\"moved\":10000,\"ready\":10005,\"stopped\":\"\"}");
        answers.add("{\"moved\":5,\"ready\":900,\"stopped\":\"\"}");
        assertThat(run("queue move dead orders")).isZero();
        assertThat(asked)
                .containsExactly(
                        "POST /api/v1/messaging/queues/dead/move?vhost=%2F {\"target\":\"orders\",\"limit\":10000}",
                        "POST /api/v1/messaging/queues/dead/move?vhost=%2F {\"target\":\"orders\",\"limit\":5}");
        assertThat(out.toString()).contains("moved 10005 messages of dead to orders");
    }

    @Test
    void aMoveThatTheTargetEndsSaysSo() {
        answer = "{\"moved\":2,\"ready\":3,\"stopped\":\"the target is full\"}";
        assertThat(run("queue move dead orders --limit 3")).isEqualTo(ExitCode.CONFLICT);
        assertThat(out.toString()).contains("moved 2 messages").contains("the target is full");
        assertThat(run("queue move dead orders --limit 0")).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void whatHasNoCallOfItsOwnIsFoundInItsList() {
        answer =
                "{\"items\":[{\"name\":\"a\",\"user\":\"ann\",\"operator\":false,\"read\":\".*\"},{\"name\":\"b\"}]}";
        assertThat(run("vhost show a")).isZero();
        assertThat(run("policy show a")).isZero();
        assertThat(run("permission show ann")).isZero();
        assertThat(run("vhost show c")).isEqualTo(ExitCode.NOT_FOUND);
        assertThat(run("policy show a --operator")).isEqualTo(ExitCode.NOT_FOUND);
        assertThat(run("permission show bob")).isEqualTo(ExitCode.NOT_FOUND);
    }

    @Test
    void aTailHasAQueueOfItsOwnWithTheExchangesKeys() {
        answers.add(
                "{\"type\":\"x-delayed-message\",\"arguments\":{\"x-delayed-type\":\"topic\"}}");
        answers.add("{}");
        answers.add("{}");
        answers.add("{\"items\":[]}");
        answers.add(
                "{\"items\":[{\"exchange\":\"events\",\"routingKey\":\"a.b\",\"payload\":\"one\\u001b[2J\"}]}");
        assertThat(run("tail events --count 1")).isZero();
        assertThat(out.toString()).startsWith("events a.b one?[2J");
        assertThat(asked.get(1))
                .matches(
                        "PUT /api/v1/messaging/queues/mainstay.tail.[0-9a-f]{16}.vhost=%2F .*\"x-expires\":60000.*");
        assertThat(asked.get(2)).contains("\"source\":\"events\",\"routingKey\":\"#\"");
        assertThat(asked.get(3)).startsWith("DELETE").contains("/messages?vhost=%2F&count=1");
        assertThat(asked.getLast()).matches("DELETE /api/v1/messaging/queues/mainstay.tail[^/]*");
    }

    @Test
    void aTailTakesNothingAwayFromOthers() {
        answer = "{\"type\":\"x-consistent-hash\"}";
        assertThat(run("tail parts")).isEqualTo(ExitCode.CONFLICT);
        assertThat(asked).containsExactly("GET /api/v1/messaging/exchanges/parts?vhost=%2F");
        answer = "{\"items\":[]}";
        assertThat(run("tail --queue alone")).isEqualTo(ExitCode.NOT_FOUND);
        assertThat(run("tail")).isEqualTo(ExitCode.USAGE);
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
