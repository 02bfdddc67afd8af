package io.mainstay.kernel.group;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/// Tells the checker what a member's machine applies.
final class WatchedMachine<C, R> implements StateMachine<C, R> {

    private final StateMachine<C, R> machine;
    private final SimChecker checker;
    private final SimMember member;
    private final int group;
    private long command;
    private long lastOffset = -1;
    private int index;

    WatchedMachine(StateMachine<C, R> machine, SimChecker checker, SimMember member, int group) {
        this.machine = machine;
        this.checker = checker;
        this.member = member;
        this.group = group;
    }

    /// What a command is known by.
    static long nameOf(ByteBuffer command) {
        CRC32C crc = new CRC32C();
        crc.update(command.duplicate());
        long first = command.remaining() >= Long.BYTES ? command.getLong(command.position()) : 0;
        return crc.getValue() ^ first * 0x9E3779B97F4A7C15L;
    }

    @Override
    public MachineId id() {
        return machine.id();
    }

    @Override
    public C decode(int version, ByteBuffer bytes) {
        command = nameOf(bytes);
        return machine.decode(version, bytes);
    }

    @Override
    public C decode(int version, ByteBuffer bytes, long address) {
        command = nameOf(bytes);
        return machine.decode(version, bytes, address);
    }

    @Override
    public boolean holdsBody(C decoded) {
        return machine.holdsBody(decoded);
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
    public void snapshotDurable() {
        machine.snapshotDurable();
    }

    @Override
    public Applied<R> apply(long offset, long timeMs, C decoded) {
        Applied<R> applied = machine.apply(offset, timeMs, decoded);
        // Behind the change: the state that a rebuild finds is neither before nor after the entry.
        member.breakers.get(group).pass(Breaker.Part.APPLY);
        index = offset == lastOffset ? index + 1 : 0;
        lastOffset = offset;
        long digest = member.workload().comparedAt(offset) ? machine.digest() : 0;
        member.traced(digest);
        checker.applied(member.id, group, SimChecker.place(offset, index), command, digest);
        return applied;
    }

    @Override
    public void publish(long appliedOffset) {
        member.breakers.get(group).pass(Breaker.Part.PUBLISH);
        SimChecker.require(
                appliedOffset >= member.shown[group],
                "group %d: the view of node %d goes back from offset %d to %d",
                group,
                member.id,
                member.shown[group],
                appliedOffset);
        machine.publish(appliedOffset);
        member.shown[group] = appliedOffset;
    }

    @Override
    public void snapshot(SnapshotSink sink) {
        member.breakers.get(group).pass(Breaker.Part.SNAPSHOT);
        machine.snapshot(sink);
    }

    @Override
    public void restore(int version, ByteBuffer section) {
        member.breakers.get(group).pass(Breaker.Part.RESTORE);
        machine.restore(version, section);
        lastOffset = -1;
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
