package io.mainstay.kernel.group;

import java.util.function.Consumer;

/// Which faults a simulation meets and how often. Times are simulated milliseconds; a mean of 0 means never.
public final class FaultMix {

    /// How long faults go on before everything heals.
    int chaosMs = 8_000;

    /// Mean time between two operations of a group's clients.
    double opMs = 8;

    /// Share of reads among operations.
    double readShare = 0.2;

    /// Share of commands that are content with the leader's memory, beside those that are by chance.
    double memoryShare;

    /// Share of frames that are lost.
    double loss = 0.02;

    /// Share of frames that arrive twice.
    double duplicates = 0.02;

    /// The longest delay of a slow frame; one in eight is slow.
    double delayMs = 20;

    /// Mean time between two cuts of the network.
    int cutMs = 900;

    /// Mean time between two ends of a process.
    int killMs = 3_000;

    /// Mean time between two power cuts of one node.
    int powerMs = 2_000;

    /// Mean time between two power cuts of all nodes at once.
    int blackoutMs = 6_000;

    /// Mean time between two stalls of a node's disk, and the longest of them.
    int stallMs = 700;

    int longestStallMs = 200;

    /// The longest ordinary sync.
    double syncMs = 2;

    /// Mean time between two resignations of a leader.
    int resignMs = 4_000;

    /// Mean time between two exceptions in a part of one node's group.
    int throwMs = 1_500;

    /// How far a node's clock is off at the beginning, and how far it jumps now and then.
    int clockSkewMs = 60_000;

    int clockJumpMs = 5_000;

    /// Share of changes of term after which the node's power is cut within a moment.
    double voteAim;

    /// Bytes of a segment of the journal: no record is larger.
    int segmentBytes = 64 << 10;

    /// Bytes of commands under way that a group takes.
    int underWayBytes = 1 << 20;

    /// Bytes of log after which a group takes a snapshot, half to one and a half times as many.
    int snapshotBytes = 20_000;

    private FaultMix() {}

    /// Everything at once.
    public static FaultMix plain() {
        return new FaultMix();
    }

    /// Everything at once, but for what `change` sets.
    static FaultMix aimed(Consumer<FaultMix> change) {
        FaultMix mix = new FaultMix();
        change.accept(mix);
        return mix;
    }

    /// Everything at once, with clocks that somebody looks after and room for large entries.
    ///
    /// @param opMs mean time between two operations of a group's own clients
    public static FaultMix withGoodClocks(int chaosMs, int opMs) {
        return aimed(
                mix -> {
                    mix.chaosMs = chaosMs;
                    mix.opMs = opMs;
                    mix.clockSkewMs = 500;
                    mix.clockJumpMs = 200;
                    mix.segmentBytes = 256 << 10;
                    mix.underWayBytes = 100 << 10;
                });
    }

    /// No faults any more; what the members were configured with stays.
    void heal() {
        loss = 0;
        duplicates = 0;
        delayMs = 0;
        stallMs = 0;
        syncMs = 1;
        voteAim = 0;
    }
}
