package io.mainstay.kernel.group;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.random.RandomGenerator;

/// What the groups of a simulation are used for.
public interface Workload {

    /// Fresh machines for a member of that group.
    List<StateMachine<?, ?>> machines(SimHost host, int group);

    /// @param number differs from command to command
    Command command(int group, long number, RandomGenerator random);

    /// False if no two commands are equal: then the checker also sees one that stands in the log twice, or that was refused and stands
    /// there all the same.
    boolean repeatsCommands();

    /// Whether the members' states are compared after the entry at that offset; states that are large are compared now and then.
    default boolean comparedAt(long offset) {
        return true;
    }

    /// Whether the same snapshot has the same bytes on every member, and when a member takes it again.
    default boolean snapshotsAreAlike() {
        return true;
    }

    /// A node has started: what else runs on its groups begins.
    default void started(SimHost host) {}

    /// Faults are over. Whoever works on the groups comes to an end.
    default void healed() {}

    /// Asked again and again after that, until nothing is left to be done.
    default boolean settled() {
        return true;
    }

    /// What is left to be done, for people.
    default String unsettled() {
        return "";
    }

    record Command(MachineId machine, int version, ByteBuffer bytes) {}
}
