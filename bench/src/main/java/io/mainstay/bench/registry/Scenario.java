package io.mainstay.bench.registry;

import java.util.List;

/// One question to all servers of a run, in turn. Prints its own table.
interface Scenario {

    /// As given to `--only`.
    String name();

    /// @param targets the floor first, if it takes part; they keep what earlier scenarios registered
    /// @param rounds turns of each server
    /// @throws InvalidRunException if a server answered wrongly, so that its figure says nothing
    void run(List<Target> targets, int rounds) throws Exception;

    static List<Target> registries(List<Target> targets) {
        return targets.stream().filter(Target::registry).toList();
    }

    /// The figures of this run are void.
    final class InvalidRunException extends Exception {
        private static final long serialVersionUID = 1L;

        InvalidRunException(String message) {
            super(message);
        }
    }
}
