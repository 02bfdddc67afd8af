package io.mainstay.messaging.queue.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.messaging.api.QueueStats;
import io.mainstay.messaging.queue.command.QueueCommand.Once;
import io.mainstay.messaging.queue.command.QueueCommand.Open;
import io.mainstay.messaging.queue.command.QueueCommand.Publish;

import org.junit.jupiter.api.Test;

/// What a queue counts since this node leads it.
class QueueStatsTest {

    private final AwayGroup group = new AwayGroup();
    private final long id = group.queue.id();
    private long address;

    private void open() {
        group.machine.apply(0, 0, new Open(id, -1, -1));
    }

    private void publish(long sequence) {
        address += 1_000;
        Publish publish = new Publish(address, 100, 10, -1, new long[] {id, 0});
        group.machine.apply(0, 0, new Once("shop", sequence, publish));
    }

    private QueueStats stats() {
        group.machine.publish(0);
        return group.dispatcher.stats(id);
    }

    @Test
    void whatCameInOneBatchWithTheQueueItselfCounts() {
        open();
        publish(1);
        publish(1);
        assertThat(stats().published()).isEqualTo(1);
        assertThat(stats().duplicates()).isEqualTo(1);
        publish(1);
        publish(2);
        assertThat(stats().published()).isEqualTo(2);
        assertThat(stats().duplicates()).isEqualTo(2);
        assertThat(stats().ready()).isEqualTo(2);
    }

    @Test
    void whatWasThereBeforeThisNodeLedDoesNotCount() {
        group.dispatcher.lost();
        open();
        publish(1);
        publish(1);
        group.machine.publish(0);
        group.dispatcher.gained();
        assertThat(stats().ready()).isEqualTo(1);
        assertThat(stats().published()).isZero();
        assertThat(stats().duplicates()).isZero();
        publish(1);
        publish(2);
        assertThat(stats().published()).isEqualTo(1);
        assertThat(stats().duplicates()).isEqualTo(1);
    }
}
