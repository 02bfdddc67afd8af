package io.mainstay.server.node;

import io.mainstay.head.amqp.PublishAlarm;
import io.mainstay.platform.Threads;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;

/// Holds publishers back while the disk is below its watermark, where the journal would refuse their messages, or memory above its own. Thread-safe.
final class ResourceAlarm implements PublishAlarm, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ResourceAlarm.class);
    private static final Duration LOOK = Duration.ofMillis(100);

    private final BooleanSupplier diskFull;
    private final MemoryAlarm memory;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final Threads.Running looking;
    private volatile boolean diskLow;
    private volatile boolean memoryLow;

    /// @param diskFull asked ten times a second
    ResourceAlarm(BooleanSupplier diskFull, MemoryAlarm memory, Threads threads) {
        this.diskFull = diskFull;
        this.memory = memory;
        this.diskLow = diskFull.getAsBoolean();
        this.memoryLow = memory.low();
        this.looking = threads.every("mainstay-alarms", LOOK, this::look);
    }

    private void look() {
        boolean before = blocked();
        boolean disk = diskFull.getAsBoolean();
        if (disk != diskLow) {
            LOG.warn(disk ? "The disk is low" : "The disk is no longer low");
            diskLow = disk;
        }
        boolean low = memory.look();
        if (low != memoryLow) {
            LOG.warn("Memory is {}low: {}", low ? "" : "no longer ", memory.shown());
            memoryLow = low;
        }
        if (blocked() != before) {
            LOG.warn(before ? "Publishers go on" : "Publishers are blocked: {}", reason());
            listeners.forEach(Runnable::run);
        }
    }

    boolean diskLow() {
        return diskLow;
    }

    MemoryAlarm memory() {
        return memory;
    }

    @Override
    public boolean blocked() {
        return diskLow || memoryLow;
    }

    /// RabbitMQ's words.
    @Override
    public String reason() {
        if (diskLow && memoryLow) {
            return "low on memory & disk";
        }
        return memoryLow ? "low on memory" : "low on disk";
    }

    /// The reason if publishers are held back, otherwise nothing.
    String now() {
        return blocked() ? reason() : "";
    }

    @Override
    public void listen(Runnable changed) {
        listeners.add(changed);
    }

    @Override
    public void close() {
        looking.close();
    }
}
