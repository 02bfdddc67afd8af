package io.mainstay.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.testkit.NodeProcess;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The example `spring-stream`: Spring Cloud Stream's binder for RabbitMQ, a consumer group of an instance of each of two
/// lines.
class SpringStreamTest {
    private static final int COUNT = 200;
    private static final int TRIES = 3;

    @TempDir Path folder;

    private SpringProgram launch(
            NodeProcess node, String name, Path program, String profile, int index) {
        return SpringProgram.launch(
                name,
                program,
                "io.mainstay.example.stream.StreamApplication",
                node.amqpPort(),
                folder,
                "--spring.profiles.active=" + profile,
                "--spring.cloud.stream.instance-index=" + index,
                "--orders.count=" + COUNT);
    }

    @Test
    void aGroupSharesPartitionsKeepToOneInstanceAndWhatFailsIsDeadLettered() throws Exception {
        try (NodeProcess node = NodeProcess.start(folder.resolve("node"));
                SpringProgram one = launch(node, "one", Examples.springStream(), "payment", 0);
                SpringProgram other =
                        launch(node, "other", Examples.springStreamOlder(), "payment", 1)) {
            one.awaitReady();
            other.awaitReady();
            List<SpringProgram> instances = List.of(one, other);
            try (SpringProgram order = launch(node, "order", Examples.springStream(), "order", 0)) {
                order.awaitEnd();
                assertThat(order.said("confirmed")).containsExactly("" + (COUNT + 2));
            }
            List<String> paid = new ArrayList<>(List.of("flaky"));
            for (int i = 1; i <= COUNT; i++) {
                paid.add(Integer.toString(i));
            }
            List<String> all = new ArrayList<>(paid);
            all.add("poison");
            for (SpringProgram instance : instances) {
                instance.await(
                        "all shipped, buried and audited",
                        () ->
                                SpringProgram.said(instances, "shipped").size() >= paid.size()
                                        && !SpringProgram.said(instances, "dead").isEmpty()
                                        && instance.said("audited").size() >= all.size());
                assertThat(instance.said("paid")).as("its share of the group").isNotEmpty();
                assertThat(instance.said("audited")).containsExactlyInAnyOrderElementsOf(all);
            }
            assertThat(SpringProgram.said(instances, "paid"))
                    .containsExactlyInAnyOrderElementsOf(paid);

            List<String> shipped = new ArrayList<>();
            Map<String, SpringProgram> owners = new HashMap<>();
            for (SpringProgram instance : instances) {
                assertThat(instance.said("shipped")).as("its partition").isNotEmpty();
                for (String line : instance.said("shipped")) {
                    String[] words = line.split(" ");
                    shipped.add(words[0]);
                    assertThat(owners.putIfAbsent(words[1], instance))
                            .as(words[1])
                            .isIn(null, instance);
                }
            }
            assertThat(shipped).containsExactlyInAnyOrderElementsOf(paid);

            List<String> failed = SpringProgram.said(instances, "failed");
            assertThat(failed.stream().filter("poison"::equals)).hasSize(TRIES);
            assertThat(SpringProgram.said(instances, "dead"))
                    .singleElement()
                    .asString()
                    .contains("\"id\":\"poison\"")
                    .endsWith("from stream-orders");
        }
    }
}
