package io.mainstay.bench.amqp;

import io.mainstay.bench.registry.ProcessUse;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
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
        double cpu = 0;
        double switches = 0;
        for (long pid : pids()) {
            cpu += ProcessUse.cpuSeconds(pid);
            switches += ProcessUse.voluntarySwitches(pid);
        }
        return new Usage(cpu, switches, Double.NaN, Double.NaN, Double.NaN);
    }

    /// User and system seconds of the process and its children since their start.
    default double cpuSeconds() throws IOException {
        double seconds = 0;
        for (long pid : pids()) {
            seconds += ProcessUse.cpuSeconds(pid);
        }
        return seconds;
    }

    /// Resident memory of the process and its children.
    default long residentKiB() throws IOException {
        long sum = 0;
        for (long pid : pids()) {
            sum += ProcessUse.residentKiB(pid);
        }
        return sum;
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

    private List<Long> pids() {
        List<Long> pids = new ArrayList<>();
        pids.add(process().pid());
        process().descendants().forEach(child -> pids.add(child.pid()));
        return pids;
    }
}
