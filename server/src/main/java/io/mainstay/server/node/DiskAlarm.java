package io.mainstay.server.node;

import io.mainstay.head.amqp.PublishAlarm;
import io.mainstay.kernel.journal.Journal;
import io.mainstay.platform.Threads;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Holds publishers back while the disk is below its watermark: the journal would refuse their messages.
final class DiskAlarm implements PublishAlarm, AutoCloseable {

    private static final Duration LOOK = Duration.ofMillis(100);

    private final Journal journal;
    private final Threads.Running looking;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile boolean blocked;

    DiskAlarm(Journal journal, Threads threads) {
        this.journal = journal;
        this.blocked = journal.full();
        this.looking = threads.every("mainstay-disk-alarm", LOOK, this::look);
    }

    private void look() {
        boolean now = journal.full();
        if (now != blocked) {
            blocked = now;
            listeners.forEach(Runnable::run);
        }
    }

    @Override
    public boolean blocked() {
        return blocked;
    }

    @Override
    public String reason() {
        return "low on disk";
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
