package io.mainstay.messaging.queue.simulation;

import io.mainstay.kernel.group.MachineId;
import io.mainstay.kernel.group.StateMachine;
import io.mainstay.messaging.queue.command.QueueCommand;
import io.mainstay.messaging.queue.state.PublishReply;

import java.nio.ByteBuffer;

/// A machine of queues that does what another one does.
class WrappedMachine implements StateMachine<QueueCommand, PublishReply> {

    final StateMachine<QueueCommand, PublishReply> machine;

    WrappedMachine(StateMachine<QueueCommand, PublishReply> machine) {
        this.machine = machine;
    }

    @Override
    public MachineId id() {
        return machine.id();
    }

    @Override
    public QueueCommand decode(int version, ByteBuffer command) {
        return machine.decode(version, command);
    }

    @Override
    public QueueCommand decode(int version, ByteBuffer command, long address) {
        return machine.decode(version, command, address);
    }

    @Override
    public boolean holdsBody(QueueCommand command) {
        return machine.holdsBody(command);
    }

    @Override
    public long bodiesNeededFrom() {
        return machine.bodiesNeededFrom();
    }

    @Override
    public void bodies(long from, long to, BodySink sink) {
        machine.bodies(from, to, sink);
    }

    @Override
    public long bodyBytes() {
        return machine.bodyBytes();
    }

    @Override
    public Applied<PublishReply> apply(long offset, long timeMs, QueueCommand command) {
        return machine.apply(offset, timeMs, command);
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
    public void snapshotDurable() {
        machine.snapshotDurable();
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
