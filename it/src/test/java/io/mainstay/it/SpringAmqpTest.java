package io.mainstay.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.testkit.Conditions;
import io.mainstay.testkit.JavaProcess;
import io.mainstay.testkit.NodeProcess;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The example `spring-amqp`: stock Spring AMQP of two lines on one node. Payments of both lines share the orders that
/// order services of both lines send.
class SpringAmqpTest {
    private static final Duration SOON = Duration.ofSeconds(90);
    private static final int COUNT = 20;
    private static final int DELAY_MS = 300;

    /// What [#COUNT] plain orders, a flaky one, one that always fails and a delayed one are together.
    private static final int CONFIRMED = COUNT + 3;

    private static final List<String> FLAGS =
            List.of(
                    "-Xmx96m",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-Djava.net.preferIPv4Stack=true");

    @TempDir Path folder;

    private JavaProcess launch(NodeProcess node, Path program, String part, String name) {
        return JavaProcess.start(
                new JavaProcess.Command(
                        name,
                        JavaProcess.sameJava(),
                        FLAGS,
                        JavaProcess.classpathOf(program),
                        "io.mainstay.example.amqp.Orders",
                        List.of(
                                "--spring.profiles.active=" + part,
                                "--spring.rabbitmq.addresses=127.0.0.1:" + node.amqpPort(),
                                "--orders.name=" + name,
                                "--orders.count=" + COUNT,
                                "--orders.delay-ms=" + DELAY_MS),
                        folder.resolve(name + ".log")));
    }

    private static List<String> said(JavaProcess process, String verb) {
        return process.log().lines().filter(line -> line.startsWith(verb + " ")).toList();
    }

    private static List<String> said(List<JavaProcess> processes, String verb) {
        List<String> all = new ArrayList<>();
        processes.forEach(process -> all.addAll(said(process, verb)));
        return all;
    }

    private static void awaitSaid(JavaProcess process, String line) {
        Conditions.await(
                process.name() + " to say '" + line + "'",
                SOON,
                () -> {
                    if (process.log().lines().anyMatch(line::equals)) {
                        return true;
                    }
                    if (!process.alive()) {
                        throw new AssertionError(process.name() + " ended:\n" + process.log());
                    }
                    return false;
                });
    }

    @Test
    void paymentsShareTheOrdersAndNoneIsLost() {
        try (NodeProcess node = NodeProcess.start(folder.resolve("node"));
                JavaProcess one = launch(node, Examples.springAmqp(), "payment", "one");
                JavaProcess other = launch(node, Examples.springAmqpOlder(), "payment", "other")) {
            awaitSaid(one, "ready");
            awaitSaid(other, "ready");
            try (JavaProcess order = launch(node, Examples.springAmqp(), "order", "order");
                    JavaProcess older =
                            launch(node, Examples.springAmqpOlder(), "order", "older")) {
                for (JavaProcess sender : List.of(order, older)) {
                    Conditions.await(sender.name() + " to end", SOON, () -> !sender.alive());
                    assertThat(sender.exitCode()).as(sender.log()).isZero();
                    assertThat(said(sender, "confirmed")).containsExactly("confirmed " + CONFIRMED);
                    assertThat(said(sender, "quote"))
                            .containsExactly("quote " + sender.name() + " pays 42");
                }
            }
            List<JavaProcess> payments = List.of(one, other);
            Conditions.await(
                    "everything to be paid, and the rest to be buried",
                    SOON,
                    () ->
                            said(payments, "paid").size() >= 2 * (CONFIRMED - 1)
                                    && said(payments, "dead").size() >= 2);

            List<String> paid = new ArrayList<>();
            for (String line : said(payments, "paid")) {
                String[] words = line.split(" ");
                paid.add(words[1]);
                if (words[1].endsWith("-later")) {
                    assertThat(Long.parseLong(words[3])).as(line).isGreaterThanOrEqualTo(DELAY_MS);
                }
            }
            List<String> expected = new ArrayList<>();
            for (String sender : List.of("order", "older")) {
                for (int i = 1; i <= COUNT; i++) {
                    expected.add(sender + "-" + i);
                }
                expected.add(sender + "-flaky");
                expected.add(sender + "-later");
            }
            assertThat(paid).containsExactlyInAnyOrderElementsOf(expected);
            assertThat(said(one, "paid")).as("the share of the current line").isNotEmpty();
            assertThat(said(other, "paid")).as("the share of the older line").isNotEmpty();

            // Three tries of an order that always fails, then it goes where dead letters go.
            List<String> failed = said(payments, "failed");
            assertThat(failed.stream().filter("failed order-poison"::equals)).hasSize(3);
            assertThat(failed.stream().filter("failed older-poison"::equals)).hasSize(3);
            assertThat(said(payments, "dead"))
                    .containsExactlyInAnyOrder(
                            "dead order-poison of orders: no such account",
                            "dead older-poison of orders: no such account");
        }
    }
}
