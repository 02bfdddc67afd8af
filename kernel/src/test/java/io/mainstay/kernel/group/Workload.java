package io.mainstay.kernel.group;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.random.RandomGenerator;

/// What the groups of a simulation are used for.
public interface Workload {

    /// Fresh machines for a member of that group.
    List<StateMachine<?, ?>> machines(int group);

    /// A command that no other is equal to.
    ///
    /// @param number differs from command to command
    Command command(int group, long number, RandomGenerator random);

    record Command(MachineId machine, int version, ByteBuffer bytes) {}
}
