package io.mainstay.messaging.queue.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.kernel.group.FaultMix;
import io.mainstay.kernel.group.Simulations;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/// Queues under every fault at once: what was confirmed is delivered, as it was sent, in order, and marked if it comes again; members agree. Streams are read
/// without a gap, queues go when they should and nothing else goes with them, and who keeps a delivery too long loses it. What must hold in detail: [MessageBook],
/// [QueueContents], [ConsumerBook].
class QueueSimulationTest {

    @Test
    void threeVotersLoseNoMessage() {
        run("threeVotersLoseNoMessage", 3, 3);
    }

    @Test
    void aLoneVoterLosesNoMessage() {
        run("aLoneVoterLosesNoMessage", 6, 1);
    }

    private static void run(String test, int seeds, int nodes) {
        List<QueueWorkload> runs = new ArrayList<>();
        MessageBook.Counts total = new MessageBook.Counts();
        Simulations.run(
                "domain/messaging QueueSimulationTest#" + test,
                seeds,
                nodes,
                () -> FaultMix.withGoodClocks(5_000, 30),
                () -> {
                    runs.forEach(run -> total.add(run.book().counts));
                    runs.clear();
                    runs.add(new QueueWorkload(nodes == 1, QueuePlant.NONE));
                    return runs.getFirst();
                });
        runs.forEach(run -> total.add(run.book().counts));
        System.out.println(total);
        assertThat(total.confirmed).isGreaterThan(total.sent / 4);
        assertThat(total.redelivered).isPositive();
        assertThat(total.dead).isPositive();
        assertThat(total.afterDelay).isPositive();
        assertThat(total.large).isPositive();
        assertThat(total.numbered).isPositive();
        assertThat(total.commits).isPositive();
        assertThat(total.streamed).isPositive();
        assertThat(total.truncated).isPositive();
        assertThat(total.timedOut).isPositive();
        assertThat(total.handOvers).isPositive();
        assertThat(total.deleted).isPositive();
        assertThat(total.left).isPositive();
        assertThat(total.purged).isPositive();
    }
}
