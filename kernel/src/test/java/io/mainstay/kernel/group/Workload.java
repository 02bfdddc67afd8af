package io.mainstay.kernel.group;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.random.RandomGenerator;

/// What the groups of a simulation are used for.
public interface Workload {

    /// Fresh machines for a member of that group.
    List<StateMachine<?, ?>> machines(int group);

    /// @param number differs from command to command
    Command command(int group, long number, RandomGenerator random);

    /// False if no two commands are equal: then the checker also sees one that stands in the log twice, or that was refused and stands
    /// there all the same.
    boolean repeatsCommands();

    record Command(MachineId machine, int version, ByteBuffer bytes) {}
}
