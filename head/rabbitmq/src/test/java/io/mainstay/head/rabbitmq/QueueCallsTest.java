package io.mainstay.head.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.head.rabbitmq.RabbitFixture.Answer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.nio.file.Path;
import java.util.stream.IntStream;

/// Statuses and sentences as RabbitMQ 3.10 gives them.
class QueueCallsTest {

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

    @Test
    void aQueueIsMadeOnceAndShownAndDeleted() throws Exception {
        String body = "{\"durable\":true,\"arguments\":{\"x-max-length\":10}}";
        assertThat(node.put("/api/queues/%2F/q1", body).status()).isEqualTo(201);
        assertThat(node.put("/api/queues/%2F/q1", body).status()).isEqualTo(204);
        Answer other = node.put("/api/queues/%2F/q1", "{}");
        assertThat(other.status()).isEqualTo(400);
        assertThat(other.error()).isEqualTo("bad_request");
        assertThat(other.reason())
                .isEqualTo(
                        "inequivalent arg 'durable' for queue 'q1' in vhost '/': received 'false' but current is 'true'");
        Answer shown = node.get("/api/queues/%2F/q1");
        assertThat(shown.status()).isEqualTo(200);
        assertThat(shown.json().path("name").stringValue()).isEqualTo("q1");
        assertThat(shown.json().path("vhost").stringValue()).isEqualTo("/");
        assertThat(shown.json().path("node").stringValue()).isEqualTo(RabbitFixture.NODE);
        assertThat(shown.json().path("type").stringValue()).isEqualTo("classic");
        assertThat(shown.json().path("state").stringValue()).isEqualTo("running");
        assertThat(shown.json().path("arguments").path("x-max-length").intValue()).isEqualTo(10);
        assertThat(shown.json().path("messages_ready").intValue()).isZero();
        assertThat(shown.json().path("messages_details").has("rate")).isTrue();
        assertThat(node.delete("/api/queues/%2F/q1").status()).isEqualTo(204);
        Answer gone = node.get("/api/queues/%2F/q1");
        assertThat(gone.status()).isEqualTo(404);
        assertThat(gone.error()).isEqualTo("Object Not Found");
        assertThat(gone.reason()).isEqualTo("Not Found");
        assertThat(node.delete("/api/queues/%2F/q1").status()).isEqualTo(404);
    }

    @Test
    void whatCannotBeReadIsRefusedWithItsReason() throws Exception {
        assertThat(node.put("/api/queues/%2F/q", "{\"durable\":").reason()).startsWith("not_json");
        assertThat(node.put("/api/queues/%2F/q", "{\"durable\":\"x\"}").reason())
                .contains("durable is \"x\"", "true or false");
        assertThat(node.put("/api/queues/none/q", "{}").error()).isEqualTo("not_found");
        assertThat(node.put("/api/queues/none/q", "{}").reason()).isEqualTo("vhost_not_found");
        assertThat(node.post("/api/queues/%2F/q", "{}").status()).isEqualTo(405);
        assertThat(node.put("/api/queues/%2F/amq.q", "{}").status()).isEqualTo(401);
        assertThat(node.get("/api/nope").error()).isEqualTo("Object Not Found");
        assertThat(node.put("/api/queues/%2F/q", "").status()).isEqualTo(201);
    }

    @Test
    void aMessageIsPublishedShownReturnedAndTaken() throws Exception {
        node.put("/api/queues/%2F/q1", "{}");
        Answer published =
                node.post(
                        "/api/exchanges/%2F/amq.default/publish",
                        """
                        {"properties":{"delivery_mode":2,"headers":{"a":1},"timestamp":17},
                         "routing_key":"q1","payload":"hello","payload_encoding":"string"}""");
        assertThat(published.status()).isEqualTo(200);
        assertThat(published.json().path("routed").booleanValue()).isTrue();
        Answer seen =
                node.post(
                        "/api/queues/%2F/q1/get",
                        "{\"count\":5,\"ackmode\":\"ack_requeue_true\",\"encoding\":\"auto\",\"truncate\":3}");
        assertThat(seen.status()).isEqualTo(200);
        assertThat(seen.json().toString())
                .isEqualTo(
                        "[{\"payload_bytes\":5,\"redelivered\":false,\"exchange\":\"\",\"routing_key\":\"q1\",\"message_count\":0,"
                                + "\"properties\":{\"headers\":{\"a\":1},\"delivery_mode\":2,\"timestamp\":17},"
                                + "\"payload\":\"hel\",\"payload_encoding\":\"string\"}]");
        Answer taken =
                node.post(
                        "/api/queues/%2F/q1/get",
                        "{\"count\":5,\"ackmode\":\"ack_requeue_false\",\"encoding\":\"base64\"}");
        assertThat(taken.json().path(0).path("payload").stringValue()).isEqualTo("aGVsbG8=");
        assertThat(taken.json().path(0).path("redelivered").booleanValue()).isTrue();
        Answer empty =
                node.post(
                        "/api/queues/%2F/q1/get",
                        "{\"count\":1,\"requeue\":false,\"encoding\":\"auto\"}");
        assertThat(empty.json().toString()).isEqualTo("[]");
    }

    @Test
    void aQueueThatIsDownIsListedAsDownWithoutFigures() throws Exception {
        node.put("/api/queues/%2F/q1", "{}");
        node.takeQueuesDown();
        JsonNode shown = node.get("/api/queues?sort=messages").json().path(0);
        assertThat(shown.path("name").stringValue()).isEqualTo("q1");
        assertThat(shown.path("state").stringValue()).isEqualTo("down");
        assertThat(shown.has("messages")).isFalse();
        assertThat(shown.has("consumers")).isFalse();
        assertThat(node.get("/api/queues/%2F/q1").status()).isEqualTo(200);
    }

    @Test
    void whatNoClientCouldSendOrGetIsRefused() throws Exception {
        String path = "/api/exchanges/%2F/amq.default/publish";
        String message =
                "{\"properties\":%s,\"routing_key\":\"q\",\"payload\":\"\",\"payload_encoding\":\"string\"}";
        node.put("/api/queues/%2F/q", "{}");
        String header = "{\"headers\":{\"a\":\"%s\"}}";
        Answer large = node.post(path, message.formatted(header.formatted("x".repeat(200_000))));
        assertThat(large.status()).isEqualTo(400);
        assertThat(large.reason()).contains("properties and headers have 2000", "131052");
        Answer fits = node.post(path, message.formatted(header.formatted("x".repeat(131_000))));
        assertThat(fits.status()).isEqualTo(200);
        for (String ttl : new String[] {"-1", "4294967296", "99999999999999999999", "1 s"}) {
            Answer refused = node.post(path, message.formatted("{\"expiration\":\"" + ttl + "\"}"));
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.reason()).contains("invalid expiration '" + ttl + "'");
        }
        String keys = "\"k%d\",".repeat(2_000);
        Object[] numbers = IntStream.range(0, 2_000).boxed().toArray();
        String cc = "{\"headers\":{\"CC\":[" + keys.formatted(numbers) + "\"q\"]}}";
        assertThat(node.post(path, message.formatted(cc)).reason()).contains("2001 routing keys");
    }

    @Test
    void whatReachesNoQueueIsSaidSoAndWhatIsNotPublishedIsRefused() throws Exception {
        String path = "/api/exchanges/%2F/amq.default/publish";
        assertThat(
                        node.post(
                                        path,
                                        "{\"properties\":{},\"routing_key\":\"none\",\"payload\":\"x\",\"payload_encoding\":\"string\"}")
                                .json()
                                .path("routed")
                                .booleanValue())
                .isFalse();
        assertThat(node.post(path, "{\"routing_key\":\"none\",\"payload\":\"x\"}").reason())
                .isEqualTo("key_missing: payload_encoding");
        assertThat(
                        node.post(
                                        path,
                                        "{\"properties\":{\"expiration\":\"x\"},\"routing_key\":\"q1\",\"payload\":\"x\",\"payload_encoding\":\"string\"}")
                                .reason())
                .startsWith("406 PRECONDITION_FAILED - invalid expiration 'x'");
        assertThat(
                        node.post(
                                        path,
                                        "{\"properties\":{\"delivery\":2},\"routing_key\":\"q1\",\"payload\":\"x\",\"payload_encoding\":\"string\"}")
                                .reason())
                .contains("no property 'delivery'");
        assertThat(
                        node.post(
                                        path,
                                        "{\"properties\":{\"user_id\":\"ann\"},\"routing_key\":\"q1\",\"payload\":\"x\",\"payload_encoding\":\"string\"}")
                                .reason())
                .contains("user_id property set to 'ann'");
        assertThat(node.post("/api/exchanges/%2F/nope/publish", "{}").reason())
                .isEqualTo("404 NOT_FOUND - no exchange 'nope' in vhost '/'");
        assertThat(node.post("/api/queues/%2F/nope/get", "{}").reason())
                .isEqualTo("NOT_FOUND - no queue 'nope' in vhost '/'");
        node.put("/api/exchanges/%2F/inner", "{\"type\":\"fanout\",\"internal\":true}");
        assertThat(
                        node.post(
                                        "/api/exchanges/%2F/inner/publish",
                                        "{\"routing_key\":\"\",\"payload\":\"\",\"payload_encoding\":\"string\"}")
                                .status())
                .isEqualTo(401);
    }

    @Test
    void whatItsPublisherNumbersIsTakenOnceAndNothingWhileAnAlarmRings() throws Exception {
        node.put("/api/queues/%2F/q1", "{}");
        String path = "/api/exchanges/%2F/amq.default/publish";
        String numbered =
                "{\"properties\":{\"headers\":{\"x-deduplication-publisher\":\"p\",\"x-deduplication-sequence\":%s}},"
                        + "\"routing_key\":\"q1\",\"payload\":\"x\",\"payload_encoding\":\"string\"}";
        assertThat(node.post(path, numbered.formatted("5")).status()).isEqualTo(200);
        assertThat(node.post(path, numbered.formatted("5")).status()).isEqualTo(200);
        assertThat(node.post(path, numbered.formatted("\"five\"")).reason())
                .startsWith(
                        "406 PRECONDITION_FAILED - invalid message: header 'x-deduplication-sequence' is of type longstr");
        node.alarm = "low on memory";
        Answer blocked = node.post(path, numbered.formatted("6"));
        assertThat(blocked.status()).isEqualTo(503);
        assertThat(blocked.reason()).isEqualTo("publishers are blocked: low on memory");
        Answer got =
                node.post(
                        "/api/queues/%2F/q1/get",
                        "{\"count\":5,\"ackmode\":\"ack_requeue_false\",\"encoding\":\"auto\"}");
        assertThat(got.json().size()).isEqualTo(1);
        assertThat(node.get("/metrics").http().body())
                .contains("mainstay_queue_messages_duplicates_total 1");
    }

    @Test
    void aQueueWithMessagesIsKeptIfItShallBeEmptyAndPurged() throws Exception {
        node.put("/api/queues/%2F/q1", "{}");
        publish("q1", "one");
        Answer kept = node.delete("/api/queues/%2F/q1?if-empty=true");
        assertThat(kept.status()).isEqualTo(400);
        assertThat(node.delete("/api/queues/%2F/q1/contents").status()).isEqualTo(204);
        assertThat(node.delete("/api/queues/%2F/q1?if-empty=true&if-unused=true").status())
                .isEqualTo(204);
    }

    private void publish(String queue, String text) throws Exception {
        node.post(
                "/api/exchanges/%2F/amq.default/publish",
                "{\"properties\":{},\"routing_key\":\"%s\",\"payload\":\"%s\",\"payload_encoding\":\"string\"}"
                        .formatted(queue, text));
    }

    @Test
    void listsComeInPagesSortedAndInPart() throws Exception {
        for (int i = 0; i < 5; i++) {
            node.put("/api/queues/%2F/q" + i, "{}");
        }
        node.put("/api/queues/%2F/other", "{}");
        assertThat(
                        node.get("/api/queues?page=1&page_size=2&name=Q&columns=name,vhost")
                                .json()
                                .toString())
                .isEqualTo(
                        "{\"filtered_count\":5,\"item_count\":2,\"items\":[{\"name\":\"q0\",\"vhost\":\"/\"},{\"name\":\"q1\",\"vhost\":\"/\"}],"
                                + "\"page\":1,\"page_count\":3,\"page_size\":2,\"total_count\":6}");
        Answer beyond = node.get("/api/queues?page=7&page_size=1");
        assertThat(beyond.status()).isEqualTo(400);
        assertThat(beyond.error()).isEqualTo("page_out_of_range");
        assertThat(node.get("/api/queues?page=x").reason())
                .startsWith("Pagination parameters are invalid");
        assertThat(
                        node.get(
                                        "/api/queues/%2F?sort=name&sort_reverse=true&columns=name,messages_details.rate&page=1&use_regex=true&name=%5Eq%5B01%5D$")
                                .json()
                                .path("items")
                                .toString())
                .isEqualTo(
                        "[{\"name\":\"q1\",\"messages_details\":{\"rate\":0.0}},{\"name\":\"q0\",\"messages_details\":{\"rate\":0.0}}]");
        assertThat(node.get("/api/queues?page=1&use_regex=true&name=(").status()).isEqualTo(400);
    }

    @Test
    void aRegularExpressionThatTakesForEverIsRefused() throws Exception {
        node.put("/api/queues/%2F/" + "a".repeat(60), "{}");
        Answer answer = node.get("/api/queues?page=1&use_regex=true&name=(.*a)%7B12%7Db");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.reason()).contains("takes too long");
    }
}
