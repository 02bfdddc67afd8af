package io.mainstay.client;

/// How the client stands with its nodes.
///
/// @param phase see [Phase]
/// @param address the node that is connected or was tried last
/// @param sinceMs Unix ms since when the phase is
/// @param connections how often a node said welcome
/// @param lastPauseMs length of the last pause of this process that was noticed (collector, SIGSTOP, suspended machine); 0: none
/// @param problem why it is not connected, one sentence; empty if it is
public record ClientState(
        Phase phase,
        String address,
        long sinceMs,
        long connections,
        long lastPauseMs,
        String problem) {

    public enum Phase {
        CONNECTING,
        CONNECTED,
        /// Between two tries.
        WAITING,
        /// As `WAITING`, but the node refused this client (credentials, rights, namespace): somebody has to do something.
        REFUSED,
        CLOSED
    }

    public boolean connected() {
        return phase == Phase.CONNECTED;
    }
}
