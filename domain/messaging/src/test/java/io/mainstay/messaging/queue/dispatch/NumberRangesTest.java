package io.mainstay.messaging.queue.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/// Against a set.
class NumberRangesTest {

    @Test
    void holdsWhatASetHolds() {
        RandomGenerator random = new SplittableRandom(1);
        NumberRanges ranges = new NumberRanges();
        TreeSet<Long> model = new TreeSet<>();
        for (int step = 0; step < 50_000; step++) {
            long number = random.nextInt(60);
            switch (random.nextInt(4)) {
                case 0 -> assertThat(ranges.add(number)).isEqualTo(model.add(number));
                case 1 -> assertThat(ranges.remove(number)).isEqualTo(model.remove(number));
                case 2 -> assertThat(ranges.contains(number)).isEqualTo(model.contains(number));
                default -> {
                    Long next = model.ceiling(number);
                    assertThat(ranges.next(number))
                            .isEqualTo(next == null ? NumberRanges.NONE : next);
                }
            }
            assertThat(ranges.isEmpty()).isEqualTo(model.isEmpty());
            if (!model.isEmpty()) {
                assertThat(ranges.first()).isEqualTo(model.first());
            }
        }
    }
}
