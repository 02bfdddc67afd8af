package io.mainstay.bench.kernel;

import java.lang.management.ManagementFactory;

/// @param commands answered commands
/// @param payloadBytes bytes of each
/// @param cpuSeconds processor time of this whole process meanwhile, its load generator included
public record Rate(long commands, int payloadBytes, double seconds, double cpuSeconds) {

    public double perSecond() {
        return commands / seconds;
    }

    double megabytesPerSecond() {
        return perSecond() * payloadBytes / 1e6;
    }

    double cpuSecondsPerMillion() {
        return cpuSeconds * 1e6 / commands;
    }

    static double processCpuSeconds() {
        var system =
                (com.sun.management.OperatingSystemMXBean)
                        ManagementFactory.getOperatingSystemMXBean();
        return system.getProcessCpuTime() / 1e9;
    }
}
