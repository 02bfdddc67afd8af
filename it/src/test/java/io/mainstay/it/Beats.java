package io.mainstay.it;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Beats for instances as their clients would: twice in a second, and a registration where a beat is answered with 404.
final class Beats implements AutoCloseable {
    private record Instance(String app, int leaseSeconds, EurekaCalls calls) {}

    private final Map<String, Instance> instances = new ConcurrentHashMap<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

    Beats() {
        timer.scheduleWithFixedDelay(this::beat, 0, 500, TimeUnit.MILLISECONDS);
    }

    /// Registers an instance and beats for it until [#stop(String)].
    void begin(EurekaCalls calls, String app, String id, int leaseSeconds) throws Exception {
        if (calls.register(app, id, leaseSeconds) != 204) {
            throw new AssertionError(id + " was not registered");
        }
        instances.put(id, new Instance(app, leaseSeconds, calls));
    }

    void stop(String id) {
        instances.remove(id);
    }

    private void beat() {
        instances.forEach(
                (id, instance) -> {
                    try {
                        if (instance.calls.renew(instance.app, id) == 404
                                && instances.containsKey(id)) {
                            instance.calls.register(instance.app, id, instance.leaseSeconds);
                        }
                    } catch (InterruptedException stopping) {
                        Thread.currentThread().interrupt();
                    } catch (Exception away) {
                        // As a client: its server is away, the next beat may find it again.
                    }
                });
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
