package io.mainstay.bench.amqp;

import io.mainstay.bench.registry.ProcessUse;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// A broker's processes on loopback.
interface Server extends AutoCloseable {

    int port();

    Process process();

    @Override
    void close();

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

    private List<Long> pids() {
        List<Long> pids = new ArrayList<>();
        pids.add(process().pid());
        process().descendants().forEach(child -> pids.add(child.pid()));
        return pids;
    }
}
