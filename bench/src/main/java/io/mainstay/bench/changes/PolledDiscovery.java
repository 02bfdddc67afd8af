package io.mainstay.bench.changes;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;

/// A Eureka server: subscribers ask for the delta again and again, all together no more than [#POLLS_PER_SECOND] times, so that the server
/// has time for what it is asked; Eureka's own clients ask each 30 s. An instance that is killed is one that does not beat any more.
///
/// The text of a delta is the same for all who ask at the same time, so it is only looked through, not parsed.
public final class PolledDiscovery implements Discovery {

    private static final int POLLS_PER_SECOND = 500;
    private static final long SHORTEST_POLL_MS = 10;
    private static final int LONG_LEASE_SECONDS = 3_600;
    private static final int POLLER_THREADS = 2;

    private final String base;
    private final String service;
    private final int subscribers;
    private final int leaseSeconds;
    private final BiFunction<String, Integer, String> json;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ScheduledExecutorService pollers =
            Executors.newScheduledThreadPool(POLLER_THREADS);
    private volatile @Nullable Sighting sighting;

    /// @param leaseSeconds of instances that fall silent
    /// @param json an instance of `service` by its id and its lease in seconds
    public PolledDiscovery(
            int port,
            String service,
            int subscribers,
            int leaseSeconds,
            BiFunction<String, Integer, String> json) {
        this.base = "http://127.0.0.1:" + port + "/eureka/apps";
        this.service = service;
        this.subscribers = subscribers;
        this.leaseSeconds = leaseSeconds;
        this.json = json;
        long pollMicros =
                Math.max(SHORTEST_POLL_MS * 1_000, subscribers * 1_000_000L / POLLS_PER_SECOND);
        for (int i = 0; i < subscribers; i++) {
            int number = i;
            AtomicBoolean asking = new AtomicBoolean();
            pollers.scheduleAtFixedRate(
                    () -> poll(number, asking),
                    pollMicros * i / subscribers,
                    pollMicros,
                    TimeUnit.MICROSECONDS);
        }
    }

    private void poll(int number, AtomicBoolean asking) {
        Sighting watched = sighting;
        if (watched == null || asking.getAndSet(true)) {
            return;
        }
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(base + "/delta"))
                        .header("Accept", "application/json")
                        .build();
        http.sendAsync(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8))
                .whenComplete(
                        (answer, failure) -> {
                            asking.set(false);
                            if (failure == null && answer.statusCode() == 200) {
                                look(watched, number, answer.body());
                            }
                        });
    }

    /// A delta says of each instance what happened last to it.
    private static void look(Sighting watched, int number, String delta) {
        int at = delta.indexOf("\"instanceId\":\"" + watched.id() + "\"");
        if (at < 0) {
            return;
        }
        int next = delta.indexOf("\"instanceId\":", at + 1);
        String instance = delta.substring(at, next < 0 ? delta.length() : next);
        watched.report(number, watched.id(), !instance.contains("\"actionType\":\"DELETED\""));
    }

    private void send(HttpRequest.Builder request, int wanted) throws Exception {
        int status =
                http.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
        if (status != wanted) {
            throw new IOException("Eureka answered " + status);
        }
    }

    private long register(String id, int lease) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(base + "/" + service))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(json.apply(id, lease)));
        long began = System.nanoTime();
        send(request, 204);
        return began;
    }

    @Override
    public void watch(Sighting next) {
        sighting = next;
    }

    @Override
    public int subscribers() {
        return subscribers;
    }

    @Override
    public long register(String id) throws Exception {
        return register(id, LONG_LEASE_SECONDS);
    }

    @Override
    public long cancel(String id) throws Exception {
        long began = System.nanoTime();
        send(HttpRequest.newBuilder(URI.create(base + "/" + service + "/" + id)).DELETE(), 200);
        return began;
    }

    @Override
    public void registerMortal(String id) {
        throw new UnsupportedOperationException("Eureka does not see the end of a process");
    }

    @Override
    public long kill(String id) {
        throw new UnsupportedOperationException("Eureka does not see the end of a process");
    }

    @Override
    public long registerSilent(String id) throws Exception {
        return register(id, leaseSeconds) + TimeUnit.SECONDS.toNanos(leaseSeconds);
    }

    @Override
    public boolean knows(Change change) {
        return change != Change.KILL;
    }

    @Override
    public void close() {
        pollers.shutdownNow();
        http.close();
    }
}
