package io.mainstay.head.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mainstay.head.http.AdminFixture.Answer;
import io.mainstay.registry.api.InstanceKey;
import io.mainstay.registry.api.RenewOutcome;
import io.mainstay.registry.push.Delta;
import io.mainstay.registry.push.Selector;
import io.mainstay.registry.push.Subscriber;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

class RegistryCallsTest {

    private static final String ONE = "/registry/instances/orders/o-1";
    private static final String STORED = "/registry/instances/ORDERS/o-1";

    @TempDir Path directory;

    private AdminFixture api;

    @BeforeEach
    void open() throws Exception {
        api = new AdminFixture(directory);
    }

    @AfterEach
    void close() throws Exception {
        api.close();
    }

    @Test
    void whatIsRegisteredByHandLivesForADay() throws Exception {
        Answer done =
                api.put(
                        ONE,
                        """
                        {"host":"o1.example","ip":"10.0.0.1","port":8080,"securePort":8443,"zone":"a","weight":50,
                         "metadata":{"version":"2"},"labels":{"tier":"gold"}}
                        """);
        assertThat(done.status()).as(done.http().body()).isEqualTo(200);
        assertThat(done.json().path("revision").asLong()).isPositive();

        Answer shown = api.get(STORED);
        assertThat(shown.text("service")).isEqualTo("ORDERS");
        assertThat(shown.text("status")).isEqualTo("UP");
        assertThat(shown.json().path("port").asInt()).isEqualTo(8080);
        assertThat(shown.json().path("securePort").asInt()).isEqualTo(8443);
        assertThat(shown.json().path("weight").asInt()).isEqualTo(50);
        assertThat(shown.json().path("leaseDurationMs").asInt()).isEqualTo(86_400_000);
        assertThat(shown.json().path("leaseLeftMs").asLong()).isBetween(86_000_000L, 86_400_000L);
        assertThat(api.get("/registry/services").http().body()).contains("\"service\":\"ORDERS\"");
        assertThat(api.get("/registry/services/ORDERS").json().path("items").size()).isEqualTo(1);

        // Spring's clients look a service up by its virtual address.
        assertThat(
                        api.registry
                                .instance(new InstanceKey("default", "ORDERS", "o-1"))
                                .orElseThrow()
                                .vip())
                .isEqualTo("ORDERS");
        assertThat(api.registry.renew(new InstanceKey("default", "ORDERS", "o-1"), 0))
                .isEqualTo(RenewOutcome.RENEWED);
        assertThat(api.delete(STORED).status()).isEqualTo(200);
        assertThat(api.get(STORED).status()).isEqualTo(404);
    }

    @Test
    void aShortLeaseAndAnotherNamespaceAreTaken() throws Exception {
        String body =
                "{\"host\":\"h\",\"port\":1,\"leaseDurationMs\":60000,\"status\":\"STARTING\"}";
        assertThat(api.put(ONE + "?namespace=blue", body).status()).isEqualTo(200);
        Answer shown = api.get(STORED + "?namespace=blue");
        assertThat(shown.json().path("leaseDurationMs").asInt()).isEqualTo(60_000);
        assertThat(shown.json().path("leaseIntervalMs").asInt()).isEqualTo(60_000);
        assertThat(shown.text("ip")).isEqualTo("h");
        assertThat(shown.text("status")).isEqualTo("STARTING");
        assertThat(api.get(STORED).status()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"port":80}                                     | host            | a text
                    {"host":" ","port":80}                          | host            | a text
                    {"host":"h"}                                    | port            | port, securePort or both
                    {"host":"h","port":"80"}                        | port            | 0 to 65535
                    {"host":"h","port":70000}                       | port            | 0 to 65535
                    {"host":"h","port":80.5}                        | port            | 0 to 65535
                    {"host":"h","port":99999999999}                 | port            | 0 to 65535
                    {"host":"h","port":80,"weight":-1}              | weight          | 0 to 10000
                    {"host":"h","port":80,"status":"up"}            | status          | [UP, DOWN, STARTING, OUT_OF_SERVICE, UNKNOWN]
                    {"host":"h","port":80,"leaseDurationMs":86400001} | leaseDurationMs | 100 to 86400000
                    {"host":"h","port":80,"leaseDurationMs":500,"leaseIntervalMs":501} | leaseIntervalMs | 100 to 500
                    {"host":"h","port":80,"metadata":{"a":1}}       | metadata.a      | a text
                    {"host":"h","port":80,"metadata":[]}            | metadata        | an object of texts
                    {"host":"h","port":80,"hots":"x"}               | field           | attributes, host, ip, labels, leaseDurationMs, leaseIntervalMs, metadata, port, securePort, secureVip, status, vip, weight, zone
                    {"host":"h\\u0007","port":80}                   | INVALID         | ''
                    """)
    void badInputGetsASentenceAndRegistersNothing(String body, String code, String allowed)
            throws Exception {
        Answer answer = api.put(ONE, body);
        assertThat(answer.status()).as(answer.http().body()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo(code);
        assertThat(answer.text("allowed")).isEqualTo(allowed);
        assertThat(api.get(STORED).status()).isEqualTo(404);
    }

    @Test
    void tooMuchIsRefused() throws Exception {
        String body = "{\"host\":\"h\",\"port\":1,\"metadata\":{\"a\":\"%s\"}}";
        assertThat(api.put(ONE, body.formatted("a".repeat(70_000))).message())
                .contains("at most 65536");
        assertThat(api.put(ONE, body.formatted("a".repeat(600_000))).status()).isEqualTo(413);
    }

    @Test
    void anOperatorsStatusGoesBeforeAndIsTakenBack() throws Exception {
        api.put(ONE, "{\"host\":\"h\",\"port\":1}");
        assertThat(api.put(STORED + "/status?value=OUT_OF_SERVICE", "").status()).isEqualTo(200);
        assertThat(api.get(STORED).text("status")).isEqualTo("OUT_OF_SERVICE");
        assertThat(api.get(STORED).text("override")).isEqualTo("OUT_OF_SERVICE");
        assertThat(api.delete(STORED + "/status").status()).isEqualTo(200);
        assertThat(api.get(STORED).text("status")).isEqualTo("UP");

        // Who beats is asked: a Eureka client registers again when its beat is refused.
        api.put(STORED + "/status?value=OUT_OF_SERVICE", "");
        api.registry.renew(new InstanceKey("default", "ORDERS", "o-1"), 0);
        assertThat(api.delete(STORED + "/status").status()).isEqualTo(200);
        assertThat(api.get(STORED).text("status")).isEqualTo("UNKNOWN");
        api.put(STORED + "/status?value=OUT_OF_SERVICE", "");
        assertThat(api.delete(STORED + "/status?value=DOWN").status()).isEqualTo(200);
        assertThat(api.get(STORED).text("status")).isEqualTo("DOWN");

        Answer wrong = api.put(STORED + "/status?value=away", "");
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.message()).isEqualTo("the status is 'away'");
    }

    @Test
    void protectionIsShownAndSwitched() throws Exception {
        assertThat(api.get("/registry/protection").json().path("enabled").asBoolean()).isTrue();
        assertThat(api.put("/registry/protection?enabled=false", "").status()).isEqualTo(200);
        await().atMost(Duration.ofSeconds(60))
                .until(() -> !api.get("/registry/protection").json().path("enabled").asBoolean());
        assertThat(api.put("/registry/protection?enabled=maybe", "").text("allowed"))
                .isEqualTo("true or false");
    }

    @Test
    void changesComeAsEventsAndEndForWhomIsNoLongerLetIn() throws Exception {
        var connection =
                URI.create(api.base() + "/api/v1/registry/events").toURL().openConnection();
        connection.setReadTimeout(20_000);
        try (BufferedReader events =
                new BufferedReader(
                        new InputStreamReader(
                                connection.getInputStream(), StandardCharsets.UTF_8))) {
            api.put(ONE, "{\"host\":\"h\",\"port\":1}");
            String line = events.readLine();
            while (!line.startsWith("data:")) {
                line = events.readLine();
            }
            assertThat(line).contains("\"kind\":\"ADDED\"").contains("\"instanceId\":\"o-1\"");

            // From now on nobody is anonymous.
            api.users();
            api.delete(STORED, AdminFixture.root());
            while (line != null) {
                line = events.readLine();
                assertThat(String.valueOf(line)).doesNotContain("DELETED");
            }
        }
    }

    @Test
    void subscribersAreListedWithTheirSelectorsAndHowFarBehindTheyAre() throws Exception {
        subscribe("ORDERS", Selector.of(List.of("a"), Map.of("version", "2")), "slow", false);
        subscribe("ORDERS", Selector.ALL, "quick", true);
        subscribe("PAYMENT", Selector.ALL, "other", true);
        await().atMost(Duration.ofSeconds(60))
                .until(() -> api.get("/registry/subscribers").json().path("behind").asInt() == 1);
        Answer all = api.get("/registry/subscribers?limit=2");
        assertThat(all.json().path("subscriptions").asInt()).isEqualTo(3);
        assertThat(all.json().path("items").size()).isEqualTo(2);
        var slow = all.json().path("items").path(0);
        assertThat(slow.path("who").asString("")).isEqualTo("slow");
        assertThat(slow.path("service").asString("")).isEqualTo("ORDERS");
        assertThat(slow.path("namespace").asString("")).isEqualTo("default");
        assertThat(slow.path("zones").toString()).isEqualTo("[\"a\"]");
        assertThat(slow.path("labels").path("version").asString("")).isEqualTo("2");
        assertThat(slow.path("revision").asLong()).isZero();
        await().atMost(Duration.ofSeconds(60))
                .until(
                        () ->
                                api.get("/registry/subscribers")
                                                .json()
                                                .path("items")
                                                .path(0)
                                                .path("behindMs")
                                                .asLong()
                                        > 0);
        assertThat(api.get("/registry/subscribers?service=payment").json().path("items").size())
                .isEqualTo(1);
        assertThat(api.get("/registry/subscribers?namespace=x").json().path("items").size())
                .isZero();
        for (String limit : List.of("0", "1001", "x")) {
            Answer bad = api.get("/registry/subscribers?limit=" + limit);
            assertThat(bad.status()).isEqualTo(400);
            assertThat(bad.text("allowed")).isEqualTo("1 to 1000");
        }
    }

    private void subscribe(String service, Selector selector, String who, boolean ready) {
        api.registry
                .push()
                .subscribe(
                        "default",
                        service,
                        selector,
                        0,
                        who,
                        new Subscriber() {
                            @Override
                            public boolean ready() {
                                return ready;
                            }

                            @Override
                            public int push(Delta delta) {
                                return 1;
                            }
                        });
    }
}
