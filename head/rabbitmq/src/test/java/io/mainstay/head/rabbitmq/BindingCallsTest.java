package io.mainstay.head.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.head.rabbitmq.RabbitFixture.Answer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

class BindingCallsTest {

    @TempDir Path directory;
    private RabbitFixture node;

    @BeforeEach
    void open() throws Exception {
        node = new RabbitFixture(directory);
        node.put("/api/exchanges/%2F/e1", "{\"type\":\"topic\",\"durable\":true}");
        node.put("/api/queues/%2F/q1", "{\"durable\":true}");
    }

    @AfterEach
    void close() throws Exception {
        node.close();
    }

    @Test
    void aBindingIsMadeFoundByItsLocationAndRemoved() throws Exception {
        String between = "/api/bindings/%2F/e/e1/q/q1";
        Answer made = node.post(between, "{\"routing_key\":\"a.b/c~ d\"}");
        assertThat(made.status()).isEqualTo(201);
        String location = node.url() + "/api/bindings/%2F/e/e1/q/" + made.header("Location");
        Answer one = node.get(location);
        assertThat(one.status()).isEqualTo(200);
        assertThat(one.json().path("routing_key").stringValue()).isEqualTo("a.b/c~ d");
        assertThat(one.json().path("destination_type").stringValue()).isEqualTo("queue");
        assertThat(node.delete(location).status()).isEqualTo(204);
        assertThat(node.delete(location).status()).isEqualTo(404);
        assertThat(node.get(between).json().toString()).isEqualTo("[]");
    }

    /// Spring Cloud Stream's cleaner and Hop do it so.
    @Test
    void aKeyThatIsEscapedOnceOnlyIsFoundToo() throws Exception {
        node.post("/api/bindings/%2F/e/e1/q/q1", "{\"routing_key\":\"#\"}");
        assertThat(node.delete("/api/bindings/%2F/e/e1/q/q1/%23").status()).isEqualTo(204);
        node.post("/api/bindings/%2F/e/e1/q/q1", "{\"routing_key\":\"#\"}");
        assertThat(node.delete("/api/bindings/%2F/e/e1/q/q1/%2523").status()).isEqualTo(204);
    }

    @Test
    void bindingsAreListedFromEverySideWithThoseOfTheDefaultExchange() throws Exception {
        node.put("/api/exchanges/%2F/e2", "{\"type\":\"fanout\"}");
        node.post("/api/bindings/%2F/e/e1/q/q1", "{\"routing_key\":\"k\"}");
        node.post("/api/bindings/%2F/e/e1/q/q1", "{\"routing_key\":\"k\",\"arguments\":{\"x\":1}}");
        node.post("/api/bindings/%2F/e/e1/e/e2", "{}");
        assertThat(node.get("/api/bindings/%2F").json().size()).isEqualTo(4);
        assertThat(node.get("/api/bindings").json().size()).isEqualTo(4);
        assertThat(node.get("/api/queues/%2F/q1/bindings").json().size()).isEqualTo(3);
        assertThat(node.get("/api/exchanges/%2F/e1/bindings/source").json().size()).isEqualTo(3);
        assertThat(node.get("/api/exchanges/%2F/e2/bindings/destination").json().size())
                .isEqualTo(1);
        assertThat(node.get("/api/bindings/%2F/e/e1/e/e2/~").status()).isEqualTo(200);
        assertThat(node.get("/api/bindings/%2F/e/amq.default/q/q1").json().toString())
                .isEqualTo(
                        "[{\"source\":\"\",\"vhost\":\"/\",\"destination\":\"q1\",\"destination_type\":\"queue\",\"routing_key\":\"q1\","
                                + "\"arguments\":{},\"properties_key\":\"q1\"}]");
    }

    @Test
    void aBindingNeedsBothEnds() throws Exception {
        Answer none = node.post("/api/bindings/%2F/e/e1/q/nope", "{}");
        assertThat(none.status()).isEqualTo(404);
        assertThat(none.reason()).isEqualTo("no queue 'nope' in vhost '/'");
        assertThat(node.get("/api/bindings/%2F/e/nope/q/q1").status()).isEqualTo(404);
    }

    @Test
    void exchangesAreMadeOnceAndReservedOnesRefused() throws Exception {
        assertThat(
                        node.put("/api/exchanges/%2F/e1", "{\"type\":\"topic\",\"durable\":true}")
                                .status())
                .isEqualTo(204);
        Answer unknown = node.put("/api/exchanges/%2F/e3", "{\"type\":\"nope\"}");
        assertThat(unknown.status()).isEqualTo(400);
        assertThat(unknown.reason()).contains("unknown exchange type 'nope'");
        assertThat(node.put("/api/exchanges/%2F/amq.foo", "{}").status()).isEqualTo(401);
        assertThat(node.delete("/api/exchanges/%2F/amq.direct").status()).isEqualTo(401);
        node.post("/api/bindings/%2F/e/e1/q/q1", "{}");
        assertThat(node.delete("/api/exchanges/%2F/e1?if-unused=true").status()).isEqualTo(400);
        assertThat(node.delete("/api/exchanges/%2F/e1").status()).isEqualTo(204);
        assertThat(
                        node.get("/api/exchanges/%2F?sort=name")
                                .json()
                                .path(0)
                                .path("name")
                                .stringValue())
                .isEmpty();
    }
}
