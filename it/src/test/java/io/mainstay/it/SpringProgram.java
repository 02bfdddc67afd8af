package io.mainstay.it;

import io.mainstay.testkit.Conditions;
import io.mainstay.testkit.JavaProcess;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// A Spring application without a port of its own: what it does it says on lines of a verb and more words.
record SpringProgram(JavaProcess process) implements AutoCloseable {
    static final Duration SOON = Duration.ofSeconds(90);

    private static final List<String> FLAGS =
            List.of(
                    "-Xmx96m",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-Djava.net.preferIPv4Stack=true");

    /// Starts it on a node's AMQP port; returns at once.
    static SpringProgram launch(
            String name, Path program, String main, int amqpPort, Path logs, String... more) {
        List<String> arguments = new ArrayList<>(List.of("--spring.rabbitmq.port=" + amqpPort));
        arguments.addAll(List.of(more));
        return new SpringProgram(
                JavaProcess.start(
                        new JavaProcess.Command(
                                name,
                                JavaProcess.sameJava(),
                                FLAGS,
                                JavaProcess.classpathOf(program),
                                main,
                                arguments,
                                logs.resolve(name + ".log"))));
    }

    /// What followed `verb`, line by line.
    List<String> said(String verb) {
        return process.log()
                .lines()
                .filter(line -> line.startsWith(verb + " "))
                .map(line -> line.substring(verb.length() + 1))
                .toList();
    }

    static List<String> said(List<SpringProgram> programs, String verb) {
        return programs.stream().flatMap(program -> program.said(verb).stream()).toList();
    }

    void await(String what, Conditions.Holds condition) {
        Conditions.await(
                process.name() + ": " + what,
                SOON,
                () -> {
                    if (condition.holds()) {
                        return true;
                    }
                    if (!process.alive()) {
                        throw new AssertionError(process.name() + " ended:\n" + process.log());
                    }
                    return false;
                });
    }

    void awaitReady() {
        await("ready", () -> lines().anyMatch("ready"::equals));
    }

    /// Waits until it has ended by itself.
    ///
    /// @throws AssertionError if it takes too long or its exit code is not 0
    void awaitEnd() {
        try {
            Conditions.await(process.name() + " to end", SOON, () -> !process.alive());
        } catch (AssertionError e) {
            throw new AssertionError(process.log(), e);
        }
        if (process.exitCode() != 0) {
            throw new AssertionError(process.name() + " failed:\n" + process.log());
        }
    }

    private Stream<String> lines() {
        return process.log().lines();
    }

    @Override
    public void close() {
        process.close();
    }
}
