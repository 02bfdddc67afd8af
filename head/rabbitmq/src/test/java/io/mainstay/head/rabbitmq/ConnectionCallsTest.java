package io.mainstay.head.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

class ConnectionCallsTest {

    @TempDir Path directory;
    private RabbitFixture node;
    private final FakeConnection own = new FakeConnection("man", 40_001);
    private final FakeConnection others = new FakeConnection("guest", 40_002);

    @BeforeEach
    void open() throws Exception {
        node = new RabbitFixture(directory);
        node.put("/api/queues/%2F/q1", "{}");
        node.put("/api/users/man", "{\"password\":\"x\",\"tags\":\"management\"}");
        node.put(
                "/api/permissions/%2F/man",
                "{\"configure\":\".*\",\"write\":\".*\",\"read\":\".*\"}");
        node.messaging.clients().opened(own);
        node.messaging.clients().opened(others);
    }

    @AfterEach
    void close() throws Exception {
        node.close();
    }

    private static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Test
    void connectionsChannelsAndConsumersAreShown() throws Exception {
        var connection = node.get("/api/connections/" + encoded(own.name())).json();
        assertThat(connection.path("user").stringValue()).isEqualTo("man");
        assertThat(connection.path("peer_port").intValue()).isEqualTo(40_001);
        assertThat(connection.path("client_properties").toString())
                .isEqualTo("{\"product\":\"test\",\"capabilities\":{\"basic.nack\":true}}");
        assertThat(connection.path("channels").intValue()).isEqualTo(1);
        var channel = node.get("/api/channels/" + encoded(own.name() + " (1)")).json();
        assertThat(channel.path("prefetch_count").intValue()).isEqualTo(10);
        assertThat(channel.path("consumer_details").path(0).path("consumer_tag").stringValue())
                .isEqualTo("tag");
        assertThat(node.get("/api/connections/" + encoded(own.name()) + "/channels").json().size())
                .isEqualTo(1);
        assertThat(node.get("/api/vhosts/%2F/channels").json().size()).isEqualTo(2);
        var consumer = node.get("/api/consumers/%2F").json().path(0);
        assertThat(consumer.path("queue").path("name").stringValue()).isEqualTo("q1");
        assertThat(consumer.path("channel_details").path("number").intValue()).isEqualTo(1);
        assertThat(node.get("/api/queues/%2F/q1").json().path("consumer_details").size())
                .isEqualTo(2);
        assertThat(node.get("/api/overview").json().path("object_totals").toString())
                .contains("\"connections\":2", "\"channels\":2", "\"consumers\":2");
    }

    @Test
    void withoutTheTagOneSeesAndClosesOnesOwn() throws Exception {
        assertThat(node.call("man:x", "GET", "/api/connections", null).json().size()).isEqualTo(1);
        assertThat(
                        node.call(
                                        "man:x",
                                        "DELETE",
                                        "/api/connections/" + encoded(others.name()),
                                        null)
                                .status())
                .isEqualTo(404);
        assertThat(
                        node.call(
                                        "man:x",
                                        "DELETE",
                                        "/api/connections/" + encoded(own.name()),
                                        null,
                                        Map.of("X-Reason", "time to go"))
                                .status())
                .isEqualTo(204);
        assertThat(own.closedBecause).isEqualTo("time to go");
        assertThat(node.delete("/api/connections/username/guest").status()).isEqualTo(204);
        assertThat(others.closedBecause).isEqualTo("Closed via management plugin");
    }
}
