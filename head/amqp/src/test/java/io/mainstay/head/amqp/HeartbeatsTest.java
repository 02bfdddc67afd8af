package io.mainstay.head.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.concurrent.TimeUnit;

/// Heartbeats in virtual time.
class HeartbeatsTest {

    private static final int INTERVAL_SECONDS = 10;

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final FakeLine line = new FakeLine();
    private Heartbeats heartbeats;

    private static final class FakeLine implements Heartbeats.Line {
        long bytesIn;
        long bytesOut;
        boolean paused;
        int beats;
        int lost;

        @Override
        public long bytesIn() {
            return bytesIn;
        }

        @Override
        public long bytesOut() {
            return bytesOut;
        }

        @Override
        public boolean paused() {
            return paused;
        }

        @Override
        public void beat() {
            beats++;
            bytesOut += 8;
        }

        @Override
        public void lost() {
            lost++;
        }
    }

    @BeforeEach
    void start() {
        channel.freezeTime();
        heartbeats = new Heartbeats(line, channel.eventLoop(), INTERVAL_SECONDS);
    }

    private void seconds(int seconds) {
        for (int i = 0; i < seconds; i++) {
            channel.advanceTimeBy(1, TimeUnit.SECONDS);
            channel.runScheduledPendingTasks();
        }
    }

    @Test
    void aQuietServerBeatsWithinEachInterval() {
        for (int interval = 1; interval <= 10; interval++) {
            line.bytesIn++;
            seconds(INTERVAL_SECONDS);
            assertThat(line.beats).isBetween(interval, 2 * interval);
        }
        assertThat(line.lost).isZero();
    }

    @Test
    void aServerThatWritesAnywayDoesNotBeat() {
        for (int i = 0; i < 100; i++) {
            line.bytesIn++;
            line.bytesOut++;
            seconds(1);
        }
        assertThat(line.beats).isZero();
    }

    @Test
    void aClientIsGoneAfterTwoIntervalsOfSilenceAndNotBefore() {
        line.bytesIn++;
        seconds(2 * INTERVAL_SECONDS);
        assertThat(line.lost).isZero();
        seconds(INTERVAL_SECONDS);
        assertThat(line.lost).isOne();
        seconds(10 * INTERVAL_SECONDS);
        assertThat(line.lost).as("told once").isOne();
    }

    @Test
    void anyByteStandsForAHeartbeat() {
        for (int i = 0; i < 50; i++) {
            seconds(2 * INTERVAL_SECONDS);
            line.bytesIn++;
        }
        assertThat(line.lost).isZero();
    }

    @Test
    void aClientThatIsNotReadMayBeSilent() {
        line.paused = true;
        seconds(20 * INTERVAL_SECONDS);
        assertThat(line.lost).isZero();
        line.paused = false;
        seconds(2 * INTERVAL_SECONDS);
        assertThat(line.lost).isZero();
        seconds(INTERVAL_SECONDS);
        assertThat(line.lost).isOne();
    }

    @Test
    void whoIsHeldBackIsWrittenToOftenAlsoWithoutAnInterval() {
        FakeLine none = new FakeLine();
        Heartbeats ofNone = new Heartbeats(none, channel.eventLoop(), 0);
        ofNone.heldBack(true);
        ofNone.heldBack(true);
        seconds(10 * Heartbeats.HELD_BACK_SECONDS);
        assertThat(none.beats).isEqualTo(10);
        ofNone.heldBack(false);
        seconds(100);
        ofNone.heldBack(true);
        ofNone.stop();
        seconds(100);
        assertThat(none.beats).isEqualTo(10);
        assertThat(none.lost).isZero();
    }

    @Test
    void withoutAnIntervalNobodyLooks() {
        FakeLine none = new FakeLine();
        new Heartbeats(none, channel.eventLoop(), 0);
        seconds(1_000);
        assertThat(none.beats + none.lost).isZero();
    }

    @Test
    void whatIsStoppedLooksNoMore() {
        heartbeats.stop();
        seconds(20 * INTERVAL_SECONDS);
        assertThat(line.beats + line.lost).isZero();
    }
}
