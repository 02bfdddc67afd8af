package io.mainstay.messaging.queue.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mainstay.messaging.queue.command.QueueCommand;
import io.mainstay.messaging.queue.command.QueueCommand.Publish;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/// Streams of many blocks, most of them in the store, against a model that keeps every entry in a list: cut off at the head, and asked by time and size.
class LongLaneTest {

    private static final long STREAM = 7;

    private final KeptBlocks blocks = new KeptBlocks();
    private final List<Entry> model = new ArrayList<>();
    private int floor;

    @Test
    void aBlockThatIsLostIsToldWithItsQueueAndItsMessages() {
        BlockStore lost =
                new BlockStore() {
                    @Override
                    public long put(long[] block) {
                        return 1;
                    }

                    @Override
                    public long[] get(long handle) {
                        throw new IllegalStateException("both files are damaged");
                    }

                    @Override
                    public void free(long handle) {}

                    @Override
                    public void sync() {}

                    @Override
                    public void snapshotDurable() {}

                    @Override
                    public void restored(Iterable<Long> handles) {}
                };
        QueueMachine machine = new QueueMachine(lost);
        machine.names(id -> "queue '" + id + "'");
        machine.apply(0, 0, new QueueCommand.Open(STREAM, -1, -1));
        for (int i = 0; i < 4_000; i++) {
            machine.apply(0, 0, new Publish(i, 100, 10, -1, new long[] {STREAM, 0}));
        }
        Lane lane = machine.queue(STREAM).lane(0);
        assertThatThrownBy(() -> lane.entry(2_500))
                .hasMessage(
                        "messages 2048 to 3071 cannot be found: queue '7': both files are damaged");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void isCutOffAndAskedAsTheModel(long seed) {
        RandomGenerator random = new SplittableRandom(seed);
        QueueMachine machine = new QueueMachine(blocks);
        machine.apply(0, 0, new QueueCommand.Open(STREAM, -1, -1));
        long timeMs = 1;
        for (int round = 0; round < 40; round++) {
            int more = random.nextInt(2_000);
            for (int i = 0; i < more; i++) {
                timeMs += random.nextInt(3);
                Entry entry = new Entry(model.size(), 100, random.nextInt(90), timeMs, -1);
                model.add(entry);
                machine.apply(
                        0,
                        timeMs,
                        new Publish(
                                entry.address(),
                                100,
                                entry.bodyBytes(),
                                -1,
                                new long[] {STREAM, 0}));
            }
            if (random.nextInt(3) == 0) {
                int upTo = floor + random.nextInt(model.size() - floor + 1);
                machine.apply(0, timeMs, new QueueCommand.Truncate(STREAM, upTo));
                floor = upTo;
            }
            if (random.nextInt(5) == 0) {
                machine = copy(machine);
            }
            compare(machine, random, timeMs);
        }
        assertThat(blocks.put).as("blocks that went to the store").isGreaterThan(5);
    }

    private void compare(QueueMachine machine, RandomGenerator random, long nowMs) {
        QueueState queue = machine.queue(STREAM);
        Lane lane = queue.laneOf(0);
        List<Entry> left = model.subList(floor, model.size());
        assertThat(lane.floor()).isEqualTo(floor);
        assertThat(lane.tail()).isEqualTo(model.size());
        assertThat(queue.messages()).isEqualTo(left.size());
        assertThat(queue.bytes()).isEqualTo(bytes(left));
        for (int i = 0; i < 10; i++) {
            long since = random.nextLong(nowMs + 2);
            long first = floor;
            while (first < model.size() && model.get((int) first).timeMs() < since) {
                first++;
            }
            int asked = blocks.asked;
            assertThat(lane.firstSince(since)).as("since %d", since).isEqualTo(first);
            assertThat(blocks.asked - asked).isLessThanOrEqualTo(1);
            long most = random.nextLong(queue.bytes() + 2);
            assertThat(lane.firstWithin(most)).as("within %d", most).isEqualTo(within(most));
        }
        if (!left.isEmpty()) {
            long from = floor + random.nextInt(left.size());
            EntryBlock block = lane.blockOf(from);
            int count = 1 + random.nextInt(2_000);
            int end = (int) Math.min(block.end(), from + count);
            assertThat(block.read(from, count))
                    .containsExactlyElementsOf(model.subList((int) from, end));
        }
    }

    private long within(long most) {
        long sum = 0;
        int first = model.size();
        while (first > floor && sum + model.get(first - 1).bodyBytes() <= most) {
            first--;
            sum += model.get(first).bodyBytes();
        }
        return first;
    }

    private static long bytes(List<Entry> entries) {
        return entries.stream().mapToLong(Entry::bodyBytes).sum();
    }

    private QueueMachine copy(QueueMachine machine) {
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
