package io.mainstay.head.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/// What channels have in hand together.
class ChannelWindowTest {

    private static final int MOST = 10 * DeliveriesInHand.STEP;

    private final DeliveriesInHand inHand = new DeliveriesInHand(MOST);
    private final AtomicInteger opened = new AtomicInteger();

    private ChannelWindow window() {
        return new ChannelWindow(new ConnectionWindow(opened::incrementAndGet), inHand);
    }

    /// Takes until it is refused, and everything is written at once.
    private static int fill(ChannelWindow window, ConnectionWindow connection) {
        int taken = 0;
        while (taken < 2 * MOST && window.tryTake(0)) {
            connection.written(ConnectionWindow.cost(0));
            taken++;
        }
        return taken;
    }

    private ConnectionWindow connection() {
        return new ConnectionWindow(opened::incrementAndGet);
    }

    @Test
    void oneWithoutALimitGetsNoMoreThanTheNodeMayHaveAndOthersTheirShare() {
        ConnectionWindow one = connection();
        ChannelWindow greedy = new ChannelWindow(one, inHand);
        assertThat(fill(greedy, one)).isEqualTo(MOST);
        ConnectionWindow two = connection();
        ChannelWindow other = new ChannelWindow(two, inHand);
        assertThat(fill(other, two)).isEqualTo(DeliveriesInHand.LEAST);

        assertThat(greedy.settled(1)).as("there is still too much").isFalse();
        assertThat(greedy.tryTake(0)).isFalse();
        assertThat(opened).hasValue(0);
        greedy.settled(DeliveriesInHand.LEAST + DeliveriesInHand.STEP);
        assertThat(opened).as("both hear that there is room").hasValue(2);
        assertThat(other.tryTake(0)).isTrue();
        assertThat(greedy.tryTake(0)).isTrue();
    }

    @Test
    void whoEndsLeavesNothingInHand() {
        ConnectionWindow one = connection();
        ChannelWindow greedy = new ChannelWindow(one, inHand);
        fill(greedy, one);
        ConnectionWindow two = connection();
        ChannelWindow other = new ChannelWindow(two, inHand);
        fill(other, two);
        greedy.end();
        assertThat(opened).hasValue(1);
        assertThat(greedy.tryTake(0)).isFalse();
        greedy.settled(MOST);
        other.settled(DeliveriesInHand.LEAST);
        assertThat(inHand.count()).isZero();
        assertThat(fill(other, two)).isEqualTo(MOST);
    }

    @Test
    void changesOfSeveralThreadsAddUp() throws InterruptedException {
        int threads = 4;
        CountDownLatch left = new CountDownLatch(threads);
        ChannelWindow window = window();
        for (int i = 0; i < threads; i++) {
            Thread.ofPlatform()
                    .start(
                            () -> {
                                for (int n = 0; n < 200_000; n++) {
                                    if (window.tryTake(0)) {
                                        window.giveBack(0);
                                    }
                                }
                                left.countDown();
                            });
        }
        left.await();
        assertThat(inHand.count()).isZero();
    }
}
