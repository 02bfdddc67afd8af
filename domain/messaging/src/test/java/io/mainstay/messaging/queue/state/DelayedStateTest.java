package io.mainstay.messaging.queue.state;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32C;

/// Generated histories of one delayed exchange against a sorted set, with tables and blocks so small that there are many levels; a snapshot of any moment
/// goes on the same way.
class DelayedStateTest {

    private static final DelayedState.Shape SMALL = new DelayedState.Shape(8, 5);
    private static final long ID = 7;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void holdsWhatASetHolds(long seed) {
        RandomGenerator random = new SplittableRandom(seed);
        CheckedBlocks blocks = new CheckedBlocks(seed % 3 == 0 ? 4 : 0);
        LargeBodies large = new LargeBodies();
        DelayedState state = new DelayedState(ID, SMALL, blocks, large);
        TreeSet<Pending> model = new TreeSet<>();
        long now = 0;
        // How much more comes than goes, so that the history grows and shrinks.
        int coming = 14;
        for (int step = 1; step <= 10_000; step++) {
            now += random.nextInt(3);
            if (step % 1_500 == 0) {
                coming = 4 + random.nextInt(12);
            }
            if (random.nextInt(20) < coming) {
                Pending added = pending(random, now, step);
                if (added.isLarge()) {
                    large.put(added.address(), 1, new long[] {added.address(), 1});
                }
                state.add(added);
                model.add(added);
            } else if (!model.isEmpty()) {
                Pending settled = random.nextInt(20) == 0 ? any(random, model) : model.first();
                model.remove(settled);
                assertThat(state.settle(settled.dueMs(), settled.address())).isTrue();
                assertThat(state.settle(settled.dueMs(), settled.address())).isFalse();
            }
            if (step % 500 == 0) {
                compare(state, model, large);
            }
            if (random.nextInt(700) == 0) {
                CheckedBlocks copied = blocks.copy();
                DelayedState copy = copy(state, copied, large);
                assertThat(digest(copy)).isEqualTo(digest(state));
                blocks = copied;
                state = copy;
            }
        }
        compare(state, model, large);
        state.drop();
        assertThat(blocks.inUse()).isZero();
        assertThat(large.oldest()).isEqualTo(Long.MAX_VALUE);
    }

    private static Pending pending(RandomGenerator random, long now, long address) {
        long delay =
                switch (random.nextInt(4)) {
                    case 0 -> random.nextInt(10);
                    case 1 -> 1_000;
                    case 2 -> random.nextInt(100_000);
                    default -> random.nextInt(1_000);
                };
        int bytes = 100 + random.nextInt(50);
        int bodyBytes = random.nextInt(30) == 0 ? 1_000_000 : random.nextInt(90);
        return new Pending(now + delay, address, bytes, bodyBytes);
    }

    private static Pending any(RandomGenerator random, TreeSet<Pending> model) {
        return model.stream().skip(random.nextInt(model.size())).findFirst().orElseThrow();
    }

    private static void compare(DelayedState state, TreeSet<Pending> model, LargeBodies large) {
        List<Pending> found = new ArrayList<>();
        state.forEach(found::add);
        assertThat(found).containsExactlyElementsOf(model);
        assertThat(state.messages()).isEqualTo(model.size());
        assertThat(state.bytes()).isEqualTo(model.stream().mapToLong(Pending::bodyBytes).sum());
        assertThat(state.lowestAddress())
                .isEqualTo(model.stream().mapToLong(Pending::address).min().orElse(Long.MAX_VALUE));
        assertThat(state.stored()).isEqualTo(model.stream().mapToLong(Pending::bytes).sum());
        compareBodies(state, model, 0, Long.MAX_VALUE);
        long first = Math.max(0, state.lowestAddress());
        compareBodies(state, model, first, first + 200);
        compareBodies(state, model, first + 1, first + 1_000);
        assertThat(large.oldest())
                .isEqualTo(
                        model.stream()
                                .filter(Pending::isLarge)
                                .mapToLong(Pending::address)
                                .min()
                                .orElse(Long.MAX_VALUE));
    }

    private static void compareBodies(
            DelayedState state, TreeSet<Pending> model, long from, long to) {
        TreeMap<Long, Integer> wanted = new TreeMap<>();
        for (Pending each : model) {
            if (each.address() >= from && each.address() < to) {
                wanted.put(each.address(), each.bytes());
            }
        }
        TreeMap<Long, Integer> named = new TreeMap<>();
        state.bodies(from, to, named::put);
        assertThat(named).isEqualTo(wanted);
    }

    private static DelayedState copy(DelayedState state, CheckedBlocks blocks, LargeBodies large) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        write(state, true, bytes);
        TreeMap<Long, DelayedState> read = new TreeMap<>();
        DelayedSnapshot.read(
                ByteBuffer.wrap(bytes.toByteArray()), read, SMALL, id -> blocks, large);
        DelayedState copy = read.get(ID);
        List<Long> handles = new ArrayList<>();
        copy.handles(handles::add);
        blocks.restored(handles);
        return copy;
    }

    private static void write(DelayedState state, boolean named, ByteArrayOutputStream into) {
        TreeMap<Long, DelayedState> one = new TreeMap<>();
        one.put(ID, state);
        QueueSnapshot.Writer out =
                new QueueSnapshot.Writer(
                        part -> {
                            byte[] copy = new byte[part.remaining()];
                            part.duplicate().get(copy);
                            into.writeBytes(copy);
                        });
        DelayedSnapshot.write(one, out, named);
        out.flush();
    }

    private static long digest(DelayedState state) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        write(state, false, bytes);
        CRC32C crc = new CRC32C();
        crc.update(bytes.toByteArray());
        return crc.getValue();
    }

    @Test
    void manyThatWaitTakeFewRunsAndLeaveNothingBehind() {
        CheckedBlocks blocks = new CheckedBlocks(0);
        DelayedState state =
                new DelayedState(ID, DelayedState.Shape.NORMAL, blocks, new LargeBodies());
        RandomGenerator random = new SplittableRandom(1);
        int count = 200_000;
        for (int i = 0; i < count; i++) {
            state.add(new Pending(random.nextInt(1 << 30), i, 100, 50));
        }
        assertThat(state.messages()).isEqualTo(count);
        int runs = state.levels.stream().mapToInt(level -> level.runs.size()).sum();
        assertThat(runs).isLessThan(3 * state.levels.size());
        assertThat(state.levels).hasSizeLessThan(6);

        Pending[] last = {new Pending(-1, 0, 0, 0)};
        List<Pending> due = new ArrayList<>();
        while (state.messages() > 0) {
            due.clear();
            state.forEach(
                    each -> {
                        due.add(each);
                        return due.size() < 1_000;
                    });
            for (Pending each : due) {
                assertThat(each.compareTo(last[0])).isPositive();
                last[0] = each;
                state.settle(each.dueMs(), each.address());
            }
        }
        assertThat(blocks.inUse()).isZero();
    }
}
