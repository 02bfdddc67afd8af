package io.mainstay.bench.amqp;

import io.mainstay.bench.registry.ProcessUse;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/// A broker's processes on loopback.
interface Server extends AutoCloseable {

    /// Of AMQP.
    int port();

    Process process();

    @Override
    void close();

    /// What the process and its children have used since their start.
    default Usage usage() throws IOException {
        double cpu = cpuSeconds();
        double switches = sum(ProcessUse::voluntarySwitches);
        return new Usage(cpu, switches, Double.NaN, Double.NaN, Double.NaN);
    }

    /// User and system seconds of the process and its children since their start.
    default double cpuSeconds() throws IOException {
        return sum(ProcessUse::cpuSeconds);
    }

    /// Resident memory of the process and its children.
    default long residentKiB() throws IOException {
        return (long) sum(ProcessUse::residentKiB);
    }

    /// Asks `process` to end, and makes it.
    static void end(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }

    /// Of the process and its children. RabbitMQ starts some that end after a moment: they count as nothing.
    private double sum(Figure figure) throws IOException {
        double sum = figure.of(process().pid());
        for (ProcessHandle child : process().descendants().toList()) {
            try {
                sum += figure.of(child.pid());
            } catch (IOException e) {
                if (child.isAlive()) {
                    throw e;
                }
            }
        }
        return sum;
    }

    /// A figure of a process by its id.
    interface Figure {
        double of(long pid) throws IOException;
    }
}
