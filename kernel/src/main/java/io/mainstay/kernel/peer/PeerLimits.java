package io.mainstay.kernel.peer;

import java.time.Duration;

/// @param frameBytes the longest frame that is taken: an engine's batch has at most 8 MiB
/// @param queueBytes what waits for a peer that reads slowly; more is dropped, which the engine takes for a peer that is away
/// @param connections that others may have open to this node
/// @param hello in which who connects has to say who it is
/// @param firstWait before a connection that ended is opened again; doubles up to `longestWait`
record PeerLimits(
        int frameBytes,
        int queueBytes,
        int connections,
        Duration hello,
        Duration firstWait,
        Duration longestWait) {

    static final PeerLimits DEFAULT =
            new PeerLimits(
                    16 << 20,
                    32 << 20,
                    64,
                    Duration.ofSeconds(5),
                    Duration.ofMillis(50),
                    Duration.ofSeconds(2));
}
