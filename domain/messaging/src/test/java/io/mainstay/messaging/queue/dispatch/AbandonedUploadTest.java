package io.mainstay.messaging.queue.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.messaging.queue.command.QueueCommand.Chunk;
import io.mainstay.messaging.queue.command.QueueCommand.Settle;

import org.junit.jupiter.api.Test;

import java.util.List;

/// Pieces of a message that never ends, in a group where nothing else happens.
class AbandonedUploadTest {

    private static final long MINUTES = 60_000;

    private final AwayGroup group = new AwayGroup();

    @Test
    void theLeaderLetsTimePassInTheLogWhenItIsOver() {
        group.machine.apply(1, group.nowMs(), new Chunk(5, 9, 1_000, 50));
        group.dispatcher.submit(() -> {});
        group.pass(10 * MINUTES - 1_000);
        assertThat(settles()).isEmpty();
        group.pass(1_200);
        assertThat(settles()).isNotEmpty();
        Settle passing = settles().getFirst();
        assertThat(passing.ranges()).isEmpty();
        group.machine.apply(2, group.nowMs(), passing);
        assertThat(group.machine.bodyBytes()).isZero();
        assertThat(group.machine.bodiesNeededFrom()).isEqualTo(Long.MAX_VALUE);
        group.controlled.clear();
        group.pass(MINUTES);
        assertThat(settles()).isEmpty();
    }

    private List<Settle> settles() {
        return group.controlled.stream()
                .filter(Settle.class::isInstance)
                .map(Settle.class::cast)
                .toList();
    }
}
