package io.mainstay.head.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;

import io.mainstay.head.http.AdminFixture.Answer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Who gets in: roles, names of the host, other sites, sessions; and what the audit log says of it.
class AdminDoorTest {

    @TempDir Path directory;

    private final ListAppender<ILoggingEvent> audit = new ListAppender<>();
    private AdminFixture api;

    @BeforeEach
    void open() throws Exception {
        api = new AdminFixture(directory);
        audit.start();
        auditLogger().setLevel(Level.INFO);
        auditLogger().addAppender(audit);
    }

    @AfterEach
    void close() throws Exception {
        auditLogger().setLevel(null);
        auditLogger().detachAppender(audit);
        api.close();
    }

    private static Logger auditLogger() {
        return (Logger) LoggerFactory.getLogger("audit");
    }

    private List<String> audited() {
        return List.copyOf(audit.list).stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    void aRefusalSaysWhoMayDoIt() throws Exception {
        api.users();
        Answer answer = api.delete("/registry/instances/A/a", AdminFixture.as("viewer"));
        assertThat(answer.message()).contains("viewer is a VIEWER").contains("DELETE");
        assertThat(answer.text("allowed")).isEqualTo("ADMIN, OPERATOR");
    }

    @Test
    void probesAndThePageNeedNobody() throws Exception {
        api.users();
        assertThat(api.get("//livez").status()).isEqualTo(200);
        assertThat(api.send("HEAD", "//livez", "").status()).isEqualTo(200);
        assertThat(api.get("//readyz").http().body()).isEqualTo("ready\n");
        assertThat(api.get("//").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LOCALHOST:1234",
                "127.0.0.1",
                "127.0.0.1:8700",
                "127.9.9.9",
                "[::1]",
                "[::1]:8700"
            })
    void aLoopbackNodeIsCalledByNamesOfLoopback(String host) throws Exception {
        assertThat(ask(host)).contains(" 200 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "localhost.evil.example",
                "127.0.0.1.evil.example",
                "127.0.0.1.nip.io:8700",
                "10.0.0.1",
                "[::2]",
                "localhost:80:80",
                "0.0.0.0:8700"
            })
    void anotherNameIsNotTakenFromAPageThatReboundIt(String host) throws Exception {
        assertThat(ask(host)).contains(" 403 ");
        assertThat(api.raw("GET /livez HTTP/1.1\r\nHost: " + host + "\r\n\r\n")).contains(" 200 ");
    }

    private String ask(String host) throws Exception {
        return api.raw("GET /api/v1/overview HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
    }

    @Test
    void twoHostsOrNoneAreRefused() throws Exception {
        assertThat(
                        api.raw(
                                "GET /api/v1/overview HTTP/1.1\r\nHost: localhost\r\nHost: evil\r\n\r\n"))
                .doesNotContain(" 200 ");
        assertThat(api.raw("GET /api/v1/overview HTTP/1.0\r\n\r\n")).doesNotContain(" 200 ");
    }

    @Test
    void aNodeThatOthersCanReachTakesAnyNameAndNobodyWithoutCredentials(@TempDir Path other)
            throws Exception {
        try (AdminFixture open = new AdminFixture(other, false)) {
            assertThat(open.raw("GET /api/v1/overview HTTP/1.1\r\nHost: mainstay.example\r\n\r\n"))
                    .contains(" 401 ");
        }
    }

    @Test
    void aPageOfAnotherSiteChangesNothing() throws Exception {
        for (String origin : List.of("https://evil.example", "null", "http://127.0.0.1:1")) {
            Answer answer = api.put("/registry/protection?enabled=false", "", "Origin", origin);
            assertThat(answer.code()).isEqualTo("cross-site");
            assertThat(api.send("POST", "/session", "{}", "Origin", origin).code())
                    .isEqualTo("cross-site");
        }
        assertThat(api.put("/registry/protection?enabled=true", "", "Origin", api.base()).status())
                .isEqualTo(200);
    }

    @Test
    void aBrowserSignsInAndOut() throws Exception {
        api.users();
        String wrong = "{\"user\":\"viewer\",\"password\":\"wrong\"}";
        assertThat(api.send("POST", "/session", wrong).status()).isEqualTo(401);
        String service =
                "{\"user\":\"service\",\"password\":\"" + AdminFixture.ROOT_PASSWORD + "\"}";
        assertThat(api.send("POST", "/session", service).status()).isEqualTo(403);

        Answer signedIn = signIn("viewer");
        assertThat(signedIn.text("role")).isEqualTo("VIEWER");
        assertThat(signedIn.header("Set-Cookie")).contains("HTTPOnly", "SameSite=Strict", "Path=/");
        String[] cookie = cookie(signedIn);
        Answer me = api.get("/session", cookie);
        assertThat(me.text("user")).isEqualTo("viewer");
        assertThat(me.json().path("session").asBoolean()).isTrue();
        assertThat(api.delete("/registry/instances/A/a", cookie).status()).isEqualTo(403);

        Answer out = api.delete("/session", cookie);
        assertThat(out.header("Set-Cookie")).contains("Max-Age=0");
        assertThat(api.get("/overview", cookie).status()).isEqualTo(401);
    }

    @Test
    void aCookieAloneChangesNothing() throws Exception {
        api.users();
        String[] cookie = cookie(signIn("operator"));
        String path = "/messaging/queues/q";
        assertThat(api.put(path, "", cookie).code()).isEqualTo("cross-site");
        for (String site : List.of("cross-site", "same-site")) {
            assertThat(
                            api.put(
                                            path,
                                            "",
                                            with(
                                                    cookie,
                                                    "Sec-Fetch-Site",
                                                    site,
                                                    "X-Mainstay-Console",
                                                    "1"))
                                    .code())
                    .isEqualTo("cross-site");
        }
        assertThat(api.put(path, "", with(cookie, "X-Mainstay-Console", "1")).status())
                .isEqualTo(200);
        assertThat(api.put(path, "", with(cookie, "Origin", api.base())).status()).isEqualTo(200);
        assertThat(api.put(path, "", with(cookie, "Origin", "https://evil.example")).code())
                .isEqualTo("cross-site");
    }

    private static String[] with(String[] headers, String... more) {
        return Stream.of(headers, more).flatMap(Stream::of).toArray(String[]::new);
    }

    private Answer signIn(String user) throws Exception {
        Answer answer =
                api.send(
                        "POST",
                        "/session",
                        "{\"user\":\"%s\",\"password\":\"%s\"}"
                                .formatted(user, AdminFixture.ROOT_PASSWORD));
        assertThat(answer.status()).as(answer.http().body()).isEqualTo(200);
        return answer;
    }

    private static String[] cookie(Answer answer) {
        return new String[] {"Cookie", answer.header("Set-Cookie").split(";", 2)[0]};
    }

    @Test
    void aSessionEndsWhenItsUserIsAnotherOne() throws Exception {
        api.users();
        String[] demoted = cookie(signIn("operator"));
        String[] removed = cookie(signIn("viewer"));
        api.put("/users/operator", "{\"role\":\"VIEWER\"}", AdminFixture.root());
        api.delete("/users/viewer", AdminFixture.root());
        assertThat(api.get("/overview", demoted).status()).isEqualTo(401);
        assertThat(api.get("/overview", removed).status()).isEqualTo(401);
        assertThat(api.get("/overview", "Cookie", "mainstay-" + api.port() + "=guess").status())
                .isEqualTo(401);
    }

    @Test
    void theConsoleIsNotAskedByTheBrowserItself() throws Exception {
        api.users();
        assertThat(api.get("/overview", "X-Mainstay-Console", "1").header("WWW-Authenticate"))
                .isEqualTo("Bearer realm=\"mainstay\"");
        assertThat(
                        api.get("/registry/events", "Accept", "text/event-stream")
                                .header("WWW-Authenticate"))
                .isEqualTo("Bearer realm=\"mainstay\"");
    }

    @Test
    void anotherMethodAndAnotherPathAreToldApart() throws Exception {
        Answer method = api.send("PATCH", "/users/ann", "");
        assertThat(method.status()).isEqualTo(405);
        assertThat(method.header("Allow")).isEqualTo("GET, PUT, DELETE");
        assertThat(api.get("/nonsense").status()).isEqualTo(404);
        assertThat(
                        api.raw(
                                "GET /api/v1/registry/services?namespace=%zz HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                .contains(" 400 ");
    }

    @Test
    void theAuditLogTellsWhoDidWhatAndNoSecret() throws Exception {
        api.users();
        String[] root = AdminFixture.root();
        String token = api.put("/users/operator/tokens/ci", "", root).text("token");
        String password = api.put("/users/viewer/password", "", root).text("password");
        signIn("operator");
        api.put("/users/eve", "{\"role\":\"VIEWER\",\"password\":\"short\"}", root);
        api.delete("/registry/instances/A/a%0Aforged", AdminFixture.as("operator"));
        api.send("POST", "/session", "{\"user\":\"ann\",\"password\":\"guessed it\"}");

        assertThat(audited()).anyMatch(line -> line.startsWith("sign-in as ann"));
        String all = String.join("\n", audited());
        assertThat(audited())
                .anyMatch(line -> line.startsWith("new user root = ADMIN by anonymous: Done"))
                .anyMatch(line -> line.startsWith("new user operator = OPERATOR by root: Done"))
                .anyMatch(line -> line.startsWith("token ci of operator by root: Done"))
                .anyMatch(line -> line.startsWith("new password of viewer by root: Done"))
                .anyMatch(line -> line.startsWith("sign-in from ") && line.contains("by operator"))
                .anyMatch(line -> line.contains("new user eve") && line.contains("Refused"))
                .anyMatch(line -> line.startsWith("cancel default/A/a?forged by operator"));
        assertThat(all)
                .doesNotContain(token, password, AdminFixture.ROOT_PASSWORD, "short", "guessed");
    }
}
