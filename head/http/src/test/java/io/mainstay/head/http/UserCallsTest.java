package io.mainstay.head.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.head.http.AdminFixture.Answer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;

class UserCallsTest {

    private static final String[] ONLY_NEW = {"If-None-Match", "*"};

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

    private static String[] with(String[] a, String... b) {
        String[] both = java.util.Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    @Test
    void aUserWhoGoesTakesPermissionsAndLimitsOfMessagingAlong() throws Exception {
        String password = api.put("/users/root", "").text("password");
        String[] root = AdminFixture.basic("root", password);
        String shop = "{\"role\":\"SERVICE\",\"password\":\"a long password\"}";
        assertThat(api.put("/users/shop", shop, root).status()).isEqualTo(201);
        String permission = "{\"configure\":\"\",\"write\":\".*\",\"read\":\"\"}";
        api.put("/messaging/permissions/shop", permission, root);
        api.put("/messaging/user-limits/shop/max-channels", "{\"most\":3}", root);
        assertThat(api.get("/messaging/permissions", root).json().path("items").size())
                .isEqualTo(1);
        assertThat(api.get("/messaging/user-limits", root).json().path("items").size())
                .isEqualTo(1);
        assertThat(api.delete("/users/shop", root).status()).isEqualTo(200);
        assertThat(api.get("/messaging/permissions", root).json().toString())
                .isEqualTo("{\"items\":[]}");
        assertThat(api.get("/messaging/user-limits", root).json().toString())
                .isEqualTo("{\"items\":[]}");
    }

    @Test
    void theFirstUserIsAnAdminWithARandomPasswordAndClosesTheDoor() throws Exception {
        assertThat(api.get("/overview").status()).isEqualTo(200);
        Answer viewer = api.put("/users/ann", "{\"role\":\"VIEWER\"}");
        assertThat(viewer.status()).isEqualTo(409);
        assertThat(viewer.message()).contains("must be an admin");

        Answer made = api.put("/users/root", "");
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.text("role")).isEqualTo("ADMIN");
        String password = made.text("password");
        assertThat(password).hasSize(24);

        Answer anonymous = api.get("/overview");
        assertThat(anonymous.status()).isEqualTo(401);
        assertThat(anonymous.message()).contains("has users");
        assertThat(anonymous.header("WWW-Authenticate")).contains("Basic realm", "Bearer realm");
        assertThat(api.get("/overview", AdminFixture.basic("root", password)).status())
                .isEqualTo(200);
        assertThat(api.get("/overview", AdminFixture.basic("root", "wrong")).status())
                .isEqualTo(401);
        assertThat(api.get("/users", AdminFixture.basic("root", password)).http().body())
                .doesNotContain(password)
                .doesNotContain("argon")
                .contains("\"role\":\"ADMIN\"");
    }

    @Test
    void usersAreChangedShownAndRemoved() throws Exception {
        api.users();
        String[] root = AdminFixture.root();

        assertThat(api.get("/users/viewer", root).text("role")).isEqualTo("VIEWER");
        assertThat(api.put("/users/viewer", "{\"role\":\"OPERATOR\"}", root).status())
                .isEqualTo(200);
        assertThat(api.get("/users/viewer", root).text("role")).isEqualTo("OPERATOR");
        // The password stayed.
        assertThat(api.get("/overview", AdminFixture.as("viewer")).status()).isEqualTo(200);

        assertThat(api.put("/users/viewer", "{\"role\":\"VIEWER\"}", with(root, ONLY_NEW)).status())
                .isEqualTo(412);
        assertThat(api.get("/users/viewer", root).text("role")).isEqualTo("OPERATOR");

        assertThat(api.delete("/users/viewer", root).status()).isEqualTo(200);
        assertThat(api.get("/users/viewer", root).status()).isEqualTo(404);
        assertThat(api.get("/overview", AdminFixture.as("viewer")).status()).isEqualTo(401);
        assertThat(api.delete("/users/viewer", root).status()).isEqualTo(404);
        assertThat(api.delete("/users/root", root).code()).isEqualTo("LAST_ADMIN");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    ann       | {"role":"KING"}                        | role     | [ADMIN, OPERATOR, VIEWER, SERVICE, CLIENT]
                    ann       | {}                                     | role     | [ADMIN, OPERATOR, VIEWER, SERVICE, CLIENT]
                    ann       | {"role":7}                             | role     | a text
                    ann       | {"role":"VIEWER","passwort":"x"}       | field    | namespaces, password, role
                    ann       | {"role":"VIEWER","role":"ADMIN"}       | json     | an object
                    ann       | ["role"]                               | json     | an object
                    ann       | {"role":                               | json     | an object
                    ann       | {"role":"VIEWER"} {}                   | json     | an object
                    root      | {}                                     | body     | role, password, namespaces
                    ann       | {"role":"VIEWER","password":"short"}   | INVALID  | ''
                    a%3Ab     | {"role":"VIEWER"}                      | INVALID  | ''
                    a%0Ab     | {"role":"VIEWER"}                      | INVALID  | ''
                    """)
    void badInputGetsASentenceAndChangesNothing(
            String name, String body, String code, String allowed) throws Exception {
        api.users();
        Answer answer = api.put("/users/" + name, body, AdminFixture.root());
        assertThat(answer.status()).as(answer.http().body()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo(code);
        assertThat(answer.text("allowed")).isEqualTo(allowed);
        assertThat(answer.message()).isNotEmpty();
        assertThat(api.access.users()).hasSize(4);
    }

    @Test
    void aBodyBeyondItsLimitIsRefused() throws Exception {
        api.users();
        String body = "{\"role\":\"VIEWER\",\"password\":\"" + "a".repeat(5_000) + "\"}";
        assertThat(api.put("/users/ann", body, AdminFixture.root()).status()).isEqualTo(413);
    }

    @Test
    void aTokenIsShownOnceAndWorksUntilItGoes() throws Exception {
        api.users();
        String[] root = AdminFixture.root();
        Answer made = api.put("/users/operator/tokens/ci", "", root);
        assertThat(made.status()).isEqualTo(200);
        String token = made.text("token");
        assertThat(token).hasSize(43);
        String[] bearer = {"Authorization", "Bearer " + token};

        assertThat(api.get("/session", bearer).text("user")).isEqualTo("operator");
        assertThat(api.get("/users/operator", root).http().body())
                .contains("\"tokens\":[\"ci\"]")
                .doesNotContain(token);
        assertThat(api.put("/users/operator/tokens/ci", "", with(root, ONLY_NEW)).status())
                .isEqualTo(412);
        assertThat(api.get("/session", bearer).status()).isEqualTo(200);

        String second = api.put("/users/operator/tokens/ci", "", root).text("token");
        assertThat(api.get("/session", bearer).status()).isEqualTo(401);
        assertThat(api.get("/session", "Authorization", "Bearer " + second).status())
                .isEqualTo(200);
        assertThat(api.delete("/users/operator/tokens/ci", root).status()).isEqualTo(200);
        assertThat(api.get("/session", "Authorization", "Bearer " + second).status())
                .isEqualTo(401);
        assertThat(api.delete("/users/operator/tokens/ci", root).status()).isEqualTo(404);
        assertThat(api.put("/users/nobody/tokens/ci", "", root).status()).isEqualTo(404);
        assertThat(api.put("/users/operator/tokens/a%20b", "", root).status()).isEqualTo(400);
    }

    @Test
    void everybodyChangesTheirOwnPasswordAndOnlyAdminsThatOfOthers() throws Exception {
        api.users();
        String[] viewer = AdminFixture.as("viewer");
        String change = "{\"password\":\"another password\",\"current\":\"%s\"}";

        assertThat(api.put("/users/operator/password", "{}", viewer).status()).isEqualTo(403);
        assertThat(api.put("/users/viewer/password", "{}", viewer).code()).isEqualTo("current");
        assertThat(api.put("/users/viewer/password", change.formatted("wrong"), viewer).status())
                .isEqualTo(403);
        assertThat(api.get("/overview", viewer).status()).isEqualTo(200);

        String right = change.formatted(AdminFixture.ROOT_PASSWORD);
        assertThat(api.put("/users/viewer/password", right, viewer).status()).isEqualTo(200);
        assertThat(api.get("/overview", viewer).status()).isEqualTo(401);
        String[] changed = AdminFixture.basic("viewer", "another password");
        assertThat(api.get("/overview", changed).status()).isEqualTo(200);

        Answer reset = api.put("/users/viewer/password", "", AdminFixture.root());
        assertThat(reset.text("password")).hasSize(24);
        assertThat(api.get("/overview", changed).status()).isEqualTo(401);
        assertThat(api.put("/users/nobody/password", "", AdminFixture.root()).status())
                .isEqualTo(404);
    }

    @Test
    void theLastUserGoesWhereOnlyThisMachineCanEnter() throws Exception {
        api.put("/users/root", "{\"password\":\"" + AdminFixture.ROOT_PASSWORD + "\"}");
        assertThat(api.delete("/users/root", AdminFixture.root()).status()).isEqualTo(200);
        assertThat(api.get("/overview").status()).isEqualTo(200);
    }

    @Test
    void theLastUserStaysWhereOtherMachinesCanEnter(@TempDir Path other) throws Exception {
        try (AdminFixture open = new AdminFixture(other, false)) {
            assertThat(open.get("/overview").status()).isEqualTo(401);
            var done = new java.util.concurrent.CompletableFuture<Object>();
            open.access.putUser(
                    "root",
                    io.mainstay.access.api.Role.ADMIN,
                    AdminFixture.ROOT_PASSWORD,
                    done::complete);
            done.get(20, java.util.concurrent.TimeUnit.SECONDS);
            Answer answer = open.delete("/users/root", AdminFixture.root());
            assertThat(answer.code()).isEqualTo("LAST_USER");
            assertThat(open.get("/overview", AdminFixture.root()).status()).isEqualTo(200);
        }
    }
}
