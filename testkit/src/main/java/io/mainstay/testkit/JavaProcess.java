package io.mainstay.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A program in a JVM of its own. Its output goes to a file, so that it never waits for a reader.
///
/// Whatever happens to the test, a process that was not closed ends with the JVM that started it.
public final class JavaProcess implements AutoCloseable {
    private static final Duration TERMINATION = Duration.ofSeconds(60);

    /// How to start it.
    ///
    /// @param name for people and for messages
    /// @param java the `java` program
    /// @param flags of the JVM
    /// @param classpath as `-cp` takes it
    /// @param main class
    /// @param arguments of the program
    /// @param log output and errors, appended
    public record Command(
            String name,
            Path java,
            List<String> flags,
            String classpath,
            String main,
            List<String> arguments,
            Path log) {
        public Command {
            flags = List.copyOf(flags);
            arguments = List.copyOf(arguments);
        }
    }

    private final Command command;
    private final Process process;
    private final Thread hook;

    private JavaProcess(Command command, Process process) {
        this.command = command;
        this.process = process;
        this.hook = new Thread(process::destroyForcibly, "end " + command.name());
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /// The `java` that runs this JVM.
    public static Path sameJava() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    /// The class path of this JVM without folders of test classes.
    public static String sameClasspath() {
        List<String> entries = new ArrayList<>();
        for (String entry :
                System.getProperty("java.class.path").split(java.io.File.pathSeparator)) {
            if (!entry.contains("test-classes")) {
                entries.add(entry);
            }
        }
        return String.join(java.io.File.pathSeparator, entries);
    }

    /// The class path of a module's build folder: `classes`, and what `classpath.txt` lists or, without it, every jar of `lib`.
    public static String classpathOf(Path target) {
        Path list = target.resolve("classpath.txt");
        try {
            String libraries =
                    Files.exists(list)
                            ? Files.readString(list).strip()
                            : target.resolve("lib") + "/*";
            return target.resolve("classes") + java.io.File.pathSeparator + libraries;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static JavaProcess start(Command command) {
        List<String> line = new ArrayList<>();
        line.add(command.java().toString());
        line.addAll(command.flags());
        line.add("-cp");
        line.add(command.classpath());
        line.add(command.main());
        line.addAll(command.arguments());
        try {
            Path folder = command.log().toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
            builder.redirectOutput(ProcessBuilder.Redirect.appendTo(command.log().toFile()));
            builder.environment().remove("JAVA_TOOL_OPTIONS");
            return new JavaProcess(command, builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + command.name(), e);
        }
    }

    public String name() {
        return command.name();
    }

    public long pid() {
        return process.pid();
    }

    public boolean alive() {
        return process.isAlive();
    }

    /// Exit code of an ended process.
    public int exitCode() {
        return process.exitValue();
    }

    /// All that it has said so far.
    public String log() {
        try {
            return Files.exists(command.log())
                    ? Files.readString(command.log(), StandardCharsets.UTF_8)
                    : "";
        } catch (IOException e) {
            return "(its log " + command.log() + " cannot be read: " + e.getMessage() + ")";
        }
    }

    /// SIGSTOP: it does nothing until [#resume()], and the kernel goes on to take what is sent to it.
    public void pause() {
        signal("STOP");
    }

    /// SIGCONT after [#pause()].
    public void resume() {
        signal("CONT");
    }

    /// SIGKILL, which ends a paused process, too; gone on return.
    public void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    /// SIGTERM; gone on return, by SIGKILL if it does not end in time.
    ///
    /// @return whether it ended by itself
    public boolean terminate() {
        process.destroy();
        try {
            if (process.waitFor(TERMINATION.toMillis(), TimeUnit.MILLISECONDS)) {
                forget();
                return true;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        kill();
        return false;
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            terminate();
        }
        forget();
    }

    private void signal(String name) {
        try {
            int exit =
                    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                            .inheritIO()
                            .start()
                            .waitFor();
            if (exit != 0) {
                throw new IllegalStateException(command.name() + " could not get SIG" + name);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run kill", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted at SIG" + name, e);
        }
    }

    private void awaitEnd() {
        process.onExit().join();
        forget();
    }

    private void forget() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is on its way down and the hook does its work.
        }
    }
}
