package io.mainstay.bench.registry;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/// Our node beside real Spring Eureka servers (one with its defaults, one tuned to its best) and beside the floor, in turn in one
/// run. Figures are server CPU-seconds and ratios: wall time on a shared machine says little.
@Command(
        name = "registry",
        description = "A node beside Spring Eureka (default and tuned) and the floor, in turn.",
        mixinStandardHelpOptions = true)
public final class RegistryBench implements Callable<Integer> {

    private static final long COLD = 300_000;
    private static final long WARM = 50_000;

    @Option(names = "--java", required = true, hidden = true)
    private String java = "";

    @Option(names = "--server-classpath", required = true, hidden = true)
    private String serverClasspath = "";

    @Option(names = "--bench-classpath", required = true, hidden = true)
    private String benchClasspath = "";

    @Option(names = "--peer-classpath", required = true, hidden = true)
    private String peerClasspath = "";

    @Option(names = "--peer-main", hidden = true)
    private String peerMain = "io.mainstay.peer.EurekaPeer";

    @Option(names = "--rounds", description = "turns of each server (default: ${DEFAULT-VALUE})")
    private int rounds = 3;

    @Option(
            names = "--connections",
            description =
                    "connections of the paced beats and of the streams (default: ${DEFAULT-VALUE})")
    private int connections = 10_000;

    @Option(
            names = "--changes",
            description =
                    "changes of each kind that subscribers are told of (default: ${DEFAULT-VALUE})")
    private int changes = 60;

    @Option(
            names = "--subscribers",
            split = ",",
            description = "numbers of them (default: ${DEFAULT-VALUE})")
    private List<Integer> subscribers = List.of(1, 100, 1_000);

    @Option(
            names = "--rolling-seconds",
            description = "time of a rolling restart (default: ${DEFAULT-VALUE})")
    private int rollingSeconds = 60;

    @Option(
            names = "--only",
            split = ",",
            description =
                    "scenarios to run: lease, change, changes, rolling, streams, storm, beats-1000, fetch, beats-5000, memory, beats-20000, paced-20000 (default: all)")
    private List<String> only = List.of();

    @Override
    public Integer call() throws Exception {
        Path work = Files.createTempDirectory("mainstay-bench");
        List<Target> targets = new ArrayList<>();
        try {
            System.out.println("starting the servers; their logs: " + work);
            targets.add(Target.floor(java, benchClasspath, work.resolve("floor.log")));
            targets.add(
                    Target.node(
                            java,
                            serverClasspath,
                            Files.createDirectories(work.resolve("data")),
                            work.resolve("node.log")));
            targets.add(eureka(Target.TUNED_NAME, Target.TUNED, work.resolve("tuned.log")));
            targets.add(eureka("Spring Eureka, default", List.of(), work.resolve("default.log")));
            for (Scenario scenario : scenarios(work)) {
                if (only.isEmpty() || only.contains(scenario.name())) {
                    scenario.run(targets, rounds);
                }
            }
            return 0;
        } catch (Scenario.InvalidRunException e) {
            System.out.println("this run is void: " + e.getMessage());
            return 1;
        } finally {
            targets.forEach(Target::close);
        }
    }

    private Target eureka(String name, List<String> settings, Path log) throws Exception {
        return Target.eureka(name, java, peerClasspath, peerMain, settings, log);
    }

    /// In order of instances registered: what one leaves behind does not disturb the next.
    private List<Scenario> scenarios(Path work) {
        return List.of(
                new LeaseEnd(),
                new ChangeSeen(),
                new EverybodyKnows(java, benchClasspath, work, changes, subscribers),
                new Rolling(rollingSeconds),
                new StreamBeats(java, benchClasspath, work, connections),
                new SteadyBeats(1_000, COLD),
                new FullFetch(),
                new RestartStorm(),
                new SteadyBeats(5_000, WARM),
                new MemoryOfInstances(java),
                new SteadyBeats(20_000, WARM),
                new PacedBeats(20_000, connections));
    }
}
