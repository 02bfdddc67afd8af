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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// A node with a shop of six Spring Cloud services on it, which find each other in its registry and send orders through its
/// queues: a new instance, a drained one, a killed one, a killed consumer, SIGKILL of the node, a table of what was seen
/// when and a count of every order. Told twice, with the stock Eureka starter and with Mainstay's, and compared.
///
/// Its class path is `examples/demo/target/classes`, `testkit/target/classes` and the node's own (for picocli):
///
/// ```
/// java -cp ... io.mainstay.demo.Demo --server-classpath NODE --service-dir examples/demo-service/target
///     --streaming-dir examples/demo-service-streaming/target [--keep]
/// ```
/// Exit code: 0 if every check held, 1 if one did not, 2 for wrong options.
@Command(
        name = "mainstay demo",
        mixinStandardHelpOptions = true,
        description = {
            "Starts a node and six Spring Cloud services on it, changes and breaks things, and prints",
            "when each change was seen: with the stock Eureka starter, with Mainstay's, side by side.",
            "Orders go through a queue with stock Spring AMQP; at the end every one is accounted for.",
            "Takes two to three minutes and 2 GiB of memory."
        },
        footer = {
            "",
            "Examples:",
            "  ./mainstay demo",
            "  ./mainstay demo --keep    leaves everything running to look around",
            "  ./mainstay demo --peer    the same story on a Spring Eureka server"
        })
public final class Demo implements Callable<Integer> {
    @Option(names = "--java", hidden = true, description = "the java program for all processes")
    private Path java = JavaProcess.sameJava();

    @Option(names = "--server-classpath", hidden = true, description = "class path of the node")
    private @Nullable String serverClasspath;

    @Option(
            names = "--node-flags",
            hidden = true,
            split = " ",
            description = "JVM flags of the node")
    private List<String> nodeFlags = List.of();

    @Option(
            names = "--service-dir",
            hidden = true,
            required = true,
            description = "build folder of the demo service")
    private @Nullable Path serviceDir;

    @Option(
            names = "--streaming-dir",
            hidden = true,
            description = "build folder of the demo service with Mainstay's starter")
    private @Nullable Path streamingDir;

    @Option(
            names = "--peer-dir",
            hidden = true,
            description = "build folder of examples/eureka-peer, for --peer")
    private @Nullable Path peerDir;

    @Option(
            names = "--peer",
            description = {
                "tells the same story on a Spring Eureka server with its defaults, to compare:",
                "without a queue, orders are calls from service to service (five to ten minutes)"
            })
    private boolean peer;

    @Option(names = "--keep", description = "leaves node, services and orders running until Ctrl-C")
    private boolean keep;

    private Demo() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Demo()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintStream out = System.out;
        if (serviceDir == null || (peer ? peerDir == null : serverClasspath == null)) {
            throw new CommandLine.ParameterException(
                    new CommandLine(this),
                    "give --service-dir, and --server-classpath or, with --peer, --peer-dir");
        }
        Path folder = Files.createTempDirectory("mainstay-demo-");
        List<Clients> tellings = new ArrayList<>(List.of(Clients.eureka(java, serviceDir)));
        if (streamingDir != null && !peer) {
            tellings.add(Clients.streaming(java, streamingDir));
        }
        List<Report> reports = new ArrayList<>();
        try (Progress progress = new Progress(out, Story.STEPS * tellings.size())) {
            for (Clients clients : tellings) {
                Report report = new Report(clients.shown());
                reports.add(report);
                boolean last = clients == tellings.getLast();
                tell(progress, report, clients, folder.resolve("story-" + reports.size()), last);
            }
            progress.step("ending everything");
        } catch (AssertionError | IllegalStateException e) {
            reports.forEach(report -> report.print(out, "the registry"));
            out.println("The demo stopped: " + e.getMessage());
            out.println("Logs: " + folder);
            return CommandLine.ExitCode.SOFTWARE;
        }
        String name = peer ? "a Spring Eureka server" : "Mainstay";
        reports.forEach(report -> report.print(out, name));
        if (reports.size() == 2) {
            Comparison.print(out, reports.get(0), reports.get(1));
        }
        Report.printFootnote(out);
        if (peer) {
            out.println(
                    "What does not hold here is the comparison: './mainstay demo' checks the same of Mainstay.");
        } else if (!reports.stream().allMatch(Report::allHeld)) {
            out.println("Not every check held. Logs: " + folder);
            return CommandLine.ExitCode.SOFTWARE;
        }
        deleteAll(folder);
        if (!peer) {
            out.println("Every check held.");
        }
        return CommandLine.ExitCode.OK;
    }

    private void tell(Progress progress, Report report, Clients clients, Path folder, boolean last)
            throws IOException, InterruptedException {
        Files.createDirectories(folder);
        try (Story story = Story.begin(progress, report, registry(folder), clients, folder)) {
            story.go();
            if (keep && last) {
                report.print(System.out, "the registry");
                progress.close();
                story.describe(System.out);
                Thread.currentThread().join();
            }
        }
    }

    private Supplier<Registry> registry(Path folder) {
        String classpath = serverClasspath;
        Path eureka = peerDir;
        List<String> flags = nodeFlags.stream().filter(flag -> !flag.isBlank()).toList();
        if (peer && eureka != null) {
            return () -> new Registry.SpringEureka(java, eureka, folder.resolve("eureka.log"));
        }
        if (classpath != null) {
            return () -> Registry.Mainstay.start(java, flags, classpath, folder);
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
