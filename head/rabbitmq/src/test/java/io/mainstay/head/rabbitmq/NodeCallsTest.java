package io.mainstay.head.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.head.rabbitmq.RabbitFixture.Answer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;

class NodeCallsTest {

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
    void aBrowserIsLedToTheConsole() throws Exception {
        Answer home = node.call(null, "GET", "/", null);
        assertThat(home.status()).isEqualTo(302);
        assertThat(home.header("Location")).isEqualTo("http://127.0.0.1:8700/");
        assertThat(node.get("/api/").status()).isEqualTo(200);
    }

    @Test
    void overviewAndNodesTellVersionsAndListeners() throws Exception {
        var overview = node.get("/api/overview").json();
        assertThat(overview.path("rabbitmq_version").stringValue()).isEqualTo("3.13.7");
        assertThat(overview.path("product_name").stringValue()).isEqualTo("Mainstay");
        assertThat(overview.path("listeners").path(0).path("protocol").stringValue())
                .isEqualTo("amqp");
        assertThat(overview.path("queue_totals").path("messages").intValue()).isZero();
        assertThat(node.get("/api/nodes").json().path(0).path("name").stringValue())
                .isEqualTo(RabbitFixture.NODE);
        assertThat(node.get("/api/nodes/rabbit@here").status()).isEqualTo(200);
        assertThat(node.get("/api/nodes/other").status()).isEqualTo(404);
        assertThat(node.get("/api/cluster-name").json().toString())
                .isEqualTo("{\"name\":\"shop\"}");
        assertThat(node.put("/api/cluster-name", "{\"name\":\"x\"}").reason())
                .contains("configuration");
        for (String path :
                List.of(
                        "extensions",
                        "vhost-limits",
                        "user-limits",
                        "parameters",
                        "parameters/shovel",
                        "deprecated-features")) {
            assertThat(node.get("/api/" + path).json().toString()).isEqualTo("[]");
        }
        assertThat(node.get("/api/feature-flags").json().size()).isPositive();
        assertThat(node.get("/api/global-parameters").json().size()).isEqualTo(1);
        assertThat(node.put("/api/parameters/shovel/%2F/x", "{\"value\":{}}").reason())
                .contains("component shovel not found");
        assertThat(node.get("/api/global-parameters/nope").status()).isEqualTo(404);
    }

    @Test
    void healthChecksSayWhatIsWrong() throws Exception {
        for (String check :
                List.of(
                        "alarms",
                        "local-alarms",
                        "virtual-hosts",
                        "node-is-quorum-critical",
                        "node-is-mirror-sync-critical",
                        "port-listener/5672",
                        "protocol-listener/amqp")) {
            Answer answer = node.get("/api/health/checks/" + check);
            assertThat(answer.status()).as(check).isEqualTo(200);
            assertThat(answer.json().path("status").stringValue()).isEqualTo("ok");
        }
        Answer closed = node.get("/api/health/checks/port-listener/1");
        assertThat(closed.status()).isEqualTo(503);
        assertThat(closed.json().toString())
                .isEqualTo(
                        "{\"status\":\"failed\",\"reason\":\"No active listener\",\"missing\":1,\"ports\":[5672,15672]}");
        assertThat(node.get("/api/health/checks/protocol-listener/mqtt").status()).isEqualTo(503);
        node.diskAlarm = true;
        assertThat(node.get("/api/health/checks/alarms").status()).isEqualTo(503);
    }

    @Test
    void theAlivenessTestSendsAMessageAndTakesItBack() throws Exception {
        assertThat(node.get("/api/aliveness-test/%2F").json().toString())
                .isEqualTo("{\"status\":\"ok\"}");
        assertThat(node.get("/api/aliveness-test/%2F").status()).isEqualTo(200);
        assertThat(node.get("/api/aliveness-test/none").status()).isEqualTo(404);
    }

    @Test
    void metricsHaveTheNamesOfRabbit() throws Exception {
        node.get("/api/aliveness-test/%2F");
        for (String where : List.of("/metrics", node.metricsUrl())) {
            String text = node.get(where).http().body();
            assertThat(text)
                    .contains(
                            "rabbitmq_build_info{",
                            "rabbitmq_version=\"3.13.7\"",
                            "rabbitmq_identity_info{",
                            "rabbitmq_node=\"rabbit@here\"",
                            "rabbitmq_queues 1",
                            "rabbitmq_queue_messages_ready 0",
                            "rabbitmq_queue_messages_unacked 0",
                            "rabbitmq_connections 0",
                            "rabbitmq_global_messages_delivered_total{protocol=\"amqp091\"}",
                            "rabbitmq_alarms_memory_used_watermark 0");
        }
    }

    @Test
    void metricsOfEachQueueHaveTheNamesOfRabbit() throws Exception {
        node.put("/api/vhosts/other", "{}");
        node.put("/api/queues/%2F/one", "{}");
        node.put("/api/queues/%2F/two", "{}");
        node.put("/api/queues/other/three", "{}");
        node.post(
                "/api/exchanges/%2F/amq.default/publish",
                "{\"properties\":{},\"routing_key\":\"one\",\"payload\":\"abc\",\"payload_encoding\":\"string\"}");
        for (String where : List.of("/metrics", node.metricsUrl())) {
            String one = "{queue=\"one\",vhost=\"/\"}";
            assertThat(node.get(where + "/per-object").http().body())
                    .contains(
                            "rabbitmq_queue_messages_ready" + one + " 1",
                            "rabbitmq_queue_messages_bytes" + one + " 3",
                            "rabbitmq_queue_messages_published_total" + one + " 1",
                            "rabbitmq_queue_messages_delivered_total{queue=\"three\",vhost=\"other\"} 0",
                            "rabbitmq_queues 3",
                            "mainstay_metrics_queues_left_out 0")
                    .doesNotContain("\nrabbitmq_queue_messages_ready ");
            String some =
                    "/detailed?family=queue_coarse_metrics&family=queue_consumer_count&family=none&vhost=other";
            assertThat(node.get(where + some).http().body())
                    .contains(
                            "rabbitmq_detailed_queue_messages_ready{queue=\"three\",vhost=\"other\"} 0",
                            "rabbitmq_detailed_queue_consumers{queue=\"three\"")
                    .doesNotContain("\"one\"", "queue_messages_bytes", "rabbitmq_queues");
            assertThat(node.get(where + "/detailed").http().body())
                    .doesNotContain("rabbitmq_detailed_");
            assertThat(node.get(where + "/else").status()).isEqualTo(404);
        }
    }

    @Test
    void thePortForScrapersAsksForCredentialsOnceThereAreUsers() throws Exception {
        assertThat(node.call(null, "GET", node.metricsUrl(), null).status()).isEqualTo(200);
        node.put("/api/users/mon", "{\"password\":\"x\",\"tags\":\"monitoring\"}");
        node.put("/api/users/app", "{\"password\":\"x\",\"tags\":\"\"}");
        assertThat(node.call(null, "GET", node.metricsUrl(), null).status()).isEqualTo(401);
        assertThat(node.call("mon:x", "GET", node.metricsUrl(), null).status()).isEqualTo(200);
        assertThat(node.call("app:x", "GET", node.metricsUrl(), null).status()).isEqualTo(403);
    }
}
