package io.mainstay.kernel.group;

/// Something that must never happen did, in a simulation.
public final class SimulationFailure extends AssertionError {
    private static final long serialVersionUID = 1L;

    SimulationFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
