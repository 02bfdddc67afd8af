package io.mainstay.messaging.topology.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.messaging.api.BindingView;
import io.mainstay.messaging.api.ExchangeView;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.api.VhostView;
import io.mainstay.messaging.message.FieldTable;
import io.mainstay.messaging.topology.Machines;
import io.mainstay.messaging.topology.TopologyHistory;
import io.mainstay.messaging.topology.command.TopologyCommand;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

class GeneratedHistoriesTest {

    @Test
    void aRestoredMachineEqualsAndGoesOnAsTheFirst() {
        for (int seed = 0; seed < 25; seed++) {
            Random random = new Random(seed);
            TopologyHistory history = new TopologyHistory(random);
            Machines first = new Machines();
            Machines second = new Machines();
            for (int i = 0; i < 400; i++) {
                TopologyCommand command = history.next(anyQueue(first, random));
                assertThat(second.apply(command)).isEqualTo(first.apply(command));
                // What was restored takes the place of what it came from: its own views must go on
                // from there.
                second = second.restored();
                assertThat(second.machine.digest())
                        .as("seed %d after %d commands", seed, i)
                        .isEqualTo(first.machine.digest());
                if (i % 10 == 0) {
                    assertThat(Machines.contents(second.view()))
                            .isEqualTo(Machines.contents(first.view()));
                    assertConsistent(first);
                    assertRoutesAlike(first, second);
                }
            }
        }
    }

    private static long anyQueue(Machines topology, Random random) {
        List<QueueView> queues =
                topology.view().vhosts().stream()
                        .flatMap(vhost -> vhost.queues().stream())
                        .toList();
        return queues.isEmpty() ? 1 : queues.get(random.nextInt(queues.size())).id();
    }

    /// Each binding has two ends and is known at both; an index says what the lists say.
    private static void assertConsistent(Machines topology) {
        Set<Long> ids = new HashSet<>();
        for (VhostView vhost : topology.view().vhosts()) {
            List<BindingView> fromDestinations = new ArrayList<>();
            for (QueueView queue : vhost.queues()) {
                assertThat(ids.add(queue.id())).isTrue();
                assertThat(topology.view().queue(queue.id())).isSameAs(queue);
                fromDestinations.addAll(vhost.bindingsTo(queue.name(), false));
            }
            for (ExchangeView exchange : vhost.exchanges()) {
                fromDestinations.addAll(vhost.bindingsTo(exchange.name(), true));
            }
            assertThat(vhost.bindings()).containsExactlyInAnyOrderElementsOf(fromDestinations);
            for (BindingView binding : vhost.bindings()) {
                assertThat(vhost.exchange(binding.source())).isNotNull();
            }
        }
    }

    private static void assertRoutesAlike(Machines first, Machines second) {
        for (VhostView vhost : first.view().vhosts()) {
            for (ExchangeView exchange : vhost.exchanges()) {
                for (String key : new String[] {"", "a", "a.b", "q1"}) {
                    FieldTable headers = Machines.table("k", 1L);
                    List<QueueView> one = new ArrayList<>();
                    List<QueueView> other = new ArrayList<>();
                    vhost.route(exchange, key, () -> headers, one);
                    second.view().vhost(vhost.name()).route(exchange, key, () -> headers, other);
                    one.sort(Comparator.comparingLong(QueueView::id));
                    other.sort(Comparator.comparingLong(QueueView::id));
                    assertThat(other).isEqualTo(one).doesNotHaveDuplicates();
                    one.forEach(queue -> assertThat(vhost.queue(queue.name())).isSameAs(queue));
                }
            }
        }
    }
}
