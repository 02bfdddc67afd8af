package io.mainstay.head.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.head.rabbitmq.RabbitFixture.Answer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/// Limits of virtual hosts and users: statuses and answers are those of RabbitMQ 3.10.8.
class LimitCallsTest {

    @TempDir Path directory;
    private RabbitFixture node;

    @BeforeEach
    void open() throws Exception {
        node = new RabbitFixture(directory);
        node.put("/api/vhosts/x", "{}");
        node.put("/api/users/u", "{\"password\":\"p\",\"tags\":\"\"}");
    }

    @AfterEach
    void close() throws Exception {
        node.close();
    }

    private int put(String path, String value) throws Exception {
        return node.put(path, "{\"value\":" + value + "}").status();
    }

    private String shown(String path) throws Exception {
        return node.get(path).json().toString();
    }

    @Test
    void limitsOfVirtualHostsAreSetShownAndRemoved() throws Exception {
        assertThat(put("/api/vhost-limits/x/max-connections", "1")).isEqualTo(204);
        assertThat(put("/api/vhost-limits/x/max-queues", "-1")).isEqualTo(204);
        String both = "[{\"vhost\":\"x\",\"value\":{\"max-connections\":1,\"max-queues\":-1}}]";
        assertThat(shown("/api/vhost-limits")).isEqualTo(both);
        assertThat(shown("/api/vhost-limits/x")).isEqualTo(both);
        assertThat(shown("/api/vhost-limits/%2F")).isEqualTo("[]");
        assertThat(shown("/api/parameters/vhost-limits"))
                .isEqualTo(
                        "[{\"value\":{\"max-connections\":1,\"max-queues\":-1},\"vhost\":\"x\",\"component\":\"vhost-limits\",\"name\":\"limits\"}]");
        assertThat(node.delete("/api/vhost-limits/x/max-connections").status()).isEqualTo(204);
        assertThat(node.delete("/api/vhost-limits/x/nope").status()).isEqualTo(204);
        assertThat(node.delete("/api/vhost-limits/x/max-queues").status()).isEqualTo(204);
        assertThat(shown("/api/vhost-limits")).isEqualTo("[]");
    }

    @Test
    void limitsOfUsersAreSetShownAndGoWithTheirUser() throws Exception {
        assertThat(put("/api/user-limits/u/max-connections", "1")).isEqualTo(204);
        assertThat(put("/api/user-limits/u/max-channels", "2")).isEqualTo(204);
        String both = "{\"max-connections\":1,\"max-channels\":2}";
        assertThat(shown("/api/user-limits"))
                .isEqualTo("[{\"user\":\"u\",\"value\":" + both + "}]");
        assertThat(shown("/api/user-limits/u"))
                .isEqualTo("[{\"user\":\"u\",\"value\":" + both + "}]");
        assertThat(shown("/api/user-limits/guest")).isEqualTo("[]");
        assertThat(node.get("/api/users/u").json().path("limits").toString()).isEqualTo(both);
        node.put(
                "/api/users/u",
                "{\"password\":\"p\",\"tags\":\"\",\"limits\":{\"max-channels\":3}}");
        assertThat(node.get("/api/users/u").json().path("limits").toString())
                .isEqualTo("{\"max-connections\":1,\"max-channels\":3}");
        assertThat(node.delete("/api/user-limits/u/max-connections").status()).isEqualTo(204);
        assertThat(node.delete("/api/user-limits/u/nope").status()).isEqualTo(204);
        node.delete("/api/users/u");
        assertThat(shown("/api/user-limits")).isEqualTo("[]");
    }

    @Test
    void whatIsNoLimitIsRefused() throws Exception {
        for (String path :
                new String[] {
                    "/api/vhost-limits/x/max-channels",
                    "/api/vhost-limits/x/nope",
                    "/api/user-limits/u/max-queues",
                    "/api/user-limits/nobody/max-channels"
                }) {
            assertThat(put(path, "1")).as(path).isEqualTo(400);
        }
        for (String value : new String[] {"\"abc\"", "2.5", "null", "[]"}) {
            assertThat(put("/api/vhost-limits/x/max-queues", value)).as(value).isEqualTo(400);
            assertThat(put("/api/user-limits/u/max-channels", value)).as(value).isEqualTo(400);
        }
        assertThat(put("/api/vhost-limits/nope/max-queues", "1")).isEqualTo(404);
        assertThat(node.get("/api/vhost-limits/nope").status()).isEqualTo(404);
        assertThat(node.get("/api/user-limits/nope").status()).isEqualTo(404);
        Answer stranger = node.call("u:p", "PUT", "/api/user-limits/u/max-channels", "{}");
        assertThat(stranger.status()).isEqualTo(401);
    }

    @Test
    void aQueueBeyondTheLimitIsRefused() throws Exception {
        put("/api/vhost-limits/x/max-queues", "1");
        assertThat(node.put("/api/queues/x/a", "{\"durable\":true}").status()).isEqualTo(201);
        Answer second = node.put("/api/queues/x/b", "{\"durable\":true}");
        assertThat(second.status()).isEqualTo(400);
        assertThat(second.reason())
                .isEqualTo("cannot declare queue 'b': queue limit in vhost 'x' (1) is reached");
    }

    @Test
    void definitionsCarryLimits() throws Exception {
        put("/api/vhost-limits/x/max-queues", "5");
        put("/api/user-limits/u/max-channels", "7");
        Answer exported = node.get("/api/definitions");
        node.delete("/api/vhosts/x");
        node.delete("/api/users/u");
        assertThat(node.post("/api/definitions", exported.http().body()).status()).isEqualTo(204);
        assertThat(shown("/api/vhost-limits/x")).contains("{\"max-queues\":5}");
        assertThat(shown("/api/user-limits/u")).contains("{\"max-channels\":7}");
        // As RabbitMQ 3.12 and later write a virtual host.
        Answer later =
                node.post(
                        "/api/definitions",
                        "{\"vhosts\":[{\"name\":\"y\",\"limits\":[]},{\"name\":\"z\",\"limits\":{\"max-connections\":3}}]}");
        assertThat(later.status()).as(later.http().body()).isEqualTo(204);
        assertThat(shown("/api/vhost-limits/y")).isEqualTo("[]");
        assertThat(shown("/api/vhost-limits/z")).contains("{\"max-connections\":3}");
    }
}
