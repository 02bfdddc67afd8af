package io.mainstay.messaging.service;

import io.mainstay.platform.Threads;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/// The threads that read messages from the disk which are no longer in memory. Each queue asks for one piece at a time, a stream for two, so what waits
/// here is bounded by the number of queues.
final class Readers implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Readers.class);
    private static final int THREADS = 2;

    private final BlockingQueue<Runnable> work = new LinkedBlockingQueue<>();
    private final List<Threads.Running> running = new ArrayList<>();

    Readers(Threads threads) {
        for (int i = 1; i <= THREADS; i++) {
            running.add(threads.start("mainstay-reader-" + i, this::run));
        }
    }

    void submit(Runnable task) {
        work.add(task);
    }

    private void run() {
        try {
            while (true) {
                Runnable task = work.take();
                try {
                    task.run();
                } catch (RuntimeException e) {
                    LOG.error("reading messages failed; the next ones are read all the same", e);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        running.forEach(Threads.Running::close);
    }
}
