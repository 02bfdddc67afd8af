package io.mainstay.bench.amqp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

/// The brokers of a run, each started when a scenario first asks for it.
final class Brokers implements AutoCloseable {

    /// Of the first load of each broker: a JVM needs about as long until its compiler rests, and a broker runs for months.
    private static final int WARM_SECONDS = 30;

    private static final Shape WARM_SHAPE = new Shape(1_024, Shape.Layout.Q1, 1_000, 100);

    private final Programs programs;
    private final boolean node;
    private final boolean peer;
    private final Path work;
    private final List<Server> servers = new ArrayList<>();
    private final List<Target> targets = new ArrayList<>();
    private final List<Target> floor = new ArrayList<>();

    /// @param node whether ours is among the targets
    /// @param peer whether RabbitMQ is
    Brokers(Programs programs, boolean node, boolean peer) throws IOException {
        this.programs = programs;
        this.node = node;
        this.peer = peer;
        this.work = Files.createTempDirectory("mainstay-bench");
        System.out.println("logs and data of the brokers: " + work);
    }

    /// How many there will be of [#targets()].
    int count() {
        return (node ? 1 : 0) + (peer ? 2 : 0);
    }

    /// Those that are compared, in turn, each warm; ours is the first.
    List<Target> targets() throws IOException, InterruptedException, TimeoutException {
        if (targets.isEmpty()) {
            if (node) {
                Server ours = MainstayNode.start(programs, work.resolve("mainstay"));
                servers.add(ours);
                targets.add(new Target("Mainstay", ours, "classic"));
            }
            if (peer) {
                Server rabbit = RabbitMq.start(work.resolve("rabbitmq"));
                servers.add(rabbit);
                targets.add(new Target("RabbitMQ classic", rabbit, "classic"));
                targets.add(new Target("RabbitMQ quorum", rabbit, "quorum"));
            }
            warm(targets);
        }
        return targets;
    }

    /// The same and [NullBroker] behind them.
    List<Target> targetsAndFloor() throws IOException, InterruptedException, TimeoutException {
        List<Target> all = new ArrayList<>(targets());
        if (floor.isEmpty()) {
            Server nothing =
                    NullServer.start(programs.java(), programs.heap(), work.resolve("null"));
            servers.add(nothing);
            floor.add(new Target(Target.FLOOR, nothing, "classic"));
            warm(floor);
        }
        all.addAll(floor);
        return all;
    }

    private void warm(List<Target> cold)
            throws IOException, InterruptedException, TimeoutException {
        for (Target target : cold) {
            Steady.once(target, WARM_SHAPE.queues(), WARM_SHAPE.arguments(), load(), WARM_SECONDS);
        }
    }

    PerfTest load() {
        return new PerfTest(programs.java(), programs.loadClasspath());
    }

    /// Where a file may be written to measure the disk.
    Path scratch() {
        return work.resolve("raw");
    }

    /// A node of ours with empty data, for a scenario that stops and kills it. The caller closes it.
    RestartedNode ownNode(String name) throws IOException, InterruptedException {
        return new RestartedNode(programs, work.resolve(name));
    }

    @Override
    public void close() {
        servers.forEach(Server::close);
    }
}
