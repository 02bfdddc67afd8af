package io.mainstay.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

class JavaProcessTest {
    @TempDir Path folder;

    /// Says one line and waits to be ended.
    static final class Waiting {
        private Waiting() {}

        public static void main(String[] arguments) throws InterruptedException {
            System.out.println("here with " + arguments[0]);
            // Counts, so that one sees whether it runs.
            for (long beat = 0; ; beat++) {
                System.out.println("beat " + beat);
                Thread.sleep(10);
            }
        }
    }

    private JavaProcess waiting() {
        return JavaProcess.start(
                new JavaProcess.Command(
                        "waiting",
                        JavaProcess.sameJava(),
                        List.of("-Xmx32m"),
                        System.getProperty("java.class.path"),
                        Waiting.class.getName(),
                        List.of("an argument"),
                        folder.resolve("logs/waiting.log")));
    }

    @Test
    void outputIsCapturedAndAKilledProcessIsGone() {
        try (JavaProcess process = waiting()) {
            Conditions.await(
                    "its line",
                    Duration.ofSeconds(30),
                    () -> process.log().contains("here with an argument"));
            assertThat(process.alive()).isTrue();
            process.kill();
            assertThat(process.alive()).isFalse();
        }
    }

    @Test
    void aPausedProcessDoesNothingUntilItIsResumed() throws Exception {
        try (JavaProcess process = waiting()) {
            Conditions.await(
                    "its beats", Duration.ofSeconds(30), () -> process.log().contains("beat 3"));
            process.pause();
            Conditions.await(
                    "the process to be stopped",
                    Duration.ofSeconds(30),
                    () -> {
                        String stat =
                                Files.readString(
                                        Path.of("/proc", Long.toString(process.pid()), "stat"));
                        return stat.substring(stat.lastIndexOf(')')).startsWith(") T");
                    });
            int length = process.log().length();
            process.resume();
            Conditions.await(
                    "further beats", Duration.ofSeconds(30), () -> process.log().length() > length);
            process.pause();
            process.kill();
            assertThat(process.alive()).isFalse();
        }
    }

    @Test
    void aProcessThatObeysTheSignalEndsByItself() {
        try (JavaProcess process = waiting()) {
            assertThat(process.terminate()).isTrue();
            assertThat(process.alive()).isFalse();
        }
    }

    @Test
    void aConditionThatNeverHoldsSaysWhatWasWaitedFor() {
        assertThatThrownBy(
                        () ->
                                Conditions.await(
                                        "the end of time", Duration.ofMillis(1), () -> false))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("the end of time");
    }
}
