package io.mainstay.bench.kernel;

import io.mainstay.kernel.group.MachineId;
import io.mainstay.kernel.group.StateMachine;

import java.nio.ByteBuffer;

/// The cheapest machine there is: the bench measures what lies below a machine.
final class CountingMachine implements StateMachine<ByteBuffer, Long> {

    private long count;

    @Override
    public MachineId id() {
        return MachineId.PROBE;
    }

    @Override
    public ByteBuffer decode(int version, ByteBuffer command) {
        return command;
    }

    @Override
    public Applied<Long> apply(long offset, long timeMs, ByteBuffer command) {
        count++;
        return Applied.of(count);
    }

    @Override
    public void publish(long appliedOffset) {}

    @Override
    public void snapshot(SnapshotSink sink) {
        sink.write(ByteBuffer.allocate(Long.BYTES).putLong(count).flip());
    }

    @Override
    public void restore(int version, ByteBuffer section) {
        count = section.getLong();
    }

    @Override
    public int snapshotVersion() {
        return 1;
    }

    @Override
    public long digest() {
        return count;
    }
}
