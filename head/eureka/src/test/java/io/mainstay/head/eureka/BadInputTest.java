package io.mainstay.head.eureka;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.head.web.Authenticator;
import io.mainstay.head.web.Gzip;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/// What a stranger may send: each gets the protocol's error, nothing of it is kept, and the next good request is served.
class BadInputTest {

    private static final String GOOD = EurekaHeadTest.ORDERS;

    private @TempDir Path directory;
    private HeadFixture head;

    @BeforeEach
    void start() throws Exception {
        head = new HeadFixture(directory, Authenticator.open());
    }

    @AfterEach
    void nothingWasKeptAndTheHeadStillServes() throws Exception {
        assertThat(head.registry.size()).isZero();
        assertThat(head.register("ORDERS", GOOD).statusCode()).isEqualTo(204);
        head.close();
    }

    private void refused(int status, HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body()).doesNotContain("<html", "Exception");
    }

    private HttpResponse<String> xml(String body) throws Exception {
        return head.send(
                "POST",
                "/eureka/apps/ORDERS",
                body.getBytes(StandardCharsets.UTF_8),
                "Content-Type",
                "application/xml");
    }

    @Test
    void missingFieldsAreNamedAsByNetflix() throws Exception {
        List<String[]> cases =
                List.of(
                        new String[] {"\"ipAddr\":\"10.0.0.1\",", "", "Missing ip address"},
                        new String[] {
                            "\"hostName\":\"h1\"", "\"hostName\":\" \"", "Missing hostname"
                        },
                        new String[] {"\"app\":\"orders\"", "\"app\":\"\"", "Missing appName"},
                        new String[] {
                            "\"app\":\"orders\"",
                            "\"app\":\"other\"",
                            "Mismatched appName, expecting ORDERS but was OTHER"
                        },
                        new String[] {"\"dataCenterInfo\"", "\"noInfo\"", "Missing dataCenterInfo"},
                        new String[] {
                            "\"name\":\"MyOwn\"", "\"name\":\"\"", "Missing dataCenterInfo Name"
                        });
        for (String[] wrong : cases) {
            var answer = head.register("ORDERS", GOOD.replace(wrong[0], wrong[1]));
            refused(400, answer);
            assertThat(answer.body()).isEqualTo(wrong[2]);
            assertThat(answer.headers().firstValue("content-type").orElse(""))
                    .startsWith("text/plain");
        }
    }

    @Test
    void brokenJsonAtEveryLengthIsRefused() throws Exception {
        for (int length = 0; length < GOOD.length(); length += 7) {
            refused(400, head.register("ORDERS", GOOD.substring(0, length)));
        }
    }

    @Test
    void wrongTypesAreRefused() throws Exception {
        for (String[] wrong :
                new String[][] {
                    {"\"hostName\":\"h1\"", "\"hostName\":{\"a\":1}"},
                    {"\"hostName\":\"h1\"", "\"hostName\":[1]"},
                    {"\"port\":{", "\"x\":[],\"port\":[{"},
                    {"\"$\":8080", "\"$\":\"eighty\""},
                    {"\"$\":8080", "\"$\":65536"},
                    {"\"$\":8080", "\"$\":-1"},
                    {"\"$\":8080", "\"$\":1e400"},
                    {"\"k\":\"<&>\"", "\"k\":{\"deep\":1}"},
                    {"\"metadata\":{", "\"metadata\":[{"},
                    {"\"durationInSecs\":3", "\"durationInSecs\":{}"},
                    {"orders:1", "orders\\u0000"},
                    {"\"orders:1\"", "\"" + "x".repeat(5_000) + "\""}
                }) {
            refused(400, head.register("ORDERS", GOOD.replace(wrong[0], wrong[1])));
        }
        refused(400, head.register("ORDERS", "[]"));
        refused(400, head.register("ORDERS", "[".repeat(100_000)));
        refused(400, head.register("ORDERS", "{\"a\":".repeat(100_000)));
        refused(400, head.register("ORDERS", GOOD + "{}"));
    }

    @Test
    void tooMuchIsRefused() throws Exception {
        StringBuilder keys = new StringBuilder("\"metadata\":{");
        for (int i = 0; i < 10_000; i++) {
            keys.append("\"key").append(i).append("\":\"v\",");
        }
        refused(400, head.register("ORDERS", GOOD.replace("\"metadata\":{", keys)));
        refused(413, head.register("ORDERS", GOOD.replace("h1", "h".repeat(2_000_000))));
        byte[] bomb = Gzip.pack(new byte[50_000_000]);
        refused(413, head.send("POST", "/eureka/apps/ORDERS", bomb, "Content-Encoding", "gzip"));
        refused(
                400,
                head.send("POST", "/eureka/apps/ORDERS", new byte[9], "Content-Encoding", "gzip"));
        String item = "{\"appName\":\"A\",\"id\":\"i\",\"action\":\"Heartbeat\"},";
        String batch = "{\"replicationList\":[" + item.repeat(2_000) + "{}]}";
        refused(
                400,
                head.send(
                        "POST",
                        "/eureka/peerreplication/batch/",
                        batch.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void xmlEntitiesAreNeverExpanded() throws Exception {
        String entities =
                "<!DOCTYPE instance [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;\">]>";
        refused(400, xml(entities + "<instance><hostName>&b;</hostName></instance>"));
        refused(
                400,
                xml(
                        "<!DOCTYPE i [<!ENTITY x SYSTEM \"file:///etc/hostname\">]>"
                                + "<instance><hostName>&x;</hostName></instance>"));
        refused(400, xml("<instance><hostName>&x;</hostName></instance>"));
        refused(400, xml("<instance><hostName>h</instance>"));
        refused(400, xml("<other/>"));
        refused(400, xml(""));
        refused(400, xml("<instance>" + "<a>".repeat(50_000)));
        refused(400, xml("<instance><hostName><a/></hostName></instance>"));
    }

    @Test
    void strangePathsAreRefusedOrFoundToBeNothing() throws Exception {
        refused(400, head.send("GET", "/eureka/apps/A%00B"));
        refused(400, head.send("GET", "/eureka/apps/A/%0d%0aX"));
        refused(400, head.send("GET", "/eureka/apps/A/%FF%FE"));
        refused(400, head.send("GET", "/eureka/" + "a/".repeat(100)));
        refused(404, head.send("GET", "/eureka/apps/A/b%2Fc"));
        refused(404, head.send("GET", "/eureka/apps/A/b/c"));
        refused(404, head.send("GET", "/eureka/apps/.."));
        refused(404, head.send("GET", "/eureka/nothing"));
        refused(405, head.send("PATCH", "/eureka/apps/A/b"));
        refused(404, head.send("PUT", "/eureka/apps/A/b?lastDirtyTimestamp=null"));
        refused(404, head.send("PUT", "/eureka/apps/A/test%231.%5B3.%3F%5D!"));
    }
}
