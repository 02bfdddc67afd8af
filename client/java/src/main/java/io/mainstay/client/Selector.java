package io.mainstay.client;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.Set;

/// Which instances of a service are wanted: those in one of `zones` (none named: in any) that have every label. Where an instance has no
/// label of a name, its metadata of that name counts: Eureka's clients have nothing else.
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
                && labels.entrySet().stream()
                        .allMatch(
                                wanted ->
                                        wanted.getValue()
                                                .equals(property(instance, wanted.getKey())));
    }

    private static @Nullable String property(Instance instance, String name) {
        String label = instance.labels().get(name);
        return label != null ? label : instance.metadata().get(name);
    }
}
