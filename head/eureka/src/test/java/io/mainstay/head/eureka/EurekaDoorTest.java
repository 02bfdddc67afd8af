package io.mainstay.head.eureka;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.access.api.Role;
import io.mainstay.head.web.Authenticator;
import io.mainstay.head.web.Credentials;
import io.mainstay.head.web.Principal;
import io.mainstay.head.web.Verdict;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.function.Consumer;

/// Who may do what on Eureka's port.
class EurekaDoorTest {

    @TempDir Path directory;

    /// A user for each role, named after it.
    private static final class UserPerRole implements Authenticator {
        @Override
        public boolean required() {
            return true;
        }

        @Override
        public Verdict known(Credentials credentials) {
            return credentials instanceof Credentials.Basic basic && basic.password().equals("pass")
                    ? new Verdict.Granted(new Principal(basic.user(), Role.valueOf(basic.user())))
                    : new Verdict.Denied();
        }

        @Override
        public void check(Credentials credentials, Consumer<Verdict> done) {
            done.accept(known(credentials));
        }
    }

    private static String basic(String pair) {
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aUserOfMessagesOnlyIsRefused() throws Exception {
        try (HeadFixture head = new HeadFixture(directory, new UserPerRole())) {
            String credentials = basic(Role.CLIENT + ":pass");
            assertThat(head.send("GET", "/eureka/apps/", "Authorization", credentials).statusCode())
                    .isEqualTo(403);
            assertThat(
                            head.send("DELETE", "/eureka/apps/A/a", "Authorization", credentials)
                                    .statusCode())
                    .isEqualTo(403);
        }
    }

    @ParameterizedTest
    @EnumSource(names = "CLIENT", mode = EnumSource.Mode.EXCLUDE)
    void everyRoleReadsAndAllButTheViewerWrite(Role role) throws Exception {
        try (HeadFixture head = new HeadFixture(directory, new UserPerRole())) {
            String credentials = basic(role + ":pass");
            assertThat(head.send("GET", "/eureka/apps/", "Authorization", credentials).statusCode())
                    .isEqualTo(200);
            boolean reads = role == Role.VIEWER;
            for (String method : new String[] {"PUT", "DELETE"}) {
                HttpResponse<String> answer =
                        head.send(method, "/eureka/apps/A/a", "Authorization", credentials);
                assertThat(answer.statusCode()).isEqualTo(reads ? 403 : 404);
                assertThat(answer.body()).isEqualTo(reads ? sentence() : "");
            }
            HttpResponse<String> batch =
                    head.send(
                            "POST",
                            "/eureka/peerreplication/batch/",
                            "{\"replicationList\":[]}".getBytes(StandardCharsets.UTF_8),
                            "Authorization",
                            credentials);
            assertThat(batch.statusCode()).isEqualTo(reads ? 403 : 200);
        }
    }

    private static String sentence() {
        return "The user VIEWER is a VIEWER and may only read; ADMIN, OPERATOR and SERVICE may register.";
    }

    @Test
    void withoutGoodCredentialsThereIsAChallenge() throws Exception {
        try (HeadFixture head = new HeadFixture(directory, new UserPerRole())) {
            HttpResponse<String> none = head.send("GET", "/eureka/apps/");
            assertThat(none.statusCode()).isEqualTo(401);
            assertThat(none.headers().firstValue("WWW-Authenticate").orElseThrow())
                    .isEqualTo("Basic realm=\"eureka\", charset=\"UTF-8\"");
            assertThat(none.body()).contains("send the credentials");
            assertThat(
                            head.send("GET", "/eureka/apps/", "Authorization", basic("ADMIN:no"))
                                    .statusCode())
                    .isEqualTo(401);
        }
    }

    @Test
    void aWebPageRegistersNothing() throws Exception {
        try (HeadFixture head = new HeadFixture(directory, Authenticator.open())) {
            HttpResponse<String> answer =
                    head.send("PUT", "/eureka/apps/A/a", "Origin", "http://127.0.0.1:8761");
            assertThat(answer.statusCode()).isEqualTo(403);
            assertThat(answer.body()).contains("web page");
        }
    }
}
