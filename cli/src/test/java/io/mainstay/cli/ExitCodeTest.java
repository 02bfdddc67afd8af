package io.mainstay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;

import io.mainstay.cli.registry.RegistryCommand;
import io.mainstay.cli.user.UserCommand;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import picocli.CommandLine;
import picocli.CommandLine.Command;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Every command against a real HTTP server: what it asks, what it prints, how it ends.
class ExitCodeTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final List<String> asked = new ArrayList<>();
    private HttpServer server;
    private int status = 200;
    private String answer = "{}";

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    String body =
                            new String(
                                    exchange.getRequestBody().readAllBytes(),
                                    StandardCharsets.UTF_8);
                    asked.add(
                            (exchange.getRequestMethod()
                                            + " "
                                            + exchange.getRequestURI()
                                            + " "
                                            + body)
                                    .strip());
                    byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
                    exchange.getResponseBody().write(bytes);
                    exchange.close();
                });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Command(name = "mainstay")
    private static final class Root {}

    private int run(String... arguments) {
        CommandLine line =
                Cli.prepare(
                        new CommandLine(new Root())
                                .addSubcommand(new StatusCommand())
                                .addSubcommand(new RegistryCommand())
                                .addSubcommand(new UserCommand()));
        line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        return line.execute(arguments);
    }

    private int runHere(String command) {
        return run((command + " --server " + address()).split(" "));
    }

    private String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @ParameterizedTest
    @CsvSource({
        "200, 0", "204, 0", "400, 2", "401, 4", "403, 4", "404, 5", "408, 7", "409, 6", "412, 6",
        "422, 2", "500, 1", "503, 1", "504, 7"
    })
    void theStatusDecidesTheExitCode(int httpStatus, int exitCode) {
        status = httpStatus;
        answer = httpStatus == 204 ? "" : "{\"message\":\"because of the moon\"}";

        assertThat(runHere("registry services")).isEqualTo(exitCode);
        if (exitCode != 0) {
            assertThat(err.toString()).contains("because of the moon");
        }
    }

    @Test
    void nobodyListeningIsThree() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        assertThat(run("status", "--server", "http://127.0.0.1:" + free))
                .isEqualTo(ExitCode.CANNOT_CONNECT);
        assertThat(err.toString()).contains("cannot connect").contains("mainstay start");
    }

    @Test
    void anAnswerThatNeverComesIsSeven() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "http://127.0.0.1:" + silent.getLocalPort();
            assertThat(run("status", "--server", address, "--timeout", "1"))
                    .isEqualTo(ExitCode.TIMEOUT);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "status --server nonsense://x",
        "status --timeout 0",
        "status --nonsense",
        "nonsense",
        "registry show onlyOne",
        "registry cancel A b",
        "registry protect off",
        "registry protect sideways",
        "registry register A a",
        "registry register A a --host h",
        "registry register A a --host h --port x",
        "registry register A a --host h --port 1 --lease 0",
        "user add",
        "user namespaces ann",
        "user namespaces ann team-a --all",
        "user add ann --role king",
        "user add ann --role viewer --prompt",
        "user remove ann",
        "user role ann king",
        "user token add ann",
        "user token remove ann ci",
        "status --ca no-such-file.pem"
    })
    void aWrongCommandLineIsTwoAndAsksNobody(String command) {
        assertThat(run(command.split(" "))).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).startsWith("mainstay: ");
        assertThat(asked).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    status                               | GET /api/v1/overview
                    registry services                    | GET /api/v1/registry/services?namespace=default
                    registry instances A/B -n prod       | GET /api/v1/registry/services/A%2FB?namespace=prod
                    registry show A a:1                  | GET /api/v1/registry/instances/A/a%3A1?namespace=default
                    registry cancel A a:1 --yes          | DELETE /api/v1/registry/instances/A/a%3A1?namespace=default
                    registry status A a:1 out_of_service | PUT /api/v1/registry/instances/A/a%3A1/status?namespace=default&value=OUT_OF_SERVICE
                    registry status A a:1 clear          | DELETE /api/v1/registry/instances/A/a%3A1/status?namespace=default
                    registry protect                     | GET /api/v1/registry/protection
                    registry protect off --yes           | PUT /api/v1/registry/protection?enabled=false
                    registry register A a:1 --host h --port 80 | PUT /api/v1/registry/instances/A/a%3A1?namespace=default {"host":"h","port":80,"leaseDurationMs":86400000}
                    registry register A a --host h --ip i --secure-port 1 --zone z --weight 5 --metadata k=v --lease 9 | PUT /api/v1/registry/instances/A/a?namespace=default {"host":"h","ip":"i","securePort":1,"zone":"z","weight":5,"metadata":{"k":"v"},"leaseDurationMs":9000}
                    user add ann                         | PUT /api/v1/users/ann {}
                    user add ann --role service          | PUT /api/v1/users/ann {"role":"SERVICE"}
                    user add a --namespace b -n c        | PUT /api/v1/users/a {"namespaces":["b","c"]}
                    registry namespaces                  | GET /api/v1/registry/namespaces
                    user list                            | GET /api/v1/users
                    user password ann                    | PUT /api/v1/users/ann/password {}
                    user remove ann --yes                | DELETE /api/v1/users/ann
                    user token add ann ci                | PUT /api/v1/users/ann/tokens/ci
                    user token add ann ci --replace      | PUT /api/v1/users/ann/tokens/ci
                    user token remove ann ci --yes       | DELETE /api/v1/users/ann/tokens/ci
                    """)
    void commandsAskWhatTheAdminApiOffers(String command, String request) {
        assertThat(runHere(command)).as(err.toString()).isZero();
        assertThat(asked).containsExactly(request);
    }

    @Test
    void aRoleIsChangedOnlyOfAUserWhoIsThere() {
        assertThat(runHere("user role ann operator")).isZero();
        assertThat(asked)
                .containsExactly(
                        "GET /api/v1/users/ann", "PUT /api/v1/users/ann {\"role\":\"OPERATOR\"}");
    }

    @Test
    void namespacesAreChangedOnlyOfAUserWhoIsThere() {
        assertThat(runHere("user namespaces ann team-a team-b")).isZero();
        assertThat(out).hasToString("ann is bound to team-a, team-b now\n");
        assertThat(runHere("user namespaces ann --all")).isZero();
        assertThat(asked)
                .containsExactly(
                        "GET /api/v1/users/ann",
                        "PUT /api/v1/users/ann {\"namespaces\":[\"team-a\",\"team-b\"]}",
                        "GET /api/v1/users/ann",
                        "PUT /api/v1/users/ann {\"namespaces\":[]}");
    }

    @Test
    void aSecretThatTheNodeChoseIsPrintedOnce() {
        answer =
                "{\"name\":\"root\",\"role\":\"ADMIN\",\"first\":true,\"password\":\"s3cret\",\"revision\":7}";
        assertThat(runHere("user add root")).isZero();
        assertThat(out.toString())
                .startsWith("added root as ADMIN\nPassword, shown this once: s3cret\n")
                .contains("From now on the node wants credentials");
        out.getBuffer().setLength(0);
        answer = "{\"user\":\"root\",\"label\":\"ci\",\"token\":\"t0ken\",\"revision\":8}";
        assertThat(runHere("user token add root ci")).isZero();
        assertThat(out).hasToString("made the token ci of root\nToken, shown this once: t0ken\n");
        out.getBuffer().setLength(0);
        assertThat(runHere("user token add root ci -o json")).isZero();
        assertThat(out).hasToString(answer + "\n");
    }

    @Test
    void usersAreATable() {
        answer =
                "{\"items\":[{\"name\":\"ann\",\"role\":\"VIEWER\",\"namespaces\":[\"a\",\"b\"],\"tokens\":[\"ci\",\"cd\"],\"createdMs\":0,\"changedMs\":61000}]}";
        assertThat(runHere("user list")).isZero();
        assertThat(out)
                .hasToString(
                        """
                        USER  ROLE    NAMESPACES  TOKENS  CREATED               CHANGED
                        ann   VIEWER  a,b         ci,cd   1970-01-01T00:00:00Z  1970-01-01T00:01:01Z
                        """);
    }

    @Test
    void aListIsATableOrJson() {
        answer = "{\"items\":[{\"service\":\"ORDER\",\"instances\":2,\"up\":1,\"revision\":42}]}";

        assertThat(runHere("registry services")).isZero();
        assertThat(out)
                .hasToString(
                        """
                        SERVICE  INSTANCES  UP  REVISION
                        ORDER    2          1   42
                        """);
        out.getBuffer().setLength(0);
        assertThat(runHere("registry services -o json")).isZero();
        assertThat(out).hasToString(answer + "\n");
        out.getBuffer().setLength(0);
        assertThat(runHere("registry services --quiet")).isZero();
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void whatStrangersWroteCannotSteerTheTerminal() {
        answer = "{\"items\":[{\"service\":\"\\u001b[2J\\u202eEVIL\\n\"}]}";

        runHere("registry services");

        assertThat(out.toString()).contains("?[2J?EVIL?").doesNotContain("\u001b", "\u202e");
    }

    @Test
    void anAnswerThatIsNoJsonIsOne() {
        answer = "<html>";

        assertThat(runHere("status")).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("is not JSON");
    }

    @Test
    void watchEndsAfterItsCount() {
        answer =
                "event: change\ndata: {\"a\":1}\n\n: beat\n\ndata: {\"a\":2}\n\ndata: {\"a\":3}\n\n";

        assertThat(runHere("registry watch -o json --count 2")).isZero();
        assertThat(out).hasToString("{\"a\":1}\n{\"a\":2}\n");
    }

    @Test
    void watchSaysWhatChangedOnOneLine() {
        answer =
                "data: {\"kind\":\"ADDED\",\"instance\":{\"service\":\"ORDER\",\"instanceId\":\"o-1\",\"status\":\"UP\",\"host\":\"h\",\"port\":80}}\n\n";

        assertThat(runHere("registry watch --count 1")).isZero();
        assertThat(out).hasToString("ADDED ORDER o-1 UP h:80\n");
    }
}
