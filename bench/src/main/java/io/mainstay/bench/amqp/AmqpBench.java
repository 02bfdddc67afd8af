package io.mainstay.bench.amqp;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;

/// Our node beside Debian's RabbitMQ, in turn in one run. What a message costs a broker is its processor time: PerfTest runs on the same
/// machine, so that messages per second say as much about it.
@Command(
        name = "amqp",
        description = "A node beside RabbitMQ (classic and quorum queues), loaded by PerfTest.",
        mixinStandardHelpOptions = true)
public final class AmqpBench implements Callable<Integer> {

    /// What a load takes beside its time: the start and the end of PerfTest.
    private static final int BESIDE_SECONDS = 3;

    /// Not run unless they are asked for.
    private static final Set<String> OTHERS = Set.of("backlog", "deep", "trickle", "delays");

    @Option(names = "--java", required = true, hidden = true)
    private String java = "";

    @Option(names = "--server-classpath", required = true, hidden = true)
    private String serverClasspath = "";

    @Option(names = "--start-cache", hidden = true)
    private String startCache = "";

    @Option(names = "--load-classpath", required = true, hidden = true)
    private String loadClasspath = "";

    @Option(names = "--heap", description = "of the node (default: ${DEFAULT-VALUE})")
    private String heap = "512m";

    @Option(names = "--rounds", description = "turns of each broker (default: ${DEFAULT-VALUE})")
    private int rounds = 2;

    @Option(names = "--seconds", description = "of one load (default: ${DEFAULT-VALUE})")
    private int seconds = 10;

    @Option(
            names = "--backlog",
            description =
                    "messages of the scenarios backlog (default: 1,000,000), deep (default: 10,000,000) and trickle (default: 400,000)")
    private int backlog;

    @Option(
            names = "--delayed",
            description = "messages of the scenario delays (default: ${DEFAULT-VALUE})")
    private int delayed = 1_000_000;

    @Option(
            names = "--spread",
            description = "seconds in which they are due (default: ${DEFAULT-VALUE})")
    private int spread = 600;

    @Option(
            names = "--rate",
            description =
                    "messages per second of the scenario latency (default: half of what the slowest broker can do)")
    private int rate;

    @Option(
            names = "--only",
            split = ",",
            description =
                    "scenarios to run: confirm, sizes, fanout, publish, consume, latency (default: these), backlog, and of the node alone deep, trickle, delays")
    private List<String> only = List.of();

    @Option(
            names = "--shape",
            split = ",",
            paramLabel = "SHAPE",
            description =
                    "loads to run instead, as size/queues/window/prefetch with * for any: 16B, 1KiB, 64KiB; q1, q10, fanout; w1, w100, w1000; p1, p100."
                            + " For example 1KiB/q1/*/p100")
    private List<String> shapes = List.of();

    @Option(
            names = "--floor",
            description = "beside each load also one of a broker that keeps nothing")
    private boolean floor;

    @Option(names = "--peer-only", description = "RabbitMQ alone")
    private boolean peerOnly;

    @Option(names = "--node-only", description = "the node alone")
    private boolean nodeOnly;

    @Override
    public Integer call() throws Exception {
        List<Scenario> chosen = new ArrayList<>();
        String objection = choose(chosen);
        if (!objection.isEmpty()) {
            System.out.println(objection);
            return 2;
        }
        boolean alone = chosen.stream().allMatch(AmqpBench::isOfTheNodeAlone);
        if (!nodeOnly && !alone && !RabbitMq.installed()) {
            System.out.println(
                    "RabbitMQ is not installed, so there is nothing to compare with: install Debian's package rabbitmq-server, or use --node-only.");
            return peerOnly ? 1 : 0;
        }
        // Also when somebody ends the bench in the middle.
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () ->
                                        ProcessHandle.current()
                                                .descendants()
                                                .forEach(ProcessHandle::destroy)));
        try (Brokers brokers =
                new Brokers(
                        new Programs(java, serverClasspath, startCache, loadClasspath, heap),
                        !peerOnly,
                        !nodeOnly)) {
            int loads = chosen.stream().mapToInt(scenario -> scenario.loads(brokers)).sum();
            if (loads > 0) {
                long all = (long) loads * (rounds + 1) * (seconds + BESIDE_SECONDS);
                System.out.printf(
                        "%d loads, %d rounds of %d s and a warm-up: at most about %d min%n",
                        loads, rounds, seconds, all / 60 + 1);
            }
            for (Scenario scenario : chosen) {
                scenario.run(brokers, new Scenario.Plan(seconds, rounds, backlog, delayed, spread));
            }
            return 0;
        }
    }

    private static boolean isOfTheNodeAlone(Scenario scenario) {
        return scenario instanceof DeepBacklog
                || scenario instanceof Trickle
                || scenario instanceof Delayed;
    }

    /// @return why it cannot be, or nothing
    private String choose(List<Scenario> chosen) {
        if (peerOnly && nodeOnly) {
            return "--peer-only and --node-only exclude each other";
        }
        for (String shape : shapes) {
            if (Shape.matching(shape).isEmpty()) {
                return "there is no shape '" + shape + "'; see --help";
            }
        }
        if (!shapes.isEmpty()) {
            chosen.add(Steady.of("shapes", floor, shapes.toArray(String[]::new)));
            if (only.isEmpty()) {
                return "";
            }
        }
        TreeSet<String> unknown = new TreeSet<>(only);
        for (Scenario scenario : scenarios()) {
            unknown.remove(scenario.name());
            boolean byDefault = !OTHERS.contains(scenario.name());
            if (only.contains(scenario.name()) || only.isEmpty() && byDefault) {
                chosen.add(scenario);
            }
        }
        return unknown.isEmpty() ? "" : "there are no scenarios " + unknown + "; see --help";
    }

    private List<Scenario> scenarios() {
        return List.of(
                Steady.of("confirm", floor, "1KiB/q1/*/p100", "1KiB/q1/w100/p1"),
                Steady.of(
                        "sizes",
                        floor,
                        "16B/q1/w1000/p100",
                        "64KiB/q1/w1/p100",
                        "64KiB/q1/w100/p100",
                        "1KiB/q10/w100/p100"),
                Steady.of("fanout", floor, "1KiB/fanout/w100/p100"),
                new PublishOnly(),
                new Backlog("consume", 1_024, 10_000),
                new HalfLoad(rate),
                new Backlog("backlog", 100, 0),
                new DeepBacklog(),
                new Trickle(),
                new Delayed());
    }
}
