package io.mainstay.kernel.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.kernel.journal.SegmentedJournal;
import io.mainstay.platform.Platform;
import io.mainstay.platform.real.RealPlatform;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/// SIGKILL of a real process on a real disk: each level, the weakest too, keeps what it has answered.
class ProcessKillTest {

    private static final int ROUNDS = Boolean.getBoolean("mainstay.long") ? 15 : 3;

    @TempDir Path directory;

    @ParameterizedTest
    @EnumSource
    void aKilledProcessHasLostNothingThatItAnswered(Durability level) throws Exception {
        SplittableRandom random = new SplittableRandom(level.ordinal());
        String word =
                switch (level) {
                    case QUORUM_FSYNC, LEADER_MEMORY -> "Applied";
                    case QUORUM_MEMORY, LEADER_FSYNC -> "Accepted";
                };
        long answered = 0;
        for (int round = 0; round < ROUNDS; round++) {
            List<String> lines = answersUntilKilled(level, 200 + random.nextInt(3_000));
            assertThat(lines).allMatch(word::equals);
            answered += lines.size();
            assertThat(kept()).isGreaterThanOrEqualTo(answered);
        }
    }

    private List<String> answersUntilKilled(Durability level, int wanted) throws Exception {
        String classPath =
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path"));
        Process process =
                new ProcessBuilder(
                                ProcessHandle.current().info().command().orElseThrow(),
                                "-cp",
                                classPath,
                                AcceptingProcess.class.getName(),
                                directory.toString(),
                                level.name())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        List<String> lines = new ArrayList<>();
        try (BufferedReader out = process.inputReader()) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                // The log of the process goes the same way.
                if (line.matches("Applied|Accepted|Refused|Unknown")) {
                    lines.add(line);
                }
                if (lines.size() == wanted) {
                    // Not the process's own: that closes the stream, and answers that are in it
                    // count.
                    process.toHandle().destroyForcibly();
                }
            }
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(lines).hasSizeGreaterThanOrEqualTo(wanted);
        return lines;
    }

    private long kept() throws IOException, InterruptedException {
        Platform platform = RealPlatform.at(directory);
        List<ProbeMachine> machines = new ArrayList<>();
        try (SegmentedJournal journal = SegmentedJournal.open(AcceptingProcess.JOURNAL, platform);
                RaftGroups groups =
                        RaftGroups.open(
                                AcceptingProcess.GROUPS,
                                platform,
                                journal,
                                id -> {
                                    machines.add(new ProbeMachine());
                                    return List.of(machines.getLast());
                                })) {
            groups.start();
            assertThat(groups.awaitReady(Duration.ofSeconds(60))).isTrue();
            return machines.get(1).publishedCount;
        }
    }
}
