package io.mainstay.head.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;

/// What each role may do and what it is answered if it may not. One node for all, since making users is slow by intention.
class RoleRightsTest {

    private static AdminFixture api;

    @BeforeAll
    static void open(@TempDir Path directory) throws Exception {
        api = new AdminFixture(directory);
        api.users();
    }

    @AfterAll
    static void close() throws Exception {
        api.close();
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /overview, 403, 200, 200",
        "GET, //metrics, 403, 200, 200",
        "GET, /openapi.yaml, 403, 200, 200",
        "GET, /session, 403, 200, 200",
        "GET, /registry/services, 403, 200, 200",
        "GET, /registry/services/A, 403, 404, 404",
        "GET, /registry/instances/A/a, 403, 404, 404",
        "GET, /registry/protection, 403, 200, 200",
        "GET, /registry/subscribers, 403, 200, 200",
        "PUT, /registry/protection?enabled=true, 403, 403, 200",
        "PUT, /registry/instances/A/a, 403, 403, 400",
        "DELETE, /registry/instances/A/a, 403, 403, 404",
        "PUT, /registry/instances/A/a/status?value=DOWN, 403, 403, 404",
        "DELETE, /registry/instances/A/a/status, 403, 403, 404",
        "GET, /users, 403, 403, 403",
        "GET, /users/root, 403, 403, 403",
        "PUT, /users/eve, 403, 403, 403",
        "DELETE, /users/root, 403, 403, 403",
        "PUT, /users/root/password, 403, 403, 403",
        "PUT, /users/root/tokens/t, 403, 403, 403",
        "DELETE, /users/root/tokens/t, 403, 403, 403"
    })
    void eachRoleHasItsRights(String method, String path, int service, int viewer, int operator)
            throws Exception {
        assertThat(api.send(method, path, "").status()).isEqualTo(401);
        assertThat(api.send(method, path, "", AdminFixture.as("service")).status())
                .isEqualTo(service);
        assertThat(api.send(method, path, "", AdminFixture.as("viewer")).status())
                .isEqualTo(viewer);
        assertThat(api.send(method, path, "", AdminFixture.as("operator")).status())
                .isEqualTo(operator);
    }
}
