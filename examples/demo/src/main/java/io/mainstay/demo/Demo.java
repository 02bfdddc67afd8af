package io.mainstay.demo;

import io.mainstay.testkit.JavaProcess;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// A node with a shop of five stock Spring Cloud services on it: orders, a new instance, a drained one, a
/// killed one, a restart of the node, and a table of what was seen when.
///
/// Its class path is `examples/demo/target/classes`, `testkit/target/classes` and the node's own (for picocli):
///
/// ```
/// java -cp ... io.mainstay.demo.Demo --server-classpath NODE --service-dir examples/demo-service/target [--keep]
/// ```
/// Exit code: 0 if every check held, 1 if one did not, 2 for wrong options.
@Command(
        name = "mainstay demo",
        mixinStandardHelpOptions = true,
        description = {
            "Starts a node and five stock Spring Cloud services on it, changes and breaks things,",
            "and prints when each change was seen. Takes about two minutes and 2 GiB of memory."
        },
        footer = {
            "",
            "Examples:",
            "  ./mainstay demo",
            "  ./mainstay demo --keep    leaves everything running to look around"
        })
public final class Demo implements Callable<Integer> {
    @Option(names = "--java", hidden = true, description = "the java program for all processes")
    private Path java = JavaProcess.sameJava();

    @Option(names = "--server-classpath", hidden = true, description = "class path of the node")
    private @Nullable String serverClasspath;

    @Option(
            names = "--service-dir",
            hidden = true,
            required = true,
            description = "build folder of the demo service")
    private @Nullable Path serviceDir;

    @Option(
            names = "--peer-dir",
            paramLabel = "DIR",
            description = {
                "tells the same story on a Spring Eureka server with its defaults, to compare;",
                "DIR is the build folder of examples/eureka-peer"
            })
    private @Nullable Path peerDir;

    @Option(names = "--keep", description = "leaves node, services and orders running until Ctrl-C")
    private boolean keep;

    private Demo() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Demo()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintStream out = System.out;
        if (serviceDir == null || (serverClasspath == null) == (peerDir == null)) {
            throw new CommandLine.ParameterException(
                    new CommandLine(this),
                    "give --service-dir and one of --server-classpath, --peer-dir");
        }
        Path folder = Files.createTempDirectory("mainstay-demo-");
        Report report = new Report();
        boolean told = false;
        try (Progress progress = new Progress(out, Story.STEPS);
                Story story =
                        Story.begin(progress, report, registry(folder), java, serviceDir, folder)) {
            story.go();
            told = true;
            report.print(out, peerDir == null ? "Mainstay" : "a Spring Eureka server");
            if (keep) {
                progress.close();
                story.describe(out);
                Thread.currentThread().join();
            }
            progress.step("ending everything");
        } catch (AssertionError | IllegalStateException e) {
            if (!told) {
                report.print(out, "the registry");
            }
            out.println("The demo stopped: " + e.getMessage());
            out.println("Logs: " + folder);
            return CommandLine.ExitCode.SOFTWARE;
        }
        if (!report.allHeld()) {
            out.println("Not every check held. Logs: " + folder);
            return CommandLine.ExitCode.SOFTWARE;
        }
        deleteAll(folder);
        out.println("Every check held.");
        return CommandLine.ExitCode.OK;
    }

    private Supplier<Registry> registry(Path folder) {
        String classpath = serverClasspath;
        Path peer = peerDir;
        if (classpath != null) {
            return () -> Registry.Mainstay.start(java, classpath, folder);
        }
        if (peer != null) {
            return () -> new Registry.SpringEureka(java, peer, folder.resolve("eureka.log"));
        }
        throw new IllegalStateException("no registry to start");
    }

    private static void deleteAll(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
