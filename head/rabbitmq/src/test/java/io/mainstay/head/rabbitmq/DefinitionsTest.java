package io.mainstay.head.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.head.rabbitmq.RabbitFixture.Answer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/// `definitions-3.10.json` was written by RabbitMQ 3.10.8.
class DefinitionsTest {

    @TempDir Path directory;
    @TempDir Path otherDirectory;
    private RabbitFixture node;

    @BeforeEach
    void open() throws Exception {
        node = new RabbitFixture(directory);
    }

    @AfterEach
    void close() throws Exception {
        node.close();
    }

    @Test
    void aRealExportLoadsUnchangedAndWhatIsLeftOutIsNamed() throws Exception {
        Answer loaded =
                node.post("/api/definitions", RabbitFixture.resource("definitions-3.10.json"));
        assertThat(loaded.status()).as(loaded.http().body()).isEqualTo(204);
        assertThat(node.get("/api/vhost-limits/orders").json().toString())
                .isEqualTo("[{\"vhost\":\"orders\",\"value\":{\"max-connections\":1000}}]");

        // Users with their passwords and tags.
        assertThat(node.get("/api/whoami").status()).isEqualTo(200);
        assertThat(node.call("mon:mon", "GET", "/api/whoami", null).json().path("tags").toString())
                .isEqualTo("[\"monitoring\",\"ops\"]");
        assertThat(node.call("ann:x", "GET", "/api/whoami", null).status()).isEqualTo(200);
        assertThat(node.call("ann:y", "GET", "/api/whoami", null).status()).isEqualTo(401);
        assertThat(node.get("/api/permissions/orders/shop").json().path("configure").stringValue())
                .isEqualTo("^shop");
        assertThat(node.get("/api/topic-permissions/orders/shop").json().size()).isEqualTo(1);

        // What is in the virtual host.
        Answer orders = node.get("/api/queues/orders/orders");
        assertThat(orders.json().path("type").stringValue()).isEqualTo("quorum");
        assertThat(orders.json().path("operator_policy").stringValue()).isEqualTo("roof");
        assertThat(
                        orders.json()
                                .path("effective_policy_definition")
                                .path("max-length-bytes")
                                .intValue())
                .isEqualTo(1_000_000_000);
        assertThat(node.get("/api/queues/orders/events").json().path("type").stringValue())
                .isEqualTo("stream");
        assertThat(
                        node.get("/api/exchanges/orders/orders.dead")
                                .json()
                                .path("internal")
                                .booleanValue())
                .isTrue();
        assertThat(node.get("/api/bindings/orders").json().size()).isEqualTo(7);
        assertThat(node.get("/api/policies/orders").json().path(0).path("priority").intValue())
                .isEqualTo(1);
        assertThat(node.get("/api/parameters/operator_policy/orders").json().size()).isEqualTo(1);

        // Once more: everything is there.
        assertThat(
                        node.post(
                                        "/api/definitions",
                                        RabbitFixture.resource("definitions-3.10.json"))
                                .status())
                .isEqualTo(204);
        assertThat(node.get("/api/bindings/orders").json().size()).isEqualTo(7);
    }

    @Test
    void whatIsExportedHereLoadsElsewhereAndIsTheSame() throws Exception {
        node.post("/api/definitions", RabbitFixture.resource("definitions-3.10.json"));
        // A password that is kept in our own form by now.
        node.call("mon:mon", "GET", "/api/whoami", null);
        Answer exported = node.get("/api/definitions");
        assertThat(exported.status()).isEqualTo(200);
        try (RabbitFixture other = new RabbitFixture(otherDirectory)) {
            Answer loaded = other.post("/api/definitions", exported.http().body());
            assertThat(loaded.status()).as(loaded.http().body()).isEqualTo(204);
            Answer again = other.get("/api/definitions");
            for (String part :
                    new String[] {
                        "vhosts",
                        "permissions",
                        "topic_permissions",
                        "parameters",
                        "policies",
                        "queues",
                        "exchanges",
                        "bindings"
                    }) {
                assertThat(again.json().path(part)).isEqualTo(exported.json().path(part));
            }
            assertThat(other.call("mon:mon", "GET", "/api/whoami", null).status()).isEqualTo(200);
        }
    }

    @Test
    void oneVirtualHostIsLoadedIntoAnother() throws Exception {
        node.put("/api/vhosts/copy", "{}");
        String definitions = RabbitFixture.resource("definitions-vhost-3.10.json");
        assertThat(node.post("/api/definitions/copy", definitions).status()).isEqualTo(204);
        assertThat(node.get("/api/queues/copy").json().size()).isEqualTo(3);
        assertThat(node.get("/api/operator-policies/copy").json().size()).isEqualTo(1);
        Answer exported = node.get("/api/definitions/copy");
        assertThat(exported.json().path("queues").size()).isEqualTo(3);
        assertThat(exported.json().path("queues").path(0).has("vhost")).isFalse();
        assertThat(node.post("/api/definitions/none", "{}").status()).isEqualTo(404);
    }

    @Test
    void whatIsRefusedIsNamedAndDoesNotKeepTheOthersBack() throws Exception {
        Answer answer =
                node.post(
                        "/api/definitions",
                        """
                        {"queues":[{"name":"nv","vhost":"zz"},{"name":"good","vhost":"/"}],
                         "exchanges":[{"name":"odd","vhost":"/","type":"x-random"}],
                         "parameters":[{"component":"shovel","name":"s","vhost":"/","value":{}}]}""");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.reason())
                .contains("2 of 3", "queue nv of zz", "exchange odd of /", "x-random");
        assertThat(node.get("/api/queues/%2F/good").status()).isEqualTo(200);
    }

    @Test
    void aFileOfTheWrongFormChangesNothing() throws Exception {
        Answer answer =
                node.post(
                        "/api/definitions",
                        "{\"queues\":[{\"name\":\"good\",\"vhost\":\"/\"}],\"bindings\":[{\"vhost\":\"/\"}]}");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.reason()).isEqualTo("bindings[0]: key_missing: source");
        assertThat(node.get("/api/queues/%2F/good").status()).isEqualTo(404);
    }
}
