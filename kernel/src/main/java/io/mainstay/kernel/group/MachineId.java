package io.mainstay.kernel.group;

/// Names one state machine of a group in commands, snapshots and digests. Numbers are on disk and are never used again.
public enum MachineId {
    /// What the kernel itself keeps in `meta`: members and the slot map.
    PLACEMENT(1),
    /// Users, namespaces, permissions.
    ACCESS(2),
    /// Services and their instances.
    REGISTRY(3),
    /// Virtual hosts, exchanges, queues, bindings, permissions, policies of messaging; in `meta`.
    TOPOLOGY(4),
    /// What queues hold; in the data groups.
    QUEUES(5),
    /// A machine of tests and benches: counts and remembers what it was given.
    PROBE(127);

    private final int number;

    MachineId(int number) {
        this.number = number;
    }

    /// 1 to 127, one byte on disk.
    public int number() {
        return number;
    }
}
