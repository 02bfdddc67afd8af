package io.mainstay.messaging.queue.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.messaging.queue.command.QueueCommand;
import io.mainstay.messaging.queue.command.QueueCommand.Publish;
import io.mainstay.messaging.queue.command.QueueCommand.Settle;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/// Queues whose indexes have little of the heap together, beside the same queues that have all of it: both hold the same.
class ScarceMemoryTest {

    private static final int QUEUES = 8;
    private static final long ENOUGH = 64 << 10;

    private final KeptBlocks blocks = new KeptBlocks();
    private final QueueMemory memory = new QueueMemory(ENOUGH);
    private QueueMachine scarce = new QueueMachine(blocks, memory);
    private final QueueMachine roomy = new QueueMachine();
    private long address;
    private long timeMs;

    private void apply(QueueCommand command) {
        scarce.apply(0, timeMs, command);
        roomy.apply(0, timeMs, command);
    }

    private void publish(long... queues) {
        long[] targets = new long[2 * queues.length];
        for (int i = 0; i < queues.length; i++) {
            targets[2 * i] = queues[i];
        }
        address += 100;
        timeMs += address % 3;
        apply(new Publish(address, 100, (int) (address % 90), -1, targets));
    }

    private void settle(long queue, long first, long last) {
        apply(new Settle(queue, new long[] {first, last}));
    }

    private void publishViews() {
        scarce.publish(0);
        roomy.publish(0);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void holdsTheSame(long seed) {
        RandomGenerator random = new SplittableRandom(seed);
        // What other machines of the node take.
        long others = 0;
        for (int round = 0; round < 150; round++) {
            long wanted = new long[] {0, ENOUGH, 3 * ENOUGH}[random.nextInt(3)];
            memory.add(wanted - others);
            others = wanted;
            blocks.full = random.nextInt(8) == 0;
            step(random, random.nextInt(QUEUES));
            publishViews();
            if (random.nextInt(10) == 0) {
                restart();
            }
            if (round % 10 == 0) {
                assertThat(scarce.digest()).isEqualTo(roomy.digest());
            }
        }
        assertThat(scarce.digest()).isEqualTo(roomy.digest());
        assertThat(blocks.put).isGreaterThan(50);
        for (long queue = 0; queue < QUEUES; queue++) {
            apply(new QueueCommand.Delete(queue));
        }
        assertThat(memory.used()).as("what is left").isEqualTo(others);
        assertThat(blocks.kept).isEmpty();
    }

    private void step(RandomGenerator random, long queue) {
        if (roomy.queue(queue) == null) {
            apply(new QueueCommand.Open(queue, -1, -1));
        }
        Lane lane = roomy.queue(queue).laneOf(0);
        switch (random.nextInt(8)) {
            case 0 -> {
                if (random.nextInt(8) == 0) {
                    apply(new QueueCommand.Delete(queue));
                }
            }
            case 1 -> apply(new QueueCommand.Truncate(queue, between(random, lane)));
            case 2 -> {
                // What keeps up is settled as it comes.
                for (int i = random.nextInt(1_000); i > 0; i--) {
                    publish(queue);
                    settle(queue, lane.tail() - 1, lane.tail() - 1);
                }
            }
            case 3, 4 -> {
                for (int i = random.nextInt(60); i > 0 && lane.tail() > lane.floor(); i--) {
                    long first = between(random, lane);
                    settle(queue, first, Math.min(lane.tail() - 1, first + random.nextInt(40)));
                }
            }
            default -> {
                for (int i = random.nextInt(1_500); i > 0; i--) {
                    publish(queue, random.nextInt(2) == 0 ? queue : random.nextInt(QUEUES));
                }
            }
        }
        if (roomy.queue(queue) != null) {
            Lane same = scarce.queue(queue).laneOf(0);
            for (int i = 0; i < 20 && lane.floor() < lane.tail(); i++) {
                long number = lane.nextLive(between(random, lane));
                if (number < lane.tail()) {
                    assertThat(same.entry(number)).isEqualTo(lane.entry(number));
                    EntryBlock block = same.blockOf(number);
                    assertThat(block.read(number, 1)).containsExactly(lane.entry(number));
                }
            }
            assertThat(same.lowestAddress()).isLessThanOrEqualTo(lane.lowestAddress());
        }
    }

    private static long between(RandomGenerator random, Lane lane) {
        return lane.floor() == lane.tail()
                ? lane.floor()
                : random.nextLong(lane.floor(), lane.tail());
    }

    /// The blocks stay where they are, the rest comes from a snapshot.
    private void restart() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        scarce.snapshot(
                part -> {
                    byte[] copy = new byte[part.remaining()];
                    part.get(copy);
                    bytes.writeBytes(copy);
                });
        scarce.restore(scarce.snapshotVersion(), ByteBuffer.wrap(bytes.toByteArray()));
    }

    @Test
    void manyQueuesThatLagBehindStayWithinABound() {
        int many = 300;
        long[] all = new long[many];
        for (int i = 0; i < many; i++) {
            all[i] = i;
            apply(new QueueCommand.Open(i, -1, -1));
        }
        long most = 0;
        for (int i = 0; i < 3_000; i++) {
            publish(all);
            scarce.publish(0);
            most = Math.max(most, memory.used());
        }
        // Of each queue: a block of 64 entries and one that grows to it, and what is known of those
        // in the store.
        long each = 2 * EntryIndex.SCARCE_BLOCK * 32 + 3_000 / EntryIndex.SCARCE_BLOCK * 128;
        assertThat(most).isLessThan(2 * ENOUGH + many * each * 5 / 4);
        assertThat(scarce.digest()).isEqualTo(roomy.digest());
    }

    @Test
    void whatWaitsAndIsIdleGoesAsWell() {
        QueueMemory much = new QueueMemory(100 * ENOUGH);
        scarce = new QueueMachine(blocks, much);
        for (int queue = 0; queue < 100; queue++) {
            apply(new QueueCommand.Open(queue, -1, -1));
            for (int i = 0; i < 900; i++) {
                publish(queue);
            }
        }
        long before = much.used();
        assertThat(blocks.put).isZero();
        much.add(300 * ENOUGH);
        for (int i = 0; i < 10; i++) {
            publishViews();
        }
        assertThat(much.used() - 300 * ENOUGH).isLessThan(before / 100);
        assertThat(scarce.digest()).isEqualTo(roomy.digest());
    }

    @Test
    void aQueueWhoseConsumersKeepUpNeverWritesABlock() {
        apply(new QueueCommand.Open(0, -1, -1));
        memory.add(10 * ENOUGH);
        for (int i = 0; i < 10_000; i++) {
            publish(0);
            publishViews();
            if (i >= 60) {
                settle(0, i - 60, i - 60);
            }
        }
        assertThat(blocks.put).isZero();
        assertThat(memory.used() - 10 * ENOUGH).isLessThan(16 << 10);
    }
}
