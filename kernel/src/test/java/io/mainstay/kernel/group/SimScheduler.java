package io.mainstay.kernel.group;

import io.mainstay.platform.Clock;

import java.util.PriorityQueue;

/// Virtual time: events in order of their time, one thread, nothing else.
final class SimScheduler {

    static final long MS = 1_000_000;

    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private long now;
    private long sequence;
    private long count;
    private long trace = 17;

    long now() {
        return now;
    }

    long count() {
        return count;
    }

    /// A digest of everything that happened so far.
    long trace() {
        return trace;
    }

    void mix(long value) {
        trace = (trace ^ value) * 0x9E3779B97F4A7C15L;
        trace ^= trace >>> 29;
    }

    void in(long nanos, Runnable body) {
        events.add(new Event(now + Math.max(0, nanos), sequence++, body));
    }

    /// Runs the next event; false if there is none before `until`.
    boolean step(long until) {
        Event next = events.peek();
        if (next == null || next.time > until) {
            now = until;
            return false;
        }
        events.remove();
        now = next.time;
        count++;
        mix(now);
        next.body.run();
        return true;
    }

    private record Event(long time, long sequence, Runnable body) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(time, other.time);
            return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
        }
    }

    /// A node's clock: monotonic time is everybody's, the wall clock is its own and may be set.
    final class NodeClock implements Clock {
        private long wallOffsetMs;

        NodeClock(long wallOffsetMs) {
            this.wallOffsetMs = wallOffsetMs;
        }

        void set(long ms) {
            wallOffsetMs += ms;
        }

        @Override
        public long wallMs() {
            return 1_700_000_000_000L + wallOffsetMs + now / MS;
        }

        @Override
        public long nanoTime() {
            return now;
        }
    }
}
