package io.mainstay.registry.push;

import io.mainstay.registry.api.Instance;
import io.mainstay.registry.api.RegistryLimits;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Which instances of a service a subscriber wants. Immutable; two that say the same are equal, and their subscribers share one feed.
///
/// @param zones sorted; an instance is in one of them, or in any if there are none
/// @param labels an instance has all of them. Where it has no label of a name, its metadata of that name counts: Eureka's clients
///     have metadata only
public record Selector(List<String> zones, SortedMap<String, String> labels) {

    /// Every instance.
    public static final Selector ALL = new Selector(List.of(), Collections.emptySortedMap());

    public Selector {
        zones = zones.stream().sorted().distinct().toList();
        labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
    }

    /// Of texts that a stranger sent; see [#objection].
    public static Selector of(Collection<String> zones, Map<String, String> labels) {
        return zones.isEmpty() && labels.isEmpty()
                ? ALL
                : new Selector(List.copyOf(zones), new TreeMap<>(labels));
    }

    /// A sentence that says why it cannot be taken, or `null`.
    public @Nullable String objection() {
        return RegistryLimits.selectorObjection(zones, labels);
    }

    public boolean isAll() {
        return zones.isEmpty() && labels.isEmpty();
    }

    /// Whether it wants this one.
    public boolean selects(Instance instance) {
        if (!zones.isEmpty() && Collections.binarySearch(zones, instance.zone()) < 0) {
            return false;
        }
        for (Map.Entry<String, String> wanted : labels.entrySet()) {
            String label = instance.labels().get(wanted.getKey());
            String value = label != null ? label : instance.metadata().get(wanted.getKey());
            if (!wanted.getValue().equals(value)) {
                return false;
            }
        }
        return true;
    }

    /// Those of a list that it wants, in the same order.
    List<Instance> of(List<Instance> instances) {
        return isAll() ? instances : instances.stream().filter(this::selects).toList();
    }

    /// For people: `zones=a,b version=2`; empty for all.
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        if (!zones.isEmpty()) {
            text.append("zones=").append(String.join(",", zones));
        }
        labels.forEach(
                (name, value) ->
                        text.append(text.isEmpty() ? "" : " ")
                                .append(name)
                                .append('=')
                                .append(value));
        return text.toString();
    }
}
