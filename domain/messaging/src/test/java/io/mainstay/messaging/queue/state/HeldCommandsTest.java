package io.mainstay.messaging.queue.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.messaging.queue.command.QueueCommand;
import io.mainstay.messaging.queue.command.QueueCommand.CommitHeld;
import io.mainstay.messaging.queue.command.QueueCommand.Held;
import io.mainstay.messaging.queue.command.QueueCommand.Publish;
import io.mainstay.messaging.queue.command.QueueCommand.Settle;
import io.mainstay.messaging.queue.command.QueueCommandCodec;
import io.mainstay.messaging.queue.command.Sequences;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// Transactions in parts: what is seen of them, and long queues whose messages do not come in the order of their addresses.
class HeldCommandsTest {

    private static final long QUEUE = 7;
    private static final long PROCESS = 5;
    private static final int BYTES = 100;

    private static QueueMachine machine() {
        QueueMachine machine = new QueueMachine();
        machine.apply(0, 0, new QueueCommand.Open(QUEUE, -1, -1));
        return machine;
    }

    private static Publish message(long address) {
        return new Publish(address, BYTES, 10, -1, new long[] {QUEUE, 0});
    }

    private static Held held(long transaction, QueueCommand command) {
        return new Held(PROCESS, transaction, command);
    }

    private static PublishReply apply(QueueMachine machine, long timeMs, QueueCommand command) {
        return machine.apply(timeMs, timeMs, command).reply();
    }

    private static long messages(QueueMachine machine) {
        QueueState queue = machine.queue(QUEUE);
        return queue == null ? -1 : queue.messages();
    }

    @Test
    void nothingIsSeenBeforeTheEndAndThenAllOfIt() {
        QueueMachine machine = machine();
        apply(machine, 1, message(1_000));
        apply(machine, 2, held(1, message(2_000)));
        apply(machine, 3, held(1, message(3_000)));
        apply(machine, 4, held(1, new Settle(QUEUE, new long[] {0, 0})));
        assertThat(messages(machine)).isEqualTo(1);
        assertThat(apply(machine, 5, new CommitHeld(PROCESS, 1, 3))).isEqualTo(PublishReply.STORED);
        assertThat(messages(machine)).isEqualTo(2);
        Lane lane = machine.queue(QUEUE).lane(0);
        assertThat(lane.floor()).isEqualTo(1);
        assertThat(lane.entry(1).address()).isEqualTo(2_000);
        assertThat(lane.entry(1).timeMs()).as("of the commit").isEqualTo(5);
        assertThat(apply(machine, 6, new CommitHeld(PROCESS, 1, 3)))
                .as("it is done once")
                .isEqualTo(PublishReply.INCOMPLETE);
    }

    @Test
    void nothingHappensIfAPartIsMissing() {
        QueueMachine machine = machine();
        apply(machine, 1, held(1, message(2_000)));
        assertThat(apply(machine, 2, new CommitHeld(PROCESS, 1, 2)))
                .isEqualTo(PublishReply.INCOMPLETE);
        assertThat(apply(machine, 2, new CommitHeld(PROCESS, 1, 1)))
                .as("it was dropped")
                .isEqualTo(PublishReply.INCOMPLETE);
        apply(machine, 1, new QueueCommand.Chunk(PROCESS, 9, 3_000, 50));
        apply(
                machine,
                1,
                held(
                        2,
                        new QueueCommand.PublishChunked(
                                PROCESS, 9, 2, 4_000, BYTES, 400, -1, new long[] {QUEUE, 0})));
        apply(machine, 1, held(2, message(5_000)));
        assertThat(apply(machine, 2, new CommitHeld(PROCESS, 2, 2)))
                .as("half of a body is missing")
                .isEqualTo(PublishReply.INCOMPLETE);
        assertThat(messages(machine)).isZero();
    }

    @Test
    void partsWithoutAnEndGoAfterAWhileWithWhateverComesNext() {
        QueueMachine machine = machine();
        apply(machine, 1, held(1, message(2_000)));
        apply(machine, 600_001, held(2, message(3_000)));
        assertThat(machine.bodiesNeededFrom()).isEqualTo(2_000);
        apply(machine, 600_002, new QueueCommand.Open(QUEUE, -1, -1));
        assertThat(machine.bodiesNeededFrom()).isEqualTo(3_000);
        assertThat(apply(machine, 600_003, new CommitHeld(PROCESS, 2, 1)))
                .isEqualTo(PublishReply.STORED);
        assertThat(messages(machine)).isEqualTo(1);
    }

    @Test
    void piecesOfAMessageWithoutAnEndGoAfterAWhileWithWhateverComesNext() {
        QueueMachine machine = machine();
        apply(machine, 1, new QueueCommand.Chunk(PROCESS, 8, 2_000, 50));
        apply(machine, 10, new QueueCommand.Chunk(PROCESS, 9, 3_000, 50));
        assertThat(machine.expiresMs()).isEqualTo(600_002);
        apply(machine, 600_001, message(4_000));
        assertThat(machine.bodiesNeededFrom()).isEqualTo(2_000);
        apply(machine, 600_002, new Settle(QUEUE, new long[0]));
        assertThat(machine.bodiesNeededFrom()).isEqualTo(3_000);
        assertThat(machine.expiresMs()).isEqualTo(600_011);
        assertThat(copy(machine, BlockStore.NONE).expiresMs()).isEqualTo(600_011);
        assertThat(
                        apply(
                                machine,
                                600_003,
                                new QueueCommand.PublishChunked(
                                        PROCESS,
                                        9,
                                        1,
                                        5_000,
                                        BYTES,
                                        50,
                                        -1,
                                        new long[] {QUEUE, 0})))
                .as("the other one is whole")
                .isEqualTo(PublishReply.STORED);
        assertThat(machine.expiresMs()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void theOneWhoCommitsHearsOfAFullQueue() {
        QueueMachine machine = machine();
        apply(machine, 0, new QueueCommand.Open(QUEUE, 1, -1));
        apply(machine, 1, held(1, message(2_000)));
        apply(machine, 1, held(1, message(3_000)));
        assertThat(apply(machine, 2, new CommitHeld(PROCESS, 1, 2)))
                .isEqualTo(PublishReply.REFUSED);
        assertThat(messages(machine)).isEqualTo(1);
    }

    @Test
    void aHeldPublishKnowsWhereItsMessageLies() {
        int head = QueueCommandCodec.HELD_HEAD_BYTES + QueueCommandCodec.publishHeadBytes(1);
        ByteBuffer command = ByteBuffer.allocate(3 + head + 20).position(3);
        QueueCommandCodec.heldHead(command, PROCESS, 8);
        QueueCommandCodec.publishHead(command, -1, 12, new long[] {QUEUE, 200}, 1);
        command.rewind().position(3);
        Held held = (Held) QueueCommandCodec.decode(QueueCommandCodec.VERSION, command, 10_000);
        assertThat(held.process()).isEqualTo(PROCESS);
        assertThat(held.transaction()).isEqualTo(8);
        Publish publish = (Publish) held.command();
        assertThat(publish.address()).isEqualTo(10_000 + head);
        assertThat(publish.bytes()).isEqualTo(20);
        assertThat(publish.targets()).containsExactly(QUEUE, 200);
    }

    /// Messages and transactions side by side, several blocks of them; what is named of bodies is always what waits.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void bodiesOfALongQueueAreNamedWhateverTheirOrder(long seed) {
        RandomGenerator random = new SplittableRandom(seed);
        CheckedBlocks blocks = new CheckedBlocks(5);
        QueueMachine machine = new QueueMachine(blocks);
        apply(machine, 0, new QueueCommand.Open(QUEUE, -1, -1));
        TreeMap<Long, Long> live = new TreeMap<>();
        TreeMap<Long, List<Long>> held = new TreeMap<>();
        long address = 1_000;
        long tail = 0;
        for (; tail < 4 * EntryIndex.BLOCK; tail++, address += BYTES) {
            apply(machine, 0, message(address));
            live.put(tail, address);
        }
        int inStore = 0;
        for (int step = 0; step < 600; step++) {
            inStore = Math.max(inStore, blocks.inUse());
            int count = random.nextInt(80);
            long transaction = random.nextInt(3);
            switch (random.nextInt(8)) {
                case 0, 1 -> {
                    for (int i = 0; i < count; i++, address += BYTES) {
                        apply(machine, step, held(transaction, message(address)));
                        held.computeIfAbsent(transaction, t -> new ArrayList<>()).add(address);
                    }
                }
                case 2 -> {
                    List<Long> all = held.getOrDefault(transaction, List.of());
                    apply(machine, step, new CommitHeld(PROCESS, transaction, all.size()));
                    for (long one : all) {
                        live.put(tail++, one);
                    }
                    held.remove(transaction);
                }
                case 3 -> {
                    // Consumers are slower for most of the time, and catch up now and then.
                    int most = random.nextInt(20) == 0 ? live.size() : count;
                    for (int i = 0; i < most && !live.isEmpty(); i++) {
                        Long near = live.ceilingKey(live.firstKey() + random.nextInt(3));
                        long number = near == null ? live.firstKey() : near;
                        live.remove(number);
                        apply(machine, step, new Settle(QUEUE, new long[] {number, number}));
                    }
                }
                case 4 -> {
                    if (random.nextInt(10) == 0) {
                        blocks = blocks.copy();
                        machine = copy(machine, blocks);
                    }
                }
                default -> {
                    for (int i = 0; i < count; i++, address += BYTES) {
                        apply(machine, step, message(address));
                        live.put(tail++, address);
                    }
                }
            }
            if (step % 20 == 0) {
                compare(machine, live, held, random);
            }
        }
        assertThat(inStore).as("blocks in the store").isPositive();
    }

    private static void compare(
            QueueMachine machine,
            TreeMap<Long, Long> live,
            TreeMap<Long, List<Long>> held,
            RandomGenerator random) {
        TreeMap<Long, Integer> all = new TreeMap<>();
        live.values().forEach(address -> all.put(address, BYTES));
        held.values().forEach(some -> some.forEach(address -> all.put(address, BYTES)));
        assertThat(machine.bodiesNeededFrom())
                .isLessThanOrEqualTo(all.isEmpty() ? Long.MAX_VALUE : all.firstKey());
        if (all.isEmpty()) {
            assertThat(machine.bodiesNeededFrom()).isEqualTo(Long.MAX_VALUE);
            return;
        }
        for (int i = 0; i < 3; i++) {
            long from = random.nextLong(all.lastKey() + 1);
            long to = from + random.nextLong(100_000);
            TreeMap<Long, Integer> named = new TreeMap<>();
            machine.bodies(from, to, named::put);
            assertThat(named).isEqualTo(all.subMap(from, true, to, false));
        }
        Lane lane = machine.queue(QUEUE).laneOf(Sequences.of(0, 0));
        long n = lane.nextLive(0);
        for (var message : live.entrySet()) {
            assertThat(n).isEqualTo(message.getKey());
            assertThat(lane.entry(n).address()).isEqualTo(message.getValue());
            n = lane.nextLive(n + 1);
        }
        assertThat(n).isEqualTo(lane.tail());
    }

    private static QueueMachine copy(QueueMachine machine, BlockStore blocks) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        machine.snapshot(
                part -> {
                    byte[] copy = new byte[part.remaining()];
                    part.get(copy);
                    bytes.writeBytes(copy);
                });
        QueueMachine other = new QueueMachine(blocks);
        other.restore(machine.snapshotVersion(), ByteBuffer.wrap(bytes.toByteArray()));
        assertThat(other.digest()).isEqualTo(machine.digest());
        return other;
    }
}
