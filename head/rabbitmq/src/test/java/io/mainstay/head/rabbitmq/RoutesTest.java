package io.mainstay.head.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Every route stands in the page about this protocol, and the page names no others.
class RoutesTest {

    private static final Path PAGE = Path.of("../../docs/protocols/rabbitmq-management.md");

    @Test
    void thePageAndTheRoutesAreTheSame() throws Exception {
        List<String> rows =
                Files.readAllLines(PAGE).stream()
                        .filter(line -> line.matches("\\| (`[A-Z]+` )+\\| `/.*"))
                        .toList();
        List<String> documented =
                rows.stream()
                        .flatMap(
                                row -> {
                                    String[] cells = row.split("\\|");
                                    String path = cells[2].strip();
                                    return List.of(cells[1].strip().split(" ")).stream()
                                            .map(method -> (method + " " + path).replace("`", ""));
                                })
                        .toList();
        List<String> routes =
                RabbitCalls.allRoutes().stream()
                        .map(route -> route.method().name() + " " + route.path())
                        .toList();
        assertThat(documented).containsExactlyInAnyOrderElementsOf(routes);
    }
}
