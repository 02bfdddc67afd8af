package io.mainstay.bench.amqp;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Callable;

/// Our node beside Debian's RabbitMQ, in turn in one run. What a message costs a broker is its processor time: PerfTest runs on the same
/// machine, so that messages per second say as much about it.
@Command(
        name = "amqp",
        description = "A node beside RabbitMQ (classic and quorum queues), loaded by PerfTest.",
        mixinStandardHelpOptions = true)
public final class AmqpBench implements Callable<Integer> {

    @Option(names = "--java", required = true, hidden = true)
    private String java = "";

    @Option(names = "--server-classpath", required = true, hidden = true)
    private String serverClasspath = "";

    @Option(names = "--load-classpath", required = true, hidden = true)
    private String loadClasspath = "";

    @Option(names = "--heap", description = "of the node (default: ${DEFAULT-VALUE})")
    private String heap = "512m";

    @Option(names = "--rounds", description = "turns of each broker (default: ${DEFAULT-VALUE})")
    private int rounds = 3;

    @Option(names = "--seconds", description = "of one load (default: ${DEFAULT-VALUE})")
    private int seconds = 20;

    @Option(
            names = "--backlog",
            description = "messages of the scenario backlog (default: ${DEFAULT-VALUE})")
    private int backlog = 1_000_000;

    @Option(
            names = "--only",
            split = ",",
            description =
                    "scenarios to run: confirm, publish, consume, latency, fanout, sizes, backlog (default: all)")
    private List<String> only = List.of();

    @Option(names = "--peer-only", description = "RabbitMQ alone")
    private boolean peerOnly;

    @Option(names = "--node-only", description = "the node alone")
    private boolean nodeOnly;

    @Override
    public Integer call() throws Exception {
        List<Scenario> scenarios = scenarios();
        TreeSet<String> unknown = new TreeSet<>(only);
        scenarios.forEach(scenario -> unknown.remove(scenario.name()));
        if (!unknown.isEmpty()) {
            System.out.println("there are no scenarios " + unknown + "; see --help");
            return 2;
        }
        if (peerOnly && nodeOnly) {
            System.out.println("--peer-only and --node-only exclude each other");
            return 2;
        }
        if (!nodeOnly && !RabbitMq.installed()) {
            System.out.println(
                    "RabbitMQ is not installed, so there is nothing to compare with: install Debian's package rabbitmq-server, or use --node-only.");
            return peerOnly ? 1 : 0;
        }
        Path work = Files.createTempDirectory("mainstay-bench");
        System.out.println("starting the brokers; their logs and data: " + work);
        List<Server> servers = new ArrayList<>();
        try {
            List<Target> targets = targets(work, servers);
            PerfTest load = new PerfTest(java, loadClasspath);
            for (Scenario scenario : scenarios) {
                if (only.isEmpty() || only.contains(scenario.name())) {
                    scenario.run(targets, load, new Scenario.Plan(seconds, rounds, backlog));
                }
            }
            return 0;
        } finally {
            servers.forEach(Server::close);
        }
    }

    private List<Target> targets(Path work, List<Server> servers) throws Exception {
        List<Target> targets = new ArrayList<>();
        if (!peerOnly) {
            Server node = MainstayNode.start(java, serverClasspath, heap, work.resolve("mainstay"));
            servers.add(node);
            targets.add(new Target("Mainstay", node, "classic"));
        }
        if (!nodeOnly) {
            Server rabbit = RabbitMq.start(work.resolve("rabbitmq"));
            servers.add(rabbit);
            targets.add(new Target("RabbitMQ classic", rabbit, "classic"));
            targets.add(new Target("RabbitMQ quorum", rabbit, "quorum"));
        }
        return targets;
    }

    private static List<Scenario> scenarios() {
        return List.of(
                Steady.confirms(),
                Steady.publishOnly(),
                new Backlog("consume", 1_024, 10_000),
                new HalfLoad(),
                Steady.fanout(),
                Steady.sizes(),
                new Backlog("backlog", 100, 0));
    }
}
