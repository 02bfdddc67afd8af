package io.mainstay.messaging.topology.view;

import static io.mainstay.messaging.topology.Machines.VHOST;
import static io.mainstay.messaging.topology.Machines.bind;
import static io.mainstay.messaging.topology.Machines.bindExchange;
import static io.mainstay.messaging.topology.Machines.declare;
import static io.mainstay.messaging.topology.Machines.exchange;
import static io.mainstay.messaging.topology.Machines.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.api.RoutedMessage;
import io.mainstay.messaging.api.TopologyChange.DeleteQueue;
import io.mainstay.messaging.message.FieldTable;
import io.mainstay.messaging.message.FieldValue;
import io.mainstay.messaging.topology.Machines;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

class RoutingTest {

    private final Machines topology = new Machines();

    @BeforeEach
    void declareQueues() {
        for (String queue : new String[] {"q1", "q2", "q3"}) {
            topology.make(declare(queue));
        }
    }

    @Test
    void theDefaultExchangeKnowsEveryQueueByName() {
        assertThat(topology.route("", "q1")).containsExactly("q1");
        assertThat(topology.route("", "none")).isEmpty();
    }

    @Test
    void aDirectExchangeComparesKeys() {
        topology.make(bind("amq.direct", "q1", "a"));
        topology.make(bind("amq.direct", "q2", "a"));
        topology.make(bind("amq.direct", "q2", "b"));
        assertThat(topology.route("amq.direct", "a")).containsExactly("q1", "q2");
        assertThat(topology.route("amq.direct", "b")).containsExactly("q2");
        assertThat(topology.route("amq.direct", "c")).isEmpty();
    }

    @Test
    void aFanoutReachesEachQueueOnceHoweverOftenItIsBound() {
        topology.make(bind("amq.fanout", "q1", "a"));
        topology.make(bind("amq.fanout", "q1", "b"));
        topology.make(bind("amq.fanout", "q2", ""));
        assertThat(topology.route("amq.fanout", "x")).containsExactly("q1", "q2");
        topology.make(new DeleteQueue(VHOST, "q1", topology.queue("q1").id()));
        assertThat(topology.route("amq.fanout", "x")).containsExactly("q2");
    }

    @Test
    void queuesThatWereReachedByAnotherKeyAreNotAddedAgain() {
        topology.make(bind("amq.direct", "q1", "a"));
        topology.make(bind("amq.direct", "q1", "b"));
        topology.make(bind("amq.topic", "q1", "#"));
        List<QueueView> into = new ArrayList<>();
        for (String[] way : new String[][] {{"amq.direct", "a"}, {"amq.direct", "b"}, {"", "q1"}}) {
            route(way[0], way[1], into);
        }
        route("amq.topic", "anything", into);
        assertThat(into).containsExactly(topology.queue("q1"));
    }

    private void route(String exchange, String key, List<QueueView> into) {
        topology.vhost()
                .route(
                        Objects.requireNonNull(topology.vhost().exchange(exchange)),
                        key,
                        () -> FieldTable.EMPTY,
                        into);
    }

    @Test
    void aHeadersExchangeComparesArgumentsWithHeaders() {
        FieldTable both = table("colour", "red").with("size", 5);
        topology.make(bind("amq.headers", "q1", "", both.with("x-match", "all")));
        topology.make(bind("amq.headers", "q2", "", both.with("x-match", "any")));
        topology.make(bind("amq.headers", "q3", "", table("colour", FieldValue.Void.VOID)));
        assertThat(topology.route("amq.headers", "", table("colour", "red").with("size", 5L)))
                .containsExactly("q1", "q2", "q3");
        assertThat(topology.route("amq.headers", "", table("size", (byte) 5)))
                .containsExactly("q2");
        assertThat(topology.route("amq.headers", "", table("colour", "blue")))
                .containsExactly("q3");
        assertThat(topology.route("amq.headers", "", FieldTable.EMPTY)).isEmpty();
    }

    @Test
    void argumentsWithXAskNothingUnlessTheMatchSaysSo() {
        FieldTable wish = table("x-kind", "a").with("k", "v");
        topology.make(bind("amq.headers", "q1", "", wish.with("x-match", "all")));
        topology.make(bind("amq.headers", "q2", "", wish.with("x-match", "all-with-x")));
        topology.make(
                bind("amq.headers", "q3", "", table("x-kind", "a").with("x-match", "any-with-x")));
        assertThat(topology.route("amq.headers", "", table("k", "v"))).containsExactly("q1");
        assertThat(topology.route("amq.headers", "", wish)).containsExactly("q1", "q2", "q3");
    }

    @Test
    void nothingAskedIsFulfilledByAllAndNotByAny() {
        topology.make(bind("amq.headers", "q1", "", FieldTable.EMPTY));
        topology.make(bind("amq.headers", "q2", "", table("x-match", "any")));
        assertThat(topology.route("amq.headers", "")).containsExactly("q1");
    }

    @Test
    void exchangesLeadToExchangesAndLoopsEnd() {
        topology.make(exchange("a", "direct"));
        topology.make(exchange("b", "fanout"));
        topology.make(exchange("c", "topic"));
        topology.make(bindExchange("a", "b", "k.x"));
        topology.make(bindExchange("b", "c", ""));
        topology.make(bindExchange("c", "a", "#"));
        topology.make(bind("a", "q1", "k.x"));
        topology.make(bind("b", "q1", ""));
        topology.make(bind("c", "q2", "k.*"));
        assertThat(topology.route("a", "k.x")).containsExactly("q1", "q2");
        assertThat(topology.route("b", "other")).containsExactly("q1");
        assertThat(topology.route("a", "other")).isEmpty();
    }

    @Test
    void whatNoBindingTakesGoesToTheAlternateExchange() {
        topology.make(exchange("first", "direct", table("alternate-exchange", "second")));
        topology.make(exchange("second", "direct", table("alternate-exchange", "third")));
        topology.make(exchange("third", "fanout", table("alternate-exchange", "first")));
        topology.make(bind("first", "q1", "1"));
        topology.make(bind("second", "q2", "2"));
        assertThat(topology.route("first", "1")).containsExactly("q1");
        assertThat(topology.route("first", "2")).containsExactly("q2");
        assertThat(topology.route("first", "3")).isEmpty();
        topology.make(bind("third", "q3", ""));
        assertThat(topology.route("first", "3")).containsExactly("q3");
    }

    @Test
    void anAlternateExchangeThatIsNotThereIsPassedOver() {
        topology.make(exchange("first", "topic", table("alternate-exchange", "none")));
        assertThat(topology.route("first", "1")).isEmpty();
    }

    @Test
    void aConsistentHashSpreadsByWeightAndMovesLittle() {
        topology.make(exchange("c", "x-consistent-hash"));
        topology.make(bind("c", "q1", "10"));
        topology.make(bind("c", "q2", "20"));
        topology.make(bind("c", "q2", "5"));
        Map<String, String> before = spread(3_000);
        assertThat(count(before, "q1")).isBetween(850L, 1_150L);
        assertThat(count(before, "q2")).isBetween(1_850L, 2_150L);
        topology.make(bind("c", "q3", "30"));
        Map<String, String> after = spread(3_000);
        assertThat(count(after, "q3")).isBetween(1_350L, 1_650L);
        after.forEach(
                (key, queue) -> {
                    if (!queue.equals("q3")) {
                        assertThat(queue).isEqualTo(before.get(key));
                    }
                });
    }

    private Map<String, String> spread(int keys) {
        Map<String, String> queues = new HashMap<>();
        for (int i = 0; i < keys; i++) {
            List<String> reached = topology.route("c", "key" + i);
            assertThat(reached).hasSize(1);
            queues.put("key" + i, reached.getFirst());
        }
        return queues;
    }

    private static long count(Map<String, String> queues, String queue) {
        return queues.values().stream().filter(queue::equals).count();
    }

    @Test
    void aConsistentHashMayLookAtAHeaderOrAProperty() {
        topology.make(exchange("h", "x-consistent-hash", table("hash-header", "customer")));
        topology.make(exchange("p", "x-consistent-hash", table("hash-property", "message_id")));
        for (String exchange : new String[] {"h", "p"}) {
            for (String queue : new String[] {"q1", "q2", "q3"}) {
                topology.make(bind(exchange, queue, "10"));
            }
        }
        List<String> ofOne = topology.route("h", "a", table("customer", 17));
        assertThat(topology.route("h", "b", table("customer", 17L))).isEqualTo(ofOne);
        assertThat(topology.route("h", "b")).hasSize(1);
        boolean different = false;
        for (int i = 0; i < 20; i++) {
            String id = "id" + i;
            List<String> reached = property(id);
            assertThat(reached).hasSize(1).isEqualTo(property(id));
            different |= !reached.equals(property("id0"));
        }
        assertThat(different).isTrue();
    }

    private List<String> property(String messageId) {
        List<QueueView> into = new ArrayList<>();
        RoutedMessage message =
                new RoutedMessage() {
                    @Override
                    public String property(String name) {
                        assertThat(name).isEqualTo("message_id");
                        return messageId;
                    }

                    @Override
                    public FieldTable get() {
                        return FieldTable.EMPTY;
                    }
                };
        topology.vhost()
                .route(
                        Objects.requireNonNull(topology.vhost().exchange("p")),
                        "key",
                        message,
                        into);
        return into.stream().map(QueueView::name).toList();
    }

    @Test
    void headersAreReadOnlyIfAnExchangeLooksAtThem() {
        topology.make(bind("amq.topic", "q1", "#"));
        topology.make(bindExchange("amq.topic", "amq.fanout", "#"));
        topology.make(bind("amq.fanout", "q2", ""));
        List<QueueView> into = new ArrayList<>();
        topology.vhost()
                .route(
                        Objects.requireNonNull(topology.vhost().exchange("amq.topic")),
                        "k",
                        () -> {
                            throw new AssertionError("nobody looks at headers here");
                        },
                        into);
        assertThat(into).extracting(QueueView::name).containsExactlyInAnyOrder("q1", "q2");
    }

    @Test
    void routingByKeyToQueuesMakesNoObjects() {
        topology.make(bind("amq.direct", "q1", "a"));
        topology.make(bind("amq.fanout", "q1", ""));
        topology.make(bind("amq.fanout", "q2", ""));
        List<QueueView> into = new ArrayList<>(16);
        var vhost = topology.vhost();
        var ways =
                List.of(
                        Objects.requireNonNull(vhost.exchange("amq.direct")),
                        Objects.requireNonNull(vhost.exchange("amq.fanout")),
                        Objects.requireNonNull(vhost.exchange("")));
        long before = 0;
        for (int round = 0; round < 30_000; round++) {
            if (round == 20_000) {
                before = allocatedBytes();
            }
            for (int way = 0; way < 3; way++) {
                into.clear();
                vhost.route(ways.get(way), way == 2 ? "q3" : "a", () -> FieldTable.EMPTY, into);
            }
        }
        // 30,000 messages; the measurement itself takes some hundred bytes.
        assertThat(allocatedBytes() - before).isLessThan(30_000);
        assertThat(into).hasSize(1);
    }

    private static long allocatedBytes() {
        return ((com.sun.management.ThreadMXBean)
                        java.lang.management.ManagementFactory.getThreadMXBean())
                .getCurrentThreadAllocatedBytes();
    }
}
