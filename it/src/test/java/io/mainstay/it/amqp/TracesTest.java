package io.mainstay.it.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.GetResponse;

import io.mainstay.it.amqp.TraceCollector.Seen;
import io.mainstay.testkit.Conditions;
import io.mainstay.testkit.NodeProcess;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/// The spans that a node makes, as a collector sees them.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TracesTest {

    private static final String PARENT = "00f067aa0ba902b7";
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    @TempDir static Path folder;

    private static TraceCollector collector;
    private static NodeProcess node;

    private final String trace = "4bf92f3577b34da6a3ce%012x".formatted(NUMBERS.incrementAndGet());
    private final String queue = "traced-" + NUMBERS.get();
    private Connection connection;
    private Channel channel;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(System.getProperty(Broker.ADDRESS, "").isEmpty(), "only our own node's traces");
        collector = new TraceCollector(0);
        node =
                NodeProcess.start(
                        folder.resolve("node"),
                        "traces.otlp-endpoint=http://127.0.0.1:" + collector.port(),
                        "node.id=traced-node");
    }

    @AfterAll
    static void stop() {
        if (node != null) {
            node.close();
            collector.close();
        }
    }

    @BeforeEach
    void connect() throws Exception {
        connection = Broker.of(node).factory().newConnection();
        channel = connection.createChannel();
        channel.confirmSelect();
    }

    @AfterEach
    void disconnect() {
        connection.abort();
    }

    private String sampled() {
        return "00-" + trace + "-" + PARENT + "-01";
    }

    private static BasicProperties with(Object traceparent) {
        return new BasicProperties.Builder()
                .deliveryMode(2)
                .messageId("m-1")
                .correlationId("c-1")
                .headers(Map.of("a", 1, "traceparent", traceparent, "z", List.of(1, 2)))
                .build();
    }

    private void publish(String exchange, String key, Object traceparent) throws Exception {
        channel.basicPublish(exchange, key, with(traceparent), Amqp.bytes("hello"));
        channel.waitForConfirmsOrDie(Amqp.SOON.toMillis());
    }

    private void declare(Map<String, Object> arguments) throws Exception {
        channel.queueDeclare(queue, true, false, false, arguments);
    }

    @Test
    void aMessageHasASpanOfItsPublishAndOneOfItsDelivery() throws Exception {
        declare(Map.of());
        channel.exchangeDeclare("orders", "topic", true);
        channel.queueBind(queue, "orders", "paid.#");
        publish("orders", "paid.card", sampled());
        Inbox inbox = Inbox.on(channel, queue);
        Delivery delivery = inbox.next();
        assertThat(delivery.getProperties().getHeaders().get("traceparent")).hasToString(sampled());
        Seen publish = collector.one(trace, "publish ");
        assertThat(collector.spans()).noneMatch(span -> span.name().startsWith("deliver "));
        channel.basicAck(delivery.getEnvelope().getDeliveryTag(), false);

        Seen deliver = collector.one(trace, "deliver ");
        assertThat(publish.name()).isEqualTo("publish orders:paid.card");
        assertThat(publish.parent()).isEqualTo(PARENT);
        assertThat(publish.kind()).isEqualTo(SpanKind.SPAN_KIND_CONSUMER);
        assertThat(publish.error()).isFalse();
        assertThat(publish.nanos()).isPositive();
        assertThat(publish.attributes())
                .containsAllEntriesOf(
                        Map.of(
                                "messaging.system", "rabbitmq",
                                "messaging.operation.name", "publish",
                                "messaging.operation.type", "receive",
                                "messaging.destination.name", "orders:paid.card",
                                "messaging.rabbitmq.destination.routing_key", "paid.card",
                                "messaging.message.id", "m-1",
                                "messaging.message.conversation_id", "c-1",
                                "messaging.message.body.size", "5",
                                "mainstay.queues", "1",
                                "mainstay.outcome", "confirmed"));
        assertThat(deliver.name()).isEqualTo("deliver orders:paid.card:" + queue);
        assertThat(deliver.parent()).isEqualTo(PARENT);
        assertThat(deliver.kind()).isEqualTo(SpanKind.SPAN_KIND_PRODUCER);
        assertThat(deliver.attributes())
                .containsAllEntriesOf(
                        Map.of(
                                "messaging.operation.name", "deliver",
                                "messaging.operation.type", "send",
                                "messaging.rabbitmq.message.delivery_tag", "1",
                                "mainstay.vhost", "/",
                                "mainstay.queue", queue,
                                "mainstay.redelivered", "false",
                                "mainstay.outcome", "acked"));
        assertThat(collector.await(trace, 2)).hasSize(2);
        assertThat(collector.resources().getLast())
                .containsEntry("service.name", "mainstay")
                .containsEntry("service.instance.id", "traced-node");
    }

    @Test
    void whatIsNotSampledHasNoSpan() throws Exception {
        declare(Map.of());
        String other = trace.replace('4', '5');
        publish("", queue, "00-" + other + "-" + PARENT + "-00");
        publish("", queue, "00-" + other + "-nonsense-01");
        Amqp.store(channel, queue, "without headers");
        Amqp.drain(channel, queue);
        // Spans leave in the order in which they end.
        publish("", queue, sampled().getBytes(StandardCharsets.ISO_8859_1));
        channel.basicGet(queue, true);

        List<Seen> seen = collector.await(trace, 2);
        assertThat(seen).extracting(Seen::name).containsExactly("publish " + queue, "get " + queue);
        assertThat(seen.getLast().attribute("mainstay.outcome")).isEqualTo("auto_acked");
        assertThat(collector.spans())
                .allMatch(span -> span.parent().equals(PARENT))
                .noneMatch(span -> span.trace().equals(other));
    }

    @Test
    void whatIsRefusedOrReachesNobodyIsSaid() throws Exception {
        channel.basicPublish("", "nobody", with(sampled()), new byte[0]);
        channel.waitForConfirmsOrDie(Amqp.SOON.toMillis());
        Channel wrong = connection.createChannel();
        wrong.basicPublish("no-such-exchange", "key", with(sampled()), new byte[0]);
        declare(Map.of("x-max-length", 1, "x-overflow", "reject-publish"));
        Amqp.store(channel, queue, "first");
        channel.basicPublish("", queue, with(sampled()), new byte[0]);
        assertThat(channel.waitForConfirms(Amqp.SOON.toMillis())).isFalse();

        assertThat(collector.one(trace, "publish nobody").attribute("mainstay.outcome"))
                .isEqualTo("unroutable");
        Seen refused = collector.one(trace, "publish no-such-exchange:key");
        assertThat(refused.error()).isTrue();
        assertThat(refused.attribute("error.type")).isEqualTo("NOT_FOUND");
        Seen full = collector.one(trace, "publish " + queue);
        assertThat(full.error()).isTrue();
        assertThat(full.attribute("error.type")).isEqualTo("QUEUE_FULL");
    }

    @Test
    void aDeadMessageIsFollowedToWhereItGoes() throws Exception {
        Map<String, Object> arguments = new HashMap<>();
        arguments.put("x-dead-letter-exchange", "");
        arguments.put("x-dead-letter-routing-key", queue + "-dead");
        declare(arguments);
        channel.queueDeclare(queue + "-dead", true, false, false, null);
        publish("", queue, sampled());
        channel.basicReject(get(queue), false);
        Amqp.take(channel, queue + "-dead");

        Seen refused = collector.one(trace, "get " + queue);
        assertThat(refused.attribute("mainstay.outcome")).isEqualTo("rejected");
        Seen dead = collector.one(trace, "dead-letter " + queue);
        assertThat(dead.parent()).isEqualTo(PARENT);
        assertThat(dead.attribute("mainstay.outcome")).isEqualTo("dead_lettered");
        assertThat(dead.attribute("mainstay.dead_letter.reason")).isEqualTo("rejected");
        assertThat(dead.attribute("mainstay.queues")).isEqualTo("1");
        collector.one(trace, "get " + queue + "-dead");
    }

    private long get(String from) throws Exception {
        GetResponse got =
                Conditions.value("a message", Amqp.SOON, () -> channel.basicGet(from, false));
        return got.getEnvelope().getDeliveryTag();
    }

    @Test
    void transactionsAndChannelsThatEndLeaveNoSpanOpen() throws Exception {
        declare(Map.of());
        Channel transacted = connection.createChannel();
        transacted.txSelect();
        transacted.basicPublish("", queue, with(sampled()), new byte[0]);
        transacted.txRollback();
        transacted.basicPublish("", queue, with(sampled()), new byte[0]);
        transacted.txCommit();
        long tag = transacted.basicGet(queue, false).getEnvelope().getDeliveryTag();
        transacted.basicAck(tag, false);
        transacted.txRollback();
        transacted.close();

        assertThat(collector.await(trace, 3))
                .extracting(span -> span.attribute("mainstay.outcome"))
                .containsExactly("rolled_back", "confirmed", "requeued");
    }

    @Test
    void aRequestHasASpan() throws Exception {
        String url = node.httpUrl() + "/api/v1/overview?secret=x";
        HttpResponse<String> answer =
                HttpClient.newHttpClient()
                        .send(
                                HttpRequest.newBuilder(URI.create(url))
                                        .header("traceparent", sampled())
                                        .build(),
                                HttpResponse.BodyHandlers.ofString());

        Seen span = collector.await(trace, 1).getFirst();
        assertThat(span.parent()).isEqualTo(PARENT);
        assertThat(span.kind()).isEqualTo(SpanKind.SPAN_KIND_SERVER);
        assertThat(span.name()).isEqualTo("GET /api/v1/overview");
        assertThat(span.attributes())
                .containsAllEntriesOf(
                        Map.of(
                                "http.request.method", "GET",
                                "http.route", "/api/v1/overview",
                                "url.path", "/api/v1/overview",
                                "url.scheme", "http",
                                "http.response.status_code",
                                        Integer.toString(answer.statusCode())));
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void aCollectorThatIsGoneHarmsNothing() throws Exception {
        declare(Map.of());
        int port = collector.port();
        collector.close();
        for (int burst = 0; burst < 3; burst++) {
            for (int i = 0; i < 5_000; i++) {
                channel.basicPublish("", queue, with(sampled()), Amqp.bytes("x"));
            }
            channel.waitForConfirmsOrDie(Amqp.SOON.toMillis());
        }
        Inbox inbox = Inbox.on(channel, queue, true, Map.of());
        inbox.nextTexts(15_000);
        Conditions.await("the node to say it", Amqp.SOON, () -> log().contains("takes no traces"));
        Conditions.await(
                "the lost ones to be counted",
                Amqp.SOON,
                () -> metric("mainstay_traces_lost_total") > 0);

        collector = new TraceCollector(port);
        Conditions.value(
                "spans again",
                Amqp.SOON,
                () -> {
                    publish("", queue, sampled());
                    return collector.spans().isEmpty() ? null : collector;
                });
        Conditions.await(
                "the node to say it", Amqp.SOON, () -> log().contains("takes traces again"));
        assertThat(log()).containsOnlyOnce("takes no traces");
        assertThat(metric("mainstay_traces_sent_total")).isPositive();
    }

    private static String log() throws Exception {
        return Files.readString(folder.resolve("node").resolve("node.log"));
    }

    private static double metric(String name) throws Exception {
        return Broker.of(node)
                .metrics()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElse(0);
    }
}
