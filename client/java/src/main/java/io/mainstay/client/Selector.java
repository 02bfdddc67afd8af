package io.mainstay.client;

import java.util.Map;
import java.util.Set;

/// Which instances of a service are wanted: those in one of `zones` (none named: in any) that have every label.
public record Selector(Set<String> zones, Map<String, String> labels) {

    /// Every instance.
    public static final Selector ALL = new Selector(Set.of(), Map.of());

    public Selector {
        zones = Set.copyOf(zones);
        labels = Map.copyOf(labels);
    }

    public static Selector zone(String... zones) {
        return new Selector(Set.of(zones), Map.of());
    }

    public static Selector label(String key, String value) {
        return new Selector(Set.of(), Map.of(key, value));
    }

    public boolean selects(Instance instance) {
        return (zones.isEmpty() || zones.contains(instance.zone()))
                && instance.labels().entrySet().containsAll(labels.entrySet());
    }
}
