package io.mainstay.kernel.group;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.random.RandomGenerator;

/// A machine that remembers how many commands it saw, in which order and when.
public final class LedgerWorkload implements Workload {

    @Override
    public List<StateMachine<?, ?>> machines(SimHost host, int group) {
        return List.of(new Ledger());
    }

    @Override
    public Command command(int group, long number, RandomGenerator random) {
        int padding = random.nextInt(10) == 0 ? random.nextInt(2_000) : random.nextInt(100);
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES + padding);
        return new Command(MachineId.PROBE, 1, bytes.putLong(0, number));
    }

    @Override
    public boolean repeatsCommands() {
        return false;
    }

    static class Ledger implements StateMachine<Long, Long> {

        long count;
        long order;
        long lastTimeMs;

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
            SimChecker.require(
                    timeMs >= lastTimeMs, "leader time went back by %d ms", lastTimeMs - timeMs);
            lastTimeMs = timeMs;
            count++;
            order = (order * 31 + command) * 31 + offset;
            return Applied.of(count);
        }

        @Override
        public void publish(long appliedOffset) {}

        @Override
        public void snapshot(SnapshotSink sink) {
            sink.write(
                    ByteBuffer.allocate(24)
                            .putLong(count)
                            .putLong(order)
                            .putLong(lastTimeMs)
                            .flip());
        }

        @Override
        public void restore(int version, ByteBuffer section) {
            count = section.getLong();
            order = section.getLong();
            lastTimeMs = section.getLong();
        }

        @Override
        public int snapshotVersion() {
            return 1;
        }

        @Override
        public long digest() {
            return (order * 31 + count) * 31 + lastTimeMs;
        }
    }
}
