package io.mainstay.bench.registry;

import io.mainstay.bench.stream.StreamLine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/// One stream for each process, one beat a second on each: what a connection takes of memory, what a beat takes of a processor.
///
/// A beat of the streaming protocol is not answered, so the floor that it is measured by only reads. The floor that answers is what a
/// protocol with an answer could not do without. Eureka's clients beat over as many connections of their own.
final class StreamBeats implements Scenario {

    private static final int SECONDS = 15;

    /// A JVM compiles as long as this at ten thousand beats a second, and that is not what a beat costs.
    private static final int WARM_SECONDS = 30;

    private static final int SERVICES = 100;
    private static final String SERVICE = "STREAMS-";

    private final String java;
    private final String benchClasspath;
    private final Path work;
    private final int connections;

    /// @param connections as many as the process may open files, less a few
    StreamBeats(String java, String benchClasspath, Path work, int connections) {
        this.java = java;
        this.benchClasspath = benchClasspath;
        this.work = work;
        this.connections = connections;
    }

    @Override
    public String name() {
        return "streams";
    }

    @Override
    public void run(List<Target> targets, int rounds) throws Exception {
        System.out.printf(
                "%n%,d connections, one beat a second each; of servers with one instance each, in %d services%n",
                connections, SERVICES);
        int beat = StreamLine.beatBytes().length;
        try (Target silent = floor("floor, one way", 0);
                Target answering = floor("floor, answered", beat)) {
            List<Taken> all = new ArrayList<>();
            all.add(new Taken(silent));
            all.add(new Taken(answering));
            for (Target target : Scenario.registries(targets)) {
                // A beat costs the default Eureka server what it costs the tuned one.
                if (target.streamPort() != 0 || target.name().equals(Target.TUNED_NAME)) {
                    all.add(new Taken(target));
                }
            }
            for (int round = 0; round < rounds; round++) {
                for (Taken taken : all) {
                    if (!taken.overrun) {
                        measure(taken, round == 0);
                    }
                    // The server notices the ends of connections before the next one is measured.
                    TimeUnit.SECONDS.sleep(3);
                }
            }
            print(all);
        }
    }

    private Target floor(String name, int answerBytes) throws IOException {
        Path log = work.resolve(name.replaceAll("[^a-z]+", "-") + ".log");
        return Target.floor(name, java, benchClasspath, answerBytes, log);
    }

    /// Notes CPU-seconds of a million beats; in the first round what a connection takes of memory, too.
    private void measure(Taken taken, boolean first) throws Exception {
        Target target = taken.target;
        Memory memory = new Memory(target, first);
        if (target.registry() && target.streamPort() == 0) {
            eureka(taken, memory);
            return;
        }
        try (StreamLoad load = new StreamLoad()) {
            if (target.registry()) {
                load.streams(target.streamPort(), connections);
                taken.connected = memory.each(taken.connected);
                load.register(SERVICE, SERVICES);
            } else {
                load.plain(target.port(), connections);
            }
            load.paced(first ? WARM_SECONDS : 3);
            double before = target.cpuSeconds();
            long beats = load.paced(SECONDS);
            double cpu = (target.cpuSeconds() - before) * 1e6 / beats;
            taken.registered = memory.each(taken.registered);
            if (load.ended() > 0 || load.lost() > 0) {
                throw new InvalidRunException(
                        "%s ended %d connections and %d leases that were beating"
                                .formatted(target.name(), load.ended(), load.lost()));
            }
            if (target.registry() && first) {
                System.out.printf(
                        "a stream got %d bytes in all, %.1f pings among them%n",
                        load.bytesIn() / connections, (double) load.pings() / connections);
            }
            taken.cpu.add(cpu);
        }
    }

    private void eureka(Taken taken, Memory memory) throws Exception {
        Target target = taken.target;
        IntFunction<String> app = number -> SERVICE + number % SERVICES;
        try (RegistryClient client = new RegistryClient(target.port())) {
            client.registerAll(app, 0, connections, 3600);
        }
        try (BeatLoad load = new BeatLoad(target.port(), connections, app, connections)) {
            SteadyBeats.check(target, load.paced(memory.wanted ? WARM_SECONDS : 3));
            double before = target.cpuSeconds();
            BeatLoad.Result result = load.paced(SECONDS);
            SteadyBeats.check(target, result);
            taken.skipped += result.skipped();
            double cpu = (target.cpuSeconds() - before) * 1e6 / result.answered();
            taken.registered = memory.each(taken.registered);
            taken.cpu.add(cpu);
        } catch (IOException lost) {
            // It closed connections or left a beat without an answer for 10 s.
            taken.overrun = true;
        }
    }

    private void print(List<Taken> all) {
        double floor = all.getFirst().median();
        System.out.printf(
                "%-24s %14s %9s %7s %9s %19s %19s%n",
                "",
                "CPU-s/million",
                "of floor",
                "cores",
                "skipped",
                "connection, bytes",
                "and instance");
        System.out.printf("%-67s %19s %19s%n", "", "heap + beside", "heap + beside");
        for (Taken taken : all) {
            double median = taken.median();
            if (taken.overrun) {
                System.out.printf("%-24s could not keep up in a round%n", taken.target.name());
            }
            System.out.printf(
                    "%-24s %14.1f %9.2f %7.2f %,9d %19s %19s%n",
                    taken.target.name(),
                    median,
                    median / floor,
                    median * connections / 1e6,
                    taken.skipped,
                    taken.connected,
                    taken.registered);
        }
        double node = all.get(2).median();
        Aim.print(
                "a beat at 1/s on each connection costs at most twice the floor",
                node <= 2 * floor,
                "%.2f of the floor that is as silent, %.2f of the one that answers"
                        .formatted(node / floor, node / all.get(1).median()));
        if (all.size() > 3) {
            double eureka = all.get(3).median();
            Aim.print(
                    "and at most a fifth of Eureka's",
                    5 * node <= eureka,
                    "1/%.0f".formatted(eureka / node));
        }
    }

    /// What a server took.
    private static final class Taken {
        private final Target target;
        private final List<Double> cpu = new ArrayList<>();
        private String connected = "";
        private String registered = "";
        private long skipped;
        private boolean overrun;

        Taken(Target target) {
            this.target = target;
        }

        /// Not a number if there is none.
        double median() {
            return cpu.isEmpty()
                    ? Double.NaN
                    : SteadyBeats.median(cpu.stream().mapToDouble(one -> one).toArray());
        }
    }

    /// What a process has grown by since this was made, for each connection.
    private final class Memory {
        private final Target target;
        private final boolean wanted;
        private final long heap;
        private final long resident;

        Memory(Target target, boolean wanted) throws Exception {
            this.target = target;
            this.wanted = wanted;
            heap = wanted ? ProcessUse.heapBytesAfterCollection(java, target.pid()) : 0;
            resident = wanted ? ProcessUse.residentKiB(target.pid()) : 0;
        }

        String each(String otherwise) throws Exception {
            if (!wanted) {
                return otherwise;
            }
            long grown = ProcessUse.heapBytesAfterCollection(java, target.pid()) - heap;
            long beside = (ProcessUse.residentKiB(target.pid()) - resident) * 1024;
            return "%,d + %,d".formatted(grown / connections, beside / connections);
        }
    }
}
