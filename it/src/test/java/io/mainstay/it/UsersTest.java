package io.mainstay.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.testkit.Conditions;
import io.mainstay.testkit.Http;
import io.mainstay.testkit.JavaProcess;
import io.mainstay.testkit.NodeProcess;
import io.mainstay.testkit.StockService;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A real node with users: commands, stock clients, restarts and kills.
class UsersTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int ROUNDS = Boolean.getBoolean("mainstay.long") ? 50 : 4;

    @TempDir Path folder;

    private static String basic(String user, String password) {
        return "Basic "
                + Base64.getEncoder()
                        .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    private static int status(String url, String authorization) throws Exception {
        return Http.call("GET", url, "", "application/json", "Authorization", authorization)
                .status();
    }

    @Test
    void theFirstUserIsAddedOnARunningNodeAndAllUsersAreThereAfterARestart() throws Exception {
        Program program = new Program(folder);
        try (NodeProcess node = NodeProcess.start(folder.resolve("node"))) {
            String overview = node.httpUrl() + "/api/v1/overview";
            Map<String, String> env = Map.of("MAINSTAY_SERVER", node.httpUrl());
            assertThat(Http.get(overview).status()).isEqualTo(200);

            Program.Ended first = program.run(env, "user", "add", "root");
            assertThat(first.exitCode()).as(first.err()).isZero();
            String password = first.after("Password, shown this once:");
            assertThat(Http.get(overview).status()).isEqualTo(401);
            assertThat(Http.get(node.eurekaUrl() + "apps/").status()).isEqualTo(401);
            assertThat(program.run(env, "user", "list").exitCode()).isEqualTo(4);

            Map<String, String> root =
                    Map.of(
                            "MAINSTAY_SERVER",
                            node.httpUrl(),
                            "MAINSTAY_USER",
                            "root",
                            "MAINSTAY_PASSWORD",
                            password);
            Program.Ended token = program.run(root, "user", "token", "add", "root", "ci");
            String bearer = "Bearer " + token.after("Token, shown this once:");
            assertThat(status(overview, bearer)).isEqualTo(200);
            assertThat(program.run(root, "user", "add", "ann", "--role", "viewer").exitCode())
                    .isZero();

            assertThat(node.terminate()).isTrue();
            node.startAgain();

            assertThat(Http.get(overview).status()).isEqualTo(401);
            assertThat(status(overview, basic("root", password))).isEqualTo(200);
            assertThat(status(overview, bearer)).isEqualTo(200);
            assertThat(program.run(root, "user", "list").out())
                    .contains("root  ADMIN   all")
                    .contains("ann   VIEWER  all");
            // No secret is in the log or in the data.
            assertThat(node.process().log()).doesNotContain(password, bearer.substring(7));
        }
    }

    @Test
    void stockClientsSeeWhatTheCredentialsOfTheirUrlAllowAndARestartKeepsThat() throws Exception {
        try (NodeProcess node = NodeProcess.start(folder.resolve("node"))) {
            String root = basic("root", "root password");
            String users = node.httpUrl() + "/api/v1/users/";
            Http.call("PUT", users + "root", "{\"password\":\"root password\"}");
            assertThat(addService(node, "shop", "")).isEqualTo(201);
            for (String team : Set.of("team-a", "team-b")) {
                assertThat(addService(node, team, ",\"namespaces\":[\"" + team + "\"]"))
                        .isEqualTo(201);
            }
            try (StockService inventory =
                            launch(node.eurekaUrl("shop", "shop-password"), "inventory");
                    StockService payment = launch(teamUrl(node, "team-a", "team-a"), "payment");
                    StockService thief = launch(node.eurekaUrl("shop", "wrong"), "thief");
                    StockService stranger = launch(teamUrl(node, "team-a", "team-b"), "stranger")) {
                for (StockService one : List.of(inventory, payment, thief, stranger)) {
                    one.awaitStarted();
                }
                eachSeesItsOwn(inventory, payment);
                Conditions.await(
                        "the client with a wrong password to be refused",
                        SOON,
                        () -> thief.process().log().contains("401"));
                Conditions.await(
                        "the user of another namespace to be refused",
                        SOON,
                        () -> stranger.process().log().contains("403"));
                assertThat(thief.sees()).isEmpty();
                assertThat(stranger.sees()).isEmpty();
                for (String outside : List.of("/ns/team-b/eureka/", "/eureka/")) {
                    String url = node.eurekaUrl().replace("/eureka/", outside) + "apps/";
                    assertThat(status(url, basic("team-a", "team-a-password"))).isEqualTo(403);
                }

                // They go on with their beats after a restart, which knows no password by heart.
                node.kill();
                node.startAgain();
                for (String path : List.of("INVENTORY", "PAYMENT?namespace=team-a")) {
                    String service = node.httpUrl() + "/api/v1/registry/services/" + path;
                    Conditions.await(
                            "a beat after the restart for " + path,
                            SOON,
                            () ->
                                    Http.call(
                                                    "GET",
                                                    service,
                                                    "",
                                                    "application/json",
                                                    "Authorization",
                                                    root)
                                            .body()
                                            .matches(".*\"beats\":[1-9].*"));
                }
                String apps = node.eurekaUrl().replace("/eureka/", "/ns/team-a/eureka/") + "apps/";
                assertThat(status(apps + "PAYMENT", basic("team-a", "team-a-password")))
                        .isEqualTo(200);
                for (String name : List.of("INVENTORY", "STRANGER", "THIEF")) {
                    assertThat(status(apps + name, basic("team-a", "team-a-password")))
                            .as(name)
                            .isEqualTo(404);
                }
                assertThat(status(apps, basic("team-b", "team-b-password"))).isEqualTo(403);
                eachSeesItsOwn(inventory, payment);
                assertThat(node.process().log()).doesNotContain("shop-password", "team-a-password");
            }
        }
    }

    private static int addService(NodeProcess node, String name, String more) throws Exception {
        return Http.call(
                        "PUT",
                        node.httpUrl() + "/api/v1/users/" + name,
                        "{\"role\":\"SERVICE\",\"password\":\"%s-password\"%s}"
                                .formatted(name, more),
                        "application/json",
                        "Authorization",
                        basic("root", "root password"))
                .status();
    }

    private static void eachSeesItsOwn(StockService inventory, StockService payment) {
        Conditions.await(
                "each client to see itself and nobody else",
                SOON,
                () ->
                        inventory.sees().equals(Set.of(inventory.id()))
                                && payment.sees().equals(Set.of(payment.id())));
    }

    private static String teamUrl(NodeProcess node, String namespace, String user) {
        return node.eurekaUrl(user, user + "-password")
                .replace("/eureka/", "/ns/" + namespace + "/eureka/");
    }

    private StockService launch(String eurekaUrl, String name) {
        return StockService.launch(
                JavaProcess.sameJava(), Examples.demoService(), folder, name, eurekaUrl);
    }

    @Test
    void anAcknowledgedUserSurvivesAKill() throws Exception {
        try (NodeProcess node = NodeProcess.start(folder.resolve("node"))) {
            String users = node.httpUrl() + "/api/v1/users/";
            String root = basic("root", "password of u0");
            for (int round = 0; round < ROUNDS; round++) {
                String name = round == 0 ? "root" : "u" + round;
                String body = "{\"role\":\"ADMIN\",\"password\":\"password of u" + round + "\"}";
                int answer =
                        Http.call(
                                        "PUT",
                                        users + name,
                                        body,
                                        "application/json",
                                        "Authorization",
                                        root)
                                .status();
                node.kill();
                assertThat(answer).isEqualTo(201);
                node.startAgain();
                String credentials = basic(name, "password of u" + round);
                assertThat(status(users + name, credentials)).as(name).isEqualTo(200);
                assertThat(Http.get(users + name).status()).isEqualTo(401);
            }
        }
    }

    @Test
    void aNodeThatOthersCanReachStartsWithUsersOnly() throws Exception {
        Program program = new Program(folder);
        Path home = folder.resolve("node");
        String data = home.resolve("data").toString();
        Program.Ended refused =
                program.run(
                        Map.of(),
                        "start",
                        "--data",
                        data,
                        "-X",
                        "bind=0.0.0.0",
                        "-X",
                        "http.port=0",
                        "-X",
                        "eureka.port=0",
                        "-X",
                        "grpc.port=0",
                        "-X",
                        "amqp.port=0",
                        "-X",
                        "rabbitmq.port=0",
                        "-X",
                        "rabbitmq-metrics.port=0");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err())
                .contains("mainstay: bind is 0.0.0.0")
                .contains("type 'mainstay user init --data " + data + "'");

        Program.Ended made = program.run(Map.of(), "user", "init", "--data", data);
        assertThat(made.exitCode()).as(made.err()).isZero();
        String password = made.after("Password, shown this once:");
        assertThat(program.run(Map.of(), "user", "init", "--data", data).exitCode()).isEqualTo(6);
        assertThat(program.run(Map.of(), "user", "init", "--if-none", "--data", data).exitCode())
                .isZero();

        try (NodeProcess node = NodeProcess.start(home, "bind=0.0.0.0")) {
            String overview = node.httpUrl() + "/api/v1/overview";
            assertThat(Http.get(overview).status()).isEqualTo(401);
            assertThat(Http.get(node.eurekaUrl() + "apps/").status()).isEqualTo(401);
            assertThat(status(overview, basic("admin", password))).isEqualTo(200);
            assertThat(status(node.eurekaUrl() + "apps/", basic("admin", password))).isEqualTo(200);
            var browser =
                    Http.call(
                            "GET",
                            node.eurekaUrl(),
                            "",
                            "text/html",
                            "Authorization",
                            basic("admin", password));
            assertThat(browser.status()).isEqualTo(302);
            assertThat(
                            Http.call(
                                            "DELETE",
                                            node.httpUrl() + "/api/v1/users/admin",
                                            "",
                                            "application/json",
                                            "Authorization",
                                            basic("admin", password))
                                    .status())
                    .isEqualTo(409);
            assertThat(node.process().log()).contains("clear text").doesNotContain(password);

            Program.Ended running =
                    program.run(Map.of(), "user", "init", "--reset", "--data", data);
            assertThat(running.err()).contains("another node runs on the data directory");
        }
        // Whoever owns the directory gets in again.
        String given = "a password of my own";
        Program.Ended reset =
                program.run(
                        Map.of("MAINSTAY_NEW_PASSWORD", given),
                        "user",
                        "init",
                        "--reset",
                        "--data",
                        data);
        assertThat(reset.exitCode()).as(reset.err()).isZero();
        assertThat(reset.out()).doesNotContain(given);
        try (NodeProcess node = NodeProcess.start(home)) {
            String overview = node.httpUrl() + "/api/v1/overview";
            assertThat(status(overview, basic("admin", password))).isEqualTo(401);
            assertThat(status(overview, basic("admin", given))).isEqualTo(200);
        }
    }
}
