package io.mainstay.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Customers: sends one order after the other to the order service, and notes which were taken and which failed, and when.
final class OrderLoad implements AutoCloseable {
    private static final long BETWEEN_ORDERS_MS = 50;

    /// An order waits while the queue is away.
    private static final Duration TIME_OUT = Duration.ofSeconds(40);

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String orderUrl;
    private final Thread thread;
    private final List<Failure> failures = new ArrayList<>();
    private final Set<Long> taken = new TreeSet<>();
    private long sent;
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
            order();
            try {
                Thread.sleep(BETWEEN_ORDERS_MS);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /// Sends this many at once, beside the others; returns when all are answered.
    void rush(int orders) throws InterruptedException {
        List<Thread> customers = new ArrayList<>();
        for (int i = 0; i < orders; i++) {
            customers.add(Thread.ofVirtual().start(this::order));
        }
        for (Thread customer : customers) {
            customer.join();
        }
    }

    private void order() {
        long atMs = System.currentTimeMillis();
        long number;
        synchronized (this) {
            number = ++sent;
        }
        String failure = order(number);
        synchronized (this) {
            if (failure.isEmpty()) {
                taken.add(number);
            } else {
                failures.add(new Failure(atMs, failure));
            }
        }
    }

    private String order(long number) {
        try {
            HttpResponse<Void> answer =
                    client.send(
                            HttpRequest.newBuilder(URI.create(orderUrl + "/orders/" + number))
                                    .timeout(TIME_OUT)
                                    .POST(HttpRequest.BodyPublishers.noBody())
                                    .build(),
                            HttpResponse.BodyHandlers.discarding());
            return answer.statusCode() == 200 ? "" : "HTTP status " + answer.statusCode();
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

    /// Numbers of the orders that were answered well.
    synchronized Set<Long> taken() {
        return new TreeSet<>(taken);
    }

    synchronized long done() {
        return taken.size();
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
