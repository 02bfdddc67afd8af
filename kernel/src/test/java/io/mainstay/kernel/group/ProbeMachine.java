package io.mainstay.kernel.group;

import java.nio.ByteBuffer;

/// Remembers how many commands it was given, and a digest of them in order.
final class ProbeMachine implements StateMachine<Long, Long> {

    final Breaker breaker = new Breaker(() -> {});
    private long count;
    private long digest;
    private long lastTimeMs;
    volatile long published = -1;
    volatile long publishedCount;

    @Override
    public MachineId id() {
        return MachineId.PROBE;
    }

    @Override
    public Long decode(int version, ByteBuffer command) {
        return command.getLong();
    }

    @Override
    public Applied<Long> apply(long offset, long timeMs, Long command) {
        if (command == Long.MIN_VALUE) {
            throw new IllegalStateException("a command that breaks the machine");
        }
        if (timeMs < lastTimeMs) {
            throw new IllegalStateException("time went back");
        }
        lastTimeMs = timeMs;
        count++;
        digest = digest * 31 + command;
        breaker.pass(Breaker.Part.APPLY);
        return Applied.of(count);
    }

    @Override
    public void publish(long appliedOffset) {
        breaker.pass(Breaker.Part.PUBLISH);
        published = appliedOffset;
        publishedCount = count;
    }

    @Override
    public void snapshot(SnapshotSink sink) {
        breaker.pass(Breaker.Part.SNAPSHOT);
        sink.write(
                ByteBuffer.allocate(24).putLong(count).putLong(digest).putLong(lastTimeMs).flip());
    }

    @Override
    public void restore(int version, ByteBuffer section) {
        breaker.pass(Breaker.Part.RESTORE);
        count = section.getLong();
        digest = section.getLong();
        lastTimeMs = section.getLong();
    }

    @Override
    public int snapshotVersion() {
        return 1;
    }

    @Override
    public long digest() {
        return digest + count;
    }
}
