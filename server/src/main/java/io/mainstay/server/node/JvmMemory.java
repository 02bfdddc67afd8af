package io.mainstay.server.node;

import io.mainstay.common.Check;
import io.netty.util.internal.PlatformDependent;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.Comparator;

/// This JVM's memory. Thread-safe.
///
/// What is used of a heap says little: it fills with garbage up to the next collection. What was left after the last one is alive, but for what died since.
final class JvmMemory implements MemoryProbe {

    private final MemoryPoolMXBean old = oldGeneration();
    private final BufferPoolMXBean buffers =
            ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                    .filter(pool -> pool.getName().equals("direct"))
                    .findFirst()
                    .orElseThrow();

    /// By its name, or else the largest one: collectors call it Tenured Gen, PS Old Gen, G1 Old Gen, ZGC Old Generation.
    private static MemoryPoolMXBean oldGeneration() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .filter(pool -> pool.getCollectionUsage() != null)
                .max(
                        Comparator.<MemoryPoolMXBean, Boolean>comparing(
                                        pool ->
                                                pool.getName().contains("Old")
                                                        || pool.getName().contains("Tenured"))
                                .thenComparing(pool -> pool.getUsage().getMax()))
                .orElseThrow();
    }

    @Override
    public Reading read() {
        MemoryUsage live = Check.present(old.getCollectionUsage(), "the pool %s", old.getName());
        long most = live.getMax() > 0 ? live.getMax() : Runtime.getRuntime().maxMemory();
        // Netty counts its buffers by itself, under the same bound; -1: it does not.
        long direct = Math.max(PlatformDependent.usedDirectMemory(), buffers.getMemoryUsed());
        return new Reading(
                old.getUsage().getUsed(),
                live.getUsed(),
                most,
                direct,
                PlatformDependent.maxDirectMemory());
    }

    @Override
    public void collect() {
        System.gc();
    }
}
