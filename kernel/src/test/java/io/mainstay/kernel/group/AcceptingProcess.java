package io.mainstay.kernel.group;

import io.mainstay.kernel.journal.JournalConfig;
import io.mainstay.kernel.journal.SegmentedJournal;
import io.mainstay.platform.Platform;
import io.mainstay.platform.real.RealPlatform;

import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;

/// A node's kernel on a real disk that proposes for ever and prints a line for each answer, until it is killed.
final class AcceptingProcess {

    static final JournalConfig JOURNAL = new JournalConfig(1 << 20, 0);
    static final RaftGroupsConfig GROUPS =
            new RaftGroupsConfig(1, 1, 100_000, Duration.ofHours(1), 16L << 20);

    private static final int IN_FLIGHT = 64;

    private AcceptingProcess() {}

    /// @param args directory, durability level
    public static void main(String[] args) throws Exception {
        Platform platform = RealPlatform.at(Path.of(args[0]));
        SegmentedJournal journal = SegmentedJournal.open(JOURNAL, platform);
        RaftGroups groups =
                RaftGroups.open(GROUPS, platform, journal, id -> List.of(new ProbeMachine()));
        groups.start();
        if (!groups.awaitReady(Duration.ofSeconds(60))) {
            throw new IllegalStateException("not ready");
        }
        Durability level = Durability.valueOf(args[1]);
        PrintStream out = new PrintStream(System.out, true);
        Semaphore free = new Semaphore(IN_FLIGHT);
        for (long value = 0; ; value++) {
            free.acquire();
            Proposal proposal =
                    new Proposal(
                            level,
                            outcome -> {
                                out.println(outcome.getClass().getSimpleName());
                                free.release();
                            });
            proposal.add(MachineId.PROBE, 1, ByteBuffer.allocate(100).putLong(0, value));
            groups.group(1).propose(proposal);
        }
    }
}
