package io.mainstay.head.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/// Users who are bound to namespaces, on the admin API.
class NamespaceRightsTest {

    private static final String BODY = "{\"host\":\"h\",\"port\":8080}";

    @TempDir Path directory;

    private AdminFixture api;

    @BeforeEach
    void open() throws Exception {
        api = new AdminFixture(directory);
        api.users();
        user("ann", "OPERATOR", "\"team-a\",\"team-b\"");
        user("bob", "VIEWER", "\"team-b\"");
        for (String namespace : List.of("default", "team-a", "team-b", "team-c")) {
            register(namespace, "root", 200);
        }
    }

    @AfterEach
    void close() throws Exception {
        api.close();
    }

    private void user(String name, String role, String namespaces) throws Exception {
        var made =
                api.put(
                        "/users/" + name,
                        "{\"role\":\"%s\",\"password\":\"%s\",\"namespaces\":[%s]}"
                                .formatted(role, AdminFixture.ROOT_PASSWORD, namespaces),
                        AdminFixture.root());
        assertThat(made.status()).isEqualTo(201);
    }

    private void register(String namespace, String user, int expected) throws Exception {
        String path = "/registry/instances/SHOP/" + namespace + "-1?namespace=" + namespace;
        assertThat(api.put(path, BODY, AdminFixture.as(user)).status()).isEqualTo(expected);
    }

    private String namespaces(String user) throws Exception {
        var answer = api.get("/registry/namespaces", AdminFixture.as(user));
        assertThat(answer.status()).isEqualTo(200);
        return answer.json()
                .path("items")
                .valueStream()
                .map(item -> item.path("namespace").asString())
                .toList()
                .toString();
    }

    @Test
    void namespacesAreListedForThoseWhoMaySeeThem() throws Exception {
        assertThat(namespaces("root")).isEqualTo("[default, team-a, team-b, team-c]");
        assertThat(namespaces("viewer")).isEqualTo("[default, team-a, team-b, team-c]");
        assertThat(namespaces("ann")).isEqualTo("[team-a, team-b]");
        assertThat(namespaces("bob")).isEqualTo("[team-b]");
        assertThat(api.get("/registry/namespaces", AdminFixture.root()).http().body())
                .contains("{\"namespace\":\"team-a\",\"services\":1,\"instances\":1}");
    }

    @Test
    void everyCallOnANamespaceIsForThoseWhoAreInIt() throws Exception {
        String instance = "/registry/instances/SHOP/x";
        for (String call :
                List.of(
                        "GET /registry/services",
                        "GET /registry/services/SHOP",
                        "GET /registry/events",
                        "GET " + instance,
                        "PUT " + instance,
                        "DELETE " + instance,
                        "PUT " + instance + "/status",
                        "DELETE " + instance + "/status")) {
            String[] parts = call.split(" ");
            for (String outside : List.of("", "?namespace=default", "?namespace=team-c")) {
                var answer = api.send(parts[0], parts[1] + outside, BODY, AdminFixture.as("ann"));
                assertThat(answer.status()).as(call + outside).isEqualTo(403);
                assertThat(answer.code()).isEqualTo("namespace");
                assertThat(answer.message()).startsWith("the user ann has no part in");
                assertThat(answer.text("allowed")).isEqualTo("namespace=team-a, team-b");
            }
            if (!call.endsWith("/events")) {
                var inside =
                        api.send(
                                parts[0],
                                parts[1] + "?namespace=team-a&value=UP",
                                BODY,
                                AdminFixture.as("ann"));
                assertThat(inside.status()).as(call).isNotEqualTo(403);
            }
        }
        register("team-b", "ann", 200);
        register("team-b", "bob", 403);
    }

    @Test
    void whatConcernsTheNodeGoesByRoles() throws Exception {
        assertThat(api.get("/overview", AdminFixture.as("bob")).status()).isEqualTo(200);
        assertThat(api.get("/registry/protection", AdminFixture.as("bob")).status()).isEqualTo(200);
        assertThat(api.get("//metrics", AdminFixture.as("bob")).status()).isEqualTo(200);
        assertThat(
                        api.put("/registry/protection?enabled=true", "", AdminFixture.as("bob"))
                                .status())
                .isEqualTo(403);
    }

    @Test
    void aBindingIsChangedAndHoldsAtOnce() throws Exception {
        String services = "/registry/services?namespace=team-c";
        assertThat(api.get(services, AdminFixture.as("bob")).status()).isEqualTo(403);
        assertThat(bind("bob", "[\"team-c\"]")).isEqualTo(200);
        assertThat(api.get(services, AdminFixture.as("bob")).status()).isEqualTo(200);
        assertThat(api.get("/users/bob", AdminFixture.root()).http().body())
                .contains("\"namespaces\":[\"team-c\"]");
        assertThat(bind("bob", "[]")).isEqualTo(200);
        assertThat(api.get("/registry/services", AdminFixture.as("bob")).status()).isEqualTo(200);
    }

    @Test
    void badBindingsAreRefusedWithASentence() throws Exception {
        assertThat(bind("bob", "[\"a b\"]")).isEqualTo(400);
        assertThat(bind("bob", "\"a\"")).isEqualTo(400);
        assertThat(bind("bob", "[1]")).isEqualTo(400);
        assertThat(bind("root", "[\"team-a\"]")).isEqualTo(400);
        assertThat(bind("nobody", "[\"team-a\"]")).isEqualTo(400);
        String password = "{\"password\":\"long enough\",\"namespaces\":[]}";
        assertThat(api.put("/users/bob", password, AdminFixture.root()).code()).isEqualTo("role");
        register("..%2Fx", "root", 400);
    }

    private int bind(String user, String namespaces) throws Exception {
        return api.put("/users/" + user, "{\"namespaces\":" + namespaces + "}", AdminFixture.root())
                .status();
    }

    @Test
    void aStreamEndsWithTheNextChangeWhenItsUserIsBoundElsewhere() throws Exception {
        var connection =
                URI.create(api.base() + "/api/v1/registry/events?namespace=team-b")
                        .toURL()
                        .openConnection();
        String[] bob = AdminFixture.as("bob");
        connection.setRequestProperty(bob[0], bob[1]);
        connection.setReadTimeout(20_000);
        try (BufferedReader events =
                new BufferedReader(
                        new InputStreamReader(
                                connection.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(events.readLine()).startsWith("retry");
            String elsewhere = "{\"namespaces\":[\"team-a\"]}";
            assertThat(api.put("/users/bob", elsewhere, AdminFixture.root()).status())
                    .isEqualTo(200);
            String instance = "/registry/instances/SHOP/team-b-1?namespace=team-b";
            assertThat(api.delete(instance, AdminFixture.root()).status()).isEqualTo(200);
            String line = "";
            while (line != null) {
                line = events.readLine();
                assertThat(String.valueOf(line)).doesNotContain("DELETED");
            }
        }
    }
}
