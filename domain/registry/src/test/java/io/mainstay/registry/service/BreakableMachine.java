package io.mainstay.registry.service;

import io.mainstay.kernel.group.MachineId;
import io.mainstay.kernel.group.StateMachine;

import java.nio.ByteBuffer;

/// A machine that throws once, after it has changed its state.
final class BreakableMachine<C, R> implements StateMachine<C, R> {

    private final StateMachine<C, R> machine;
    private volatile boolean armed;

    BreakableMachine(StateMachine<C, R> machine) {
        this.machine = machine;
    }

    void breakOnce() {
        armed = true;
    }

    @Override
    public MachineId id() {
        return machine.id();
    }

    @Override
    public C decode(int version, ByteBuffer command) {
        return machine.decode(version, command);
    }

    @Override
    public Applied<R> apply(long offset, long timeMs, C command) {
        Applied<R> applied = machine.apply(offset, timeMs, command);
        if (armed) {
            armed = false;
            throw new IllegalStateException("breaks once");
        }
        return applied;
    }

    @Override
    public void publish(long appliedOffset) {
        machine.publish(appliedOffset);
    }

    @Override
    public void snapshot(SnapshotSink sink) {
        machine.snapshot(sink);
    }

    @Override
    public void restore(int version, ByteBuffer section) {
        machine.restore(version, section);
    }

    @Override
    public int snapshotVersion() {
        return machine.snapshotVersion();
    }

    @Override
    public long digest() {
        return machine.digest();
    }
}
