package io.mainstay.demo.service;

import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.cloud.client.discovery.event.HeartbeatEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// When this client saw instances come and go: after each fetch of its registry the list is compared
/// with the one before.
@Component
class Sightings {
    /// So that a demo left running for days does not grow; the oldest go first.
    private static final int MAX_SIGHTINGS = 1_000;

    /// @param atMs Unix time
    /// @param instance `host:port`
    record Sighting(long atMs, String service, String instance, boolean present) {}

    /// @param now instances that this client would call now, as `service host:port`
    record Report(Set<String> now, List<Sighting> history) {}

    private final DiscoveryClient discovery;
    private final List<Sighting> history = new ArrayList<>();
    private Set<String> known = Set.of();

    Sightings(DiscoveryClient discovery) {
        this.discovery = discovery;
    }

    /// The Eureka client publishes this event after each fetch.
    @EventListener(HeartbeatEvent.class)
    public synchronized void compare() {
        long atMs = System.currentTimeMillis();
        Set<String> now = new TreeSet<>();
        for (String service : discovery.getServices()) {
            for (ServiceInstance instance : discovery.getInstances(service)) {
                now.add(service + " " + instance.getHost() + ":" + instance.getPort());
            }
        }
        for (String key : now) {
            if (!known.contains(key)) {
                note(atMs, key, true);
            }
        }
        for (String key : known) {
            if (!now.contains(key)) {
                note(atMs, key, false);
            }
        }
        known = now;
    }

    synchronized Report report() {
        return new Report(known, List.copyOf(history));
    }

    private void note(long atMs, String key, boolean present) {
        int space = key.indexOf(' ');
        if (history.size() == MAX_SIGHTINGS) {
            history.remove(0);
        }
        history.add(new Sighting(atMs, key.substring(0, space), key.substring(space + 1), present));
    }
}
