package io.mainstay.messaging.queue.state;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/// A window against a set of everything that came.
class SequenceWindowTest {

    private static final int SIZE = SequenceWindow.SIZE;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void hasWhatCameAndWhatIsTooFarBelow(long seed) {
        RandomGenerator random = new SplittableRandom(seed);
        SequenceWindow window = new SequenceWindow(1, "p");
        TreeSet<Long> came = new TreeSet<>();
        long next = random.nextLong(10_000);
        for (int step = 0; step < 50_000; step++) {
            switch (random.nextInt(100)) {
                case 0 -> next += random.nextInt(3 * SIZE);
                case 1, 2, 3 -> next += random.nextInt(200);
                default -> next++;
            }
            long sequence =
                    random.nextInt(3) == 0 ? Math.max(0, next - random.nextInt(2 * SIZE)) : next;
            long highest = came.isEmpty() ? -1 : came.last();
            boolean expected = came.contains(sequence) || highest - sequence >= SIZE;
            assertThat(window.has(sequence))
                    .as("%s after %s", sequence, highest)
                    .isEqualTo(expected);
            if (!expected) {
                window.add(sequence);
                came.add(sequence);
                came.headSet(sequence - 2L * SIZE).clear();
            }
        }
    }

    @Test
    void takesWhatIsMissingInAnyOrder() {
        SequenceWindow window = new SequenceWindow(1, "p");
        window.add(SIZE - 1);
        for (long sequence = SIZE - 2; sequence >= 0; sequence--) {
            assertThat(window.has(sequence)).isFalse();
            window.add(sequence);
        }
        for (long sequence = 0; sequence < SIZE; sequence++) {
            assertThat(window.has(sequence)).isTrue();
        }
        assertThat(window.has(SIZE)).isFalse();
    }

    @Test
    void knowsTheHighestNumbersThereAre() {
        SequenceWindow window = new SequenceWindow(1, "p");
        window.add(Long.MAX_VALUE);
        assertThat(window.has(Long.MAX_VALUE)).isTrue();
        assertThat(window.has(Long.MAX_VALUE - 1)).isFalse();
        assertThat(window.has(0)).isTrue();
        SequenceWindow other = new SequenceWindow(1, "p");
        other.add(0);
        other.add(Long.MAX_VALUE);
        assertThat(other.has(Long.MAX_VALUE - SIZE + 1)).isFalse();
    }

    /// The number behind the highest one there is does not exist: counting up to it must end.
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void takesTheHighestNumbersOneAfterTheOther() {
        SequenceWindow window = new SequenceWindow(1, "p");
        window.add(Long.MAX_VALUE - 2);
        window.add(Long.MAX_VALUE);
        assertThat(window.has(Long.MAX_VALUE - 1)).isFalse();
        window.add(Long.MAX_VALUE - 1);
        for (long below = 0; below < 3; below++) {
            assertThat(window.has(Long.MAX_VALUE - below)).isTrue();
        }
        assertThat(window.has(Long.MAX_VALUE - 3)).isFalse();
    }
}
