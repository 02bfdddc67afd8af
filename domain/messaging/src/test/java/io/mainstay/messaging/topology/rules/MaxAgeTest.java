package io.mainstay.messaging.topology.rules;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How long a stream keeps its messages.
class MaxAgeTest {

    @Test
    void isANumberAndAUnit() {
        assertThat(MaxAge.ms("90s")).isEqualTo(90_000);
        assertThat(MaxAge.ms("1Y")).isEqualTo(31_536_000_000L);
    }

    /// 584,942,418 years are 235 days more than a number has room for.
    @ParameterizedTest
    @ValueSource(strings = {"292471209Y", "584942418Y", "999999999Y"})
    void isNeverShorterThanWhatWasAskedForOrAnyClock(String text) {
        long ageMs = MaxAge.ms(text);
        assertThat(ageMs).isGreaterThan(Long.MAX_VALUE / 8);
        // What a stream makes of it: the time when a message is too old.
        assertThat(ageMs + 4_000_000_000_000L).isPositive();
    }
}
