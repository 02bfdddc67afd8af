package io.mainstay.bench;

import io.mainstay.bench.amqp.AmqpBench;
import io.mainstay.bench.kernel.KernelBench;
import io.mainstay.bench.registry.RegistryBench;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/// Measures this machine: what Mainstay needs beside what it could not do without, and beside the peer, in turn in one run.
@Command(
        name = "mainstay bench",
        description =
                "Measures Mainstay beside its peers and beside the least that any program needs.",
        mixinStandardHelpOptions = true,
        subcommands = {RegistryBench.class, AmqpBench.class, KernelBench.class})
public final class Bench {

    private Bench() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new Bench()).execute(args));
    }
}
