package io.mainstay.demo;

import io.mainstay.testkit.Http;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Customers: sends one order after the other to the order service, and notes which failed and when.
final class OrderLoad implements AutoCloseable {
    private static final long BETWEEN_ORDERS_MS = 50;

    private final String orderUrl;
    private final Thread thread;
    private final List<Failure> failures = new ArrayList<>();
    private long sent;
    private long done;
    private volatile boolean closed;

    OrderLoad(String orderUrl) {
        this.orderUrl = orderUrl;
        this.thread = Thread.ofPlatform().daemon().name("customers").start(this::run);
    }

    /// An order that was not done.
    ///
    /// @param atMs Unix time at which it was sent
    record Failure(long atMs, String why) {}

    private void run() {
        while (!closed) {
            long atMs = System.currentTimeMillis();
            String failure = order();
            synchronized (this) {
                sent++;
                if (failure.isEmpty()) {
                    done++;
                } else {
                    failures.add(new Failure(atMs, failure));
                }
            }
            try {
                Thread.sleep(BETWEEN_ORDERS_MS);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private String order() {
        try {
            Http.Answer answer = Http.call("POST", orderUrl + "/orders/" + (sent + 1), "");
            return answer.status() == 200 ? "" : "HTTP status " + answer.status();
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }

    synchronized long sent() {
        return sent;
    }

    synchronized long done() {
        return done;
    }

    /// Orders sent from `fromMs` on and before `toMs` that failed.
    synchronized List<Failure> failures(long fromMs, long toMs) {
        return failures.stream().filter(f -> f.atMs() >= fromMs && f.atMs() < toMs).toList();
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
