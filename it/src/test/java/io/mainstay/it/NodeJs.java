package io.mainstay.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A program for Node.js with the packages that its lock file names, installed by npm.
public record NodeJs(Path folder) {
    private static final int INSTALL_MINUTES = 3;

    /// Copies the program and installs what it needs. Skips the test where npm is missing, but on CI, where that is a failure.
    ///
    /// @param sources folder with `client.js`, `package.json` and `package-lock.json`
    public static NodeJs install(Path sources, Path folder) throws Exception {
        boolean npm = npmIsThere();
        if (!npm && "true".equals(System.getenv("MAINSTAY_CI"))) {
            throw new AssertionError("npm is missing; CI installs the packages nodejs and npm");
        }
        assumeTrue(npm, "skipped: npm is missing (packages nodejs and npm)");
        for (String file : List.of("package.json", "package-lock.json", ".npmrc", "client.js")) {
            Files.copy(sources.resolve(file), folder.resolve(file));
        }
        Path log = folder.resolve("npm.log");
        NodeJs installed = new NodeJs(folder);
        Process install = installed.start(log, List.of("npm", "ci"));
        assertThat(install.waitFor(INSTALL_MINUTES, TimeUnit.MINUTES)).as("npm ends").isTrue();
        assertThat(install.exitValue()).as(Files.readString(log)).isZero();
        return installed;
    }

    /// @param log what it says
    public Process run(Path log, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("node"));
        command.addAll(List.of(arguments));
        return start(log, command);
    }

    private Process start(Path log, List<String> command) throws IOException {
        return new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    private static boolean npmIsThere() throws InterruptedException {
        try {
            return new ProcessBuilder("npm", "--version")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException absent) {
            return false;
        }
    }
}
