package io.mainstay.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;

import io.mainstay.testkit.Conditions;
import io.mainstay.testkit.NodeProcess;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The example `spring-amqp`: stock Spring AMQP of two lines shares the orders of one queue, while a consumer and the
/// node are killed.
class SpringAmqpTest {
    private static final int COUNT = 400;
    private static final List<String> QUEUES =
            List.of("payment", "payment.later", "payment.dead", "payment.quote", "notification");

    @TempDir Path folder;

    private SpringProgram launch(NodeProcess node, String name, Path program, String profiles) {
        return SpringProgram.launch(
                name,
                program,
                "io.mainstay.example.amqp.OrdersApplication",
                node.amqpPort(),
                folder,
                "--spring.profiles.active=" + profiles,
                "--orders.count=" + COUNT,
                "--orders.books=" + folder.resolve("books"));
    }

    private static int confirmed(SpringProgram order) {
        return order.said("confirmed").stream().mapToInt(Integer::parseInt).max().orElse(0);
    }

    private Set<String> entered(String what) throws IOException {
        Path entries = folder.resolve("books").resolve(what);
        if (!Files.exists(entries)) {
            return Set.of();
        }
        try (Stream<Path> files = Files.list(entries)) {
            return files.map(file -> file.getFileName().toString())
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    @Test
    void everyOrderIsPaidOnceAndNotifiedThroughKillsOfAConsumerAndOfTheNode() throws Exception {
        try (NodeProcess node = NodeProcess.start(folder.resolve("node"));
                SpringProgram one =
                        launch(node, "one", Examples.springAmqp(), "payment,notification");
                SpringProgram other =
                        launch(node, "other", Examples.springAmqpOlder(), "payment,notification")) {
            one.awaitReady();
            other.awaitReady();
            List<SpringProgram> payments = List.of(one, other);
            try (SpringProgram order = launch(node, "order", Examples.springAmqp(), "order")) {
                // Three tries of an order that always fails, then it goes where dead letters go.
                order.await(
                        "its poison buried", () -> !SpringProgram.said(payments, "dead").isEmpty());
                assertThat(SpringProgram.said(payments, "dead"))
                        .containsExactly("order-poison rejected from payment");
                assertThat(
                                SpringProgram.said(payments, "failed").stream()
                                        .filter("order-poison"::equals))
                        .hasSize(3);

                order.await("a share for each", () -> payments.stream().allMatch(this::hasPaid));
                one.process().kill();
                int atKill = confirmed(order);
                order.await("orders after it", () -> confirmed(order) > atKill);
                node.kill();
                assertThat(order.process().alive()).as("in the middle").isTrue();
                node.startAgain();
                order.awaitEnd();
                assertThat(order.said("returned")).containsExactly("nobody");
                assertThat(order.said("quote")).containsExactly("order pays 42");
            }

            Set<String> expected = new TreeSet<>(Set.of("order-flaky", "order-later"));
            for (int i = 1; i <= COUNT; i++) {
                expected.add("order-" + i);
            }
            other.await("all notified", () -> entered("notified").size() >= expected.size());
            assertThat(entered("paid")).isEqualTo(expected);
            assertThat(entered("notified")).isEqualTo(expected);
            assertThat(SpringProgram.said(payments, "paid")).doesNotHaveDuplicates();
            awaitEmptyQueues(node);
        }
    }

    private boolean hasPaid(SpringProgram payment) {
        return !payment.said("paid").isEmpty();
    }

    /// Nothing is left over: what came twice was recognised and acknowledged as well.
    private static void awaitEmptyQueues(NodeProcess node) throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost("127.0.0.1");
        factory.setPort(node.amqpPort());
        try (Connection connection = factory.newConnection();
                Channel channel = connection.createChannel()) {
            for (String queue : QUEUES) {
                Conditions.await(
                        queue + " to be empty",
                        SpringProgram.SOON,
                        () -> channel.queueDeclarePassive(queue).getMessageCount() == 0);
            }
        }
    }
}
