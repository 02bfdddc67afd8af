package io.mainstay.server.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.platform.Clock;
import io.mainstay.platform.Threads;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// When publishers are held back, with memory and time made up; and what the real memory of this process says.
class AlarmsTest {

    private static final long HEAP = 1_000;
    private static final long BUFFERS = 500;

    private final FakeMemory memory = new FakeMemory();
    private final FakeClock clock = new FakeClock();
    private final FakeThreads threads = new FakeThreads();
    private boolean diskFull;

    private static final class FakeMemory implements MemoryProbe {
        long used;
        long live;
        long direct;
        int collections;

        /// What the next collection finds alive, if it is not what the last one found.
        long found = -1;

        @Override
        public Reading read() {
            return new Reading(Math.max(used, live), live, HEAP, direct, BUFFERS);
        }

        @Override
        public void collect() {
            collections++;
            live = found < 0 ? live : found;
            used = live;
        }
    }

    private static final class FakeClock implements Clock {
        long nanos;

        @Override
        public long wallMs() {
            return nanos / 1_000_000;
        }

        @Override
        public long nanoTime() {
            return nanos;
        }

        void pass(Duration time) {
            nanos += time.toNanos();
        }
    }

    private static final class FakeThreads implements Threads {
        Runnable work = () -> {};

        @Override
        public Running start(String name, Runnable body) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Running every(String name, Duration period, Runnable every) {
            work = every;
            return () -> {};
        }

        @Override
        public Running startVirtual(String name, Runnable body) {
            throw new UnsupportedOperationException();
        }
    }

    private MemoryAlarm alarm(int percent) {
        return new MemoryAlarm(memory, percent, clock);
    }

    @Test
    void itRingsAtTheWatermarkAndEndsBelowIt() {
        MemoryAlarm alarm = alarm(80);
        memory.live = 799;
        assertThat(alarm.look()).isFalse();
        memory.live = 800;
        assertThat(alarm.look()).isTrue();
        memory.live = 760;
        assertThat(alarm.look()).isTrue();
        memory.live = 749;
        assertThat(alarm.look()).isFalse();
        memory.live = 760;
        assertThat(alarm.look()).isFalse();
        memory.live = 740;
        memory.direct = 400;
        assertThat(alarm.look()).isTrue();
        memory.direct = 300;
        assertThat(alarm.look()).isFalse();
        assertThat(memory.collections).isZero();
    }

    @Test
    void whileTheHeapIsWhyGarbageIsCollectedNowAndThen() {
        MemoryAlarm alarm = alarm(80);
        memory.live = 900;
        for (int i = 0; i < 601; i++) {
            alarm.look();
            clock.pass(Duration.ofMillis(100));
        }
        assertThat(memory.collections).isEqualTo(6);
        memory.live = 100;
        memory.direct = 500;
        clock.pass(Duration.ofMinutes(1));
        assertThat(alarm.look()).isTrue();
        assertThat(memory.collections).as("buffers are not the collector's").isEqualTo(6);
    }

    @Test
    void whatIsNearlyFullIsLookedAtBeforeTheCollectorDoes() {
        MemoryAlarm alarm = alarm(80);
        clock.pass(Duration.ofMinutes(1));
        memory.live = 300;
        memory.used = 899;
        assertThat(alarm.look()).isFalse();
        assertThat(memory.collections).isZero();
        memory.used = 900;
        assertThat(alarm.look()).as("it was garbage").isFalse();
        assertThat(memory.collections).isEqualTo(1);
        memory.used = 950;
        memory.found = 850;
        assertThat(alarm.look()).as("not so soon again").isFalse();
        clock.pass(Duration.ofSeconds(1));
        assertThat(alarm.look()).isTrue();
        assertThat(memory.collections).isEqualTo(2);
    }

    @Test
    void listenersHearWhenPublishersAreBlockedAndWhenTheyGoOn() {
        ResourceAlarm alarm = new ResourceAlarm(() -> diskFull, alarm(80), threads);
        List<String> heard = new ArrayList<>();
        alarm.listen(() -> heard.add(alarm.blocked() ? alarm.reason() : "go on"));
        threads.work.run();
        memory.live = 900;
        threads.work.run();
        threads.work.run();
        diskFull = true;
        threads.work.run();
        assertThat(alarm.reason()).isEqualTo("low on memory & disk");
        memory.live = 0;
        threads.work.run();
        assertThat(alarm.reason()).isEqualTo("low on disk");
        diskFull = false;
        threads.work.run();
        assertThat(heard).containsExactly("low on memory", "go on");
    }

    @Test
    void theRealProbeSaysWhatIsAliveAndNotWhatIsGarbage() {
        JvmMemory real = new JvmMemory();
        real.collect();
        long before = real.read().liveBytes();
        byte[][] kept = new byte[64][];
        for (int i = 0; i < kept.length; i++) {
            kept[i] = new byte[1 << 20];
        }
        real.collect();
        MemoryProbe.Reading with = real.read();
        assertThat(with.liveBytes() - before).isGreaterThan(48L << 20);
        assertThat(with.liveMaxBytes()).isGreaterThan(with.liveBytes());
        assertThat(with.directMaxBytes()).isPositive();
        assertThat(kept.length).isEqualTo(64);
        kept = new byte[0][];
        real.collect();
        assertThat(real.read().liveBytes()).isLessThan(with.liveBytes() - (48L << 20));
        assertThat(kept.length).isZero();
    }
}
