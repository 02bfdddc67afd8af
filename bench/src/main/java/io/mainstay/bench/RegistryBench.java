package io.mainstay.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;

/// Steady beats in a closed loop against a Mainstay node and the floor (and a Spring Eureka server if its class path is given), in turn.
/// The figure is server CPU-seconds per million beats: wall time on a shared machine says little.
@Command(
        name = "registry",
        description =
                "Heartbeats in a closed loop: Mainstay, the floor, and Spring Eureka, in turn.",
        mixinStandardHelpOptions = true)
public final class RegistryBench implements Callable<Integer> {

    @Option(names = "--java", required = true, hidden = true)
    private String javaBinary = "";

    @Option(names = "--server-classpath", required = true, hidden = true)
    private String serverClasspath = "";

    @Option(names = "--bench-classpath", required = true, hidden = true)
    private String benchClasspath = "";

    @Option(
            names = "--peer-classpath",
            description = "class path of a Spring Eureka server to measure beside it")
    private String peerClasspath = "";

    @Option(names = "--peer-main", description = "main class of the Spring Eureka server")
    private String peerMain = "io.mainstay.it.peer.EurekaPeer";

    @Option(names = "--instances", description = "registered instances (default: ${DEFAULT-VALUE})")
    private int instances = 1_000;

    @Option(
            names = "--connections",
            description = "connections, one beat under way on each (default: ${DEFAULT-VALUE})")
    private int connections = 64;

    @Option(names = "--warm", description = "beats before measuring (default: ${DEFAULT-VALUE})")
    private long warm = 300_000;

    @Option(names = "--beats", description = "beats of one window (default: ${DEFAULT-VALUE})")
    private long beats = 300_000;

    @Option(names = "--rounds", description = "windows of each server (default: ${DEFAULT-VALUE})")
    private int rounds = 3;

    public static void main(String[] args) {
        System.exit(new CommandLine(new RegistryBench()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        Path work = Files.createTempDirectory("mainstay-bench");
        List<Target> targets = new ArrayList<>();
        try {
            Path data = Files.createDirectories(work.resolve("data"));
            targets.add(Target.floor(javaBinary, benchClasspath, work.resolve("floor.log")));
            targets.add(Target.node(javaBinary, serverClasspath, data, work.resolve("node.log")));
            if (!peerClasspath.isEmpty()) {
                targets.add(peer(work.resolve("peer.log")));
            }
            return measure(targets);
        } finally {
            targets.forEach(Target::close);
        }
    }

    private Target peer(Path log) throws IOException, InterruptedException {
        int port;
        try (var socket = new java.net.ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        List<String> command = new ArrayList<>(Target.jvm(javaBinary, peerClasspath));
        command.add(peerMain);
        command.add("--server.port=" + port);
        Process process = Target.launch(command, log);
        Target target = new Target("Spring Eureka", process, port);
        HttpClient http = HttpClient.newHttpClient();
        URI apps = URI.create("http://127.0.0.1:" + port + "/eureka/apps");
        long deadline = System.nanoTime() + java.util.concurrent.TimeUnit.SECONDS.toNanos(120);
        while (true) {
            try {
                http.send(
                        HttpRequest.newBuilder(apps).build(),
                        HttpResponse.BodyHandlers.discarding());
                return target;
            } catch (IOException notYet) {
                if (!process.isAlive() || System.nanoTime() > deadline) {
                    target.close();
                    throw new IOException("the peer did not start:\n" + Files.readString(log));
                }
                java.util.concurrent.TimeUnit.MILLISECONDS.sleep(200);
            }
        }
    }

    private int measure(List<Target> targets) throws Exception {
        List<BeatLoad> loads = new ArrayList<>();
        long wrong = 0;
        for (Target target : targets) {
            if (!target.name().equals("floor")) {
                register(target);
            }
            System.out.printf("warming %s with %,d beats%n", target.name(), warm);
            BeatLoad load = new BeatLoad(target.port(), connections, "BENCH", instances);
            wrong += load.run(warm);
            loads.add(load);
        }
        double[][] cpu = new double[targets.size()][rounds];
        System.out.printf(
                "%-14s %6s %12s %14s %8s%n", "server", "round", "beats/s", "CPU-s/million", "RSS");
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < targets.size(); i++) {
                Target target = targets.get(i);
                double before = ProcessUse.cpuSeconds(target.pid());
                long start = System.nanoTime();
                wrong += loads.get(i).run(beats);
                double seconds = (System.nanoTime() - start) / 1e9;
                double used = ProcessUse.cpuSeconds(target.pid()) - before;
                cpu[i][round] = used * 1e6 / beats;
                System.out.printf(
                        "%-14s %6d %,12.0f %14.1f %5d MiB%n",
                        target.name(),
                        round + 1,
                        beats / seconds,
                        cpu[i][round],
                        ProcessUse.residentMiB(target.pid()));
            }
        }
        double floor = median(cpu[0]);
        for (int i = 0; i < targets.size(); i++) {
            System.out.printf(
                    "%-14s median %.1f CPU-s per million beats, %.2f times the floor%n",
                    targets.get(i).name(), median(cpu[i]), median(cpu[i]) / floor);
        }
        for (BeatLoad load : loads) {
            load.close();
        }
        if (wrong > 0) {
            System.out.printf("%,d beats were not answered with 200: the run is invalid%n", wrong);
            return 1;
        }
        return 0;
    }

    private void register(Target target) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            for (int i = 0; i < instances; i++) {
                String body = BenchInstance.json("BENCH", "i" + i);
                URI uri = URI.create("http://127.0.0.1:" + target.port() + "/eureka/apps/BENCH");
                var answer =
                        http.send(
                                HttpRequest.newBuilder(uri)
                                        .header("Content-Type", "application/json")
                                        .POST(HttpRequest.BodyPublishers.ofString(body))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString());
                if (answer.statusCode() != 204) {
                    throw new IOException(
                            "register was answered " + answer.statusCode() + " " + answer.body());
                }
            }
        }
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
