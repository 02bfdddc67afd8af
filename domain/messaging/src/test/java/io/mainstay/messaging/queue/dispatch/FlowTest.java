package io.mainstay.messaging.queue.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// When publishers are held back for consumers, in virtual time: producers and consumers are numbers of messages a millisecond.
class FlowTest {

    private final FallingBehind behind = new FallingBehind();
    private long now = 1_000_000;
    private long ready;
    private long acked;

    /// @return in how many of so many milliseconds consumers were falling behind
    private int run(int ms, int published, int consumed) {
        int falling = 0;
        for (int i = 0; i < ms; i++) {
            now++;
            ready += published;
            long taken = Math.min(ready, consumed);
            ready -= taken;
            acked += taken;
            falling += behind.update(now, ready, acked) ? 1 : 0;
        }
        return falling;
    }

    @Test
    void quickConsumersWhoFallBehindHoldPublishersBack() {
        assertThat(run(1_000, 40, 40)).isZero();
        assertThat(run(200, 60, 30)).isGreaterThan(150);
        // They catch up: then it is over.
        run(400, 0, 30);
        assertThat(run(100, 30, 30)).isZero();
    }

    @Test
    void aBacklogOfSlowConsumersHoldsNobodyBack() {
        run(100, 20, 1);
        assertThat(run(5_000, 20, 1)).isZero();
    }

    @Test
    void aQueueThatNobodyConsumesHoldsNobodyBack() {
        assertThat(run(5_000, 60, 0)).isZero();
    }

    @Test
    void consumersWhoFindABacklogHoldNobodyBackUntilItIsNearlyGone() {
        run(5_000, 60, 0);
        assertThat(run(1_000, 20, 30)).isZero();
    }

    @Test
    void aPublisherKeepsHalfItsTime() {
        FlowingQueues flowing = new FlowingQueues();
        HeldBack heldBack = new HeldBack(flowing);
        flowing.set(7, true);
        int held = 0;
        for (int i = 0; i < 1_000; i++) {
            now++;
            heldBack.published(7);
            held += heldBack.now(now) ? 1 : 0;
        }
        assertThat(held).isBetween(480, 520);
    }

    @Test
    void aPublisherGoesOnWhenConsumersCaughtUp() {
        FlowingQueues flowing = new FlowingQueues();
        HeldBack heldBack = new HeldBack(flowing);
        flowing.set(7, true);
        flowing.set(8, true);
        heldBack.published(7);
        assertThat(heldBack.now(now)).isTrue();
        flowing.set(7, false);
        assertThat(heldBack.now(now + 1)).isFalse();
        // Another queue's publishers are not this one's.
        heldBack.published(9);
        assertThat(heldBack.now(now + 2)).isFalse();
    }
}
