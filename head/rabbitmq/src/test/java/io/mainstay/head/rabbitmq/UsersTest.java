package io.mainstay.head.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.access.api.AccessOutcome;
import io.mainstay.access.api.Role;
import io.mainstay.head.rabbitmq.RabbitFixture.Answer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

class UsersTest {

    private static final String ALL = "{\"configure\":\".*\",\"write\":\".*\",\"read\":\".*\"}";

    @TempDir Path directory;
    private RabbitFixture node;

    @BeforeEach
    void open() throws Exception {
        node = new RabbitFixture(directory);
    }

    @AfterEach
    void close() throws Exception {
        node.close();
    }

    private int status(String credentials, String method, String path, String body)
            throws Exception {
        return node.call(credentials, method, path, body).status();
    }

    @Test
    void credentialsAreAskedForAlwaysAndGuestIsThereFromTheStart() throws Exception {
        Answer none = node.call(null, "GET", "/api/whoami", null);
        assertThat(none.status()).isEqualTo(401);
        assertThat(none.header("WWW-Authenticate"))
                .startsWith("Basic realm=\"RabbitMQ Management\"");
        Answer wrong = node.call("guest:wrong", "GET", "/api/whoami", null);
        assertThat(wrong.status()).isEqualTo(401);
        assertThat(wrong.error()).isEqualTo("not_authorised");
        assertThat(wrong.reason()).isEqualTo("Login failed");
        assertThat(node.get("/api/whoami").json().toString())
                .isEqualTo(
                        "{\"name\":\"guest\",\"tags\":[\"administrator\"],\"is_internal_user\":true}");
        assertThat(node.get("/api/users").json().path(0).path("name").stringValue())
                .isEqualTo("guest");
        assertThat(node.access.required()).isFalse();
    }

    @Test
    void theFirstUserMakesGuestARealOneWhoGoesOnUntilRemoved() throws Exception {
        assertThat(status(RabbitFixture.GUEST, "PUT", "/api/users/ann", user("x", "management")))
                .isEqualTo(201);
        assertThat(node.access.users())
                .extracting(u -> u.name() + " " + u.role())
                .containsExactly("ann VIEWER", "guest ADMIN");
        assertThat(node.get("/api/whoami").status()).isEqualTo(200);
        assertThat(node.get("/api/permissions/%2F/guest").status()).isEqualTo(200);
        assertThat(status("guest:wrong", "GET", "/api/whoami", null)).isEqualTo(401);
        assertThat(status("ann:x", "GET", "/api/whoami", null)).isEqualTo(200);
        Answer last = node.delete("/api/users/guest");
        assertThat(last.status()).isEqualTo(400);
        assertThat(last.reason()).contains("last admin");
        node.put("/api/users/boss", user("boss", "administrator"));
        assertThat(status("boss:boss", "DELETE", "/api/users/guest", null)).isEqualTo(204);
        assertThat(node.get("/api/whoami").status()).isEqualTo(401);
        assertThat(node.call("boss:boss", "GET", "/api/permissions", null).json().toString())
                .doesNotContain("guest");
    }

    private static String user(String password, String tags) {
        return "{\"password\":\"%s\",\"tags\":\"%s\"}".formatted(password, tags);
    }

    @Test
    void usersAreRefusedWithTheReasonsOfRabbit() throws Exception {
        assertThat(node.put("/api/users/a", "{\"password\":\"x\"}").reason())
                .isEqualTo("tags_not_present");
        assertThat(node.put("/api/users/a", "{\"password_hash\":\"xx\",\"tags\":\"\"}").status())
                .isEqualTo(400);
        for (String nobody : List.of("permissions/%2F/nobody", "permissions/none/guest")) {
            assertThat(node.put("/api/" + nobody, ALL).status()).isEqualTo(400);
            assertThat(node.put("/api/" + nobody, ALL).reason())
                    .isEqualTo("vhost_or_user_not_found");
        }
        assertThat(node.put("/api/users/none", "{\"tags\":\"\"}").status()).isEqualTo(201);
        assertThat(status("none:", "GET", "/api/whoami", null)).isEqualTo(401);
        assertThat(node.get("/api/users/none").json().path("password_hash").stringValue())
                .isEmpty();
        assertThat(node.delete("/api/users/nope").status()).isEqualTo(404);
        assertThat(
                        node.put("/api/permissions/%2F/none", "{\"configure\":\"\",\"write\":\"\"}")
                                .reason())
                .isEqualTo("key_missing: read");
        assertThat(
                        node.put(
                                        "/api/permissions/%2F/none",
                                        "{\"configure\":\"[\",\"write\":\"\",\"read\":\"\"}")
                                .status())
                .isEqualTo(400);
    }

    @Test
    void tagsSayWhoSeesAndDoesWhat() throws Exception {
        node.put("/api/vhosts/v1", "{}");
        node.put("/api/users/man", user("x", "management"));
        node.put("/api/users/mon", user("x", "monitoring"));
        node.put("/api/users/pol", user("x", "policymaker"));
        node.put("/api/users/app", user("x", ""));
        for (String user : new String[] {"man", "pol", "app"}) {
            assertThat(node.put("/api/permissions/%2F/" + user, ALL).status()).isEqualTo(201);
        }
        Answer app = node.call("app:x", "GET", "/api/queues", null);
        assertThat(app.status()).isEqualTo(401);
        assertThat(app.reason()).isEqualTo("Not management user");
        assertThat(node.call("man:x", "GET", "/api/users", null).reason())
                .isEqualTo("Not administrator user");
        assertThat(node.call("man:x", "GET", "/api/nodes", null).reason())
                .isEqualTo("Not monitor user");
        assertThat(node.call("man:x", "GET", "/api/queues/v1", null).reason())
                .isEqualTo("User not authorised to access virtual host");
        assertThat(node.call("man:x", "GET", "/api/vhosts", null).json().size()).isEqualTo(1);
        assertThat(node.call("mon:x", "GET", "/api/vhosts", null).json().size()).isEqualTo(2);
        assertThat(status("mon:x", "GET", "/api/queues/v1", null)).isEqualTo(200);
        assertThat(status("mon:x", "PUT", "/api/queues/v1/q", "{}")).isEqualTo(401);
        assertThat(status("man:x", "PUT", "/api/queues/%2F/q", "{}")).isEqualTo(201);
        String policy = "{\"pattern\":\"^q\",\"definition\":{\"max-length\":5}}";
        assertThat(status("man:x", "PUT", "/api/policies/%2F/p", policy)).isEqualTo(401);
        assertThat(status("pol:x", "PUT", "/api/policies/%2F/p", policy)).isEqualTo(201);
        assertThat(status("pol:x", "PUT", "/api/operator-policies/%2F/p", policy)).isEqualTo(401);
        assertThat(status("pol:x", "PUT", "/api/policies/v1/p", policy)).isEqualTo(401);
    }

    @Test
    void permissionsBoundWhatIsDeclaredBoundAndPublished() throws Exception {
        node.put("/api/users/man", user("x", "management"));
        node.put(
                "/api/permissions/%2F/man",
                "{\"configure\":\"^mine\",\"write\":\"^mine\",\"read\":\"^mine\"}");
        assertThat(status("man:x", "PUT", "/api/queues/%2F/mine", "{}")).isEqualTo(201);
        Answer other = node.call("man:x", "PUT", "/api/queues/%2F/other", "{}");
        assertThat(other.status()).isEqualTo(401);
        assertThat(other.reason())
                .isEqualTo(
                        "ACCESS_REFUSED - configure access to 'other' in vhost '/' refused for user 'man'");
        assertThat(status("man:x", "POST", "/api/bindings/%2F/e/amq.topic/q/mine", "{}"))
                .isEqualTo(401);
        assertThat(status("man:x", "POST", "/api/exchanges/%2F/amq.default/publish", "{}"))
                .isEqualTo(401);
        assertThat(
                        status(
                                "man:x",
                                "PUT",
                                "/api/queues/%2F/mine2",
                                "{\"arguments\":{\"x-dead-letter-exchange\":\"amq.fanout\"}}"))
                .isEqualTo(401);
    }

    @Test
    void whoMakesAVirtualHostMayEverythingInIt() throws Exception {
        assertThat(node.put("/api/vhosts/v1", "{\"description\":\"d\"}").status()).isEqualTo(201);
        assertThat(node.put("/api/vhosts/v1", "{}").status()).isEqualTo(204);
        assertThat(node.get("/api/vhosts/v1").json().path("description").stringValue())
                .isEqualTo("d");
        assertThat(node.get("/api/vhosts/v1/permissions").json().toString())
                .isEqualTo(
                        "[{\"user\":\"guest\",\"vhost\":\"v1\",\"configure\":\".*\",\"write\":\".*\",\"read\":\".*\"}]");
        assertThat(node.delete("/api/vhosts/v1").status()).isEqualTo(204);
        assertThat(node.delete("/api/vhosts/v1").status()).isEqualTo(404);
    }

    @Test
    void usersOfTheNodeHaveTheTagsOfTheirRoles() throws Exception {
        CompletableFuture<AccessOutcome> made = new CompletableFuture<>();
        node.access.putUser("root", Role.ADMIN, "root password", made::complete);
        made.get(60, TimeUnit.SECONDS);
        assertThat(node.get("/api/whoami").status()).isEqualTo(401);
        assertThat(node.call("root:root password", "GET", "/api/whoami", null).json().toString())
                .contains("[\"administrator\"]");
        assertThat(status("root:root password", "PUT", "/api/queues/%2F/q", "{}")).isEqualTo(201);
    }

    @Test
    void pagesOfOtherSitesAndOtherNamesOfThisMachineAreRefused() throws Exception {
        Answer site =
                node.call(
                        RabbitFixture.GUEST,
                        "PUT",
                        "/api/queues/%2F/q",
                        "{}",
                        java.util.Map.of("Origin", "http://evil.example"));
        assertThat(site.status()).isEqualTo(403);
        assertThat(site.error()).isEqualTo("cross_site");
    }
}
