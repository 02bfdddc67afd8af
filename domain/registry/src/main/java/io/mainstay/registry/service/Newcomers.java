package io.mainstay.registry.service;

import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/// Namespaces whose first registrations are under way. They count as if they were there, so that many that come together cannot
/// pass the bound. Thread-safe.
final class Newcomers {

    private final int most;

    /// Name to registrations under way.
    private final TreeMap<String, Integer> underWay = new TreeMap<>();

    /// @param most namespaces that may be there or under way
    Newcomers(int most) {
        this.most = most;
    }

    /// Whether a registration in this namespace may go on; then [#leave] follows its outcome.
    ///
    /// @param used those that are there. Asked under the lock: who leaves is there before it leaves, so that nobody is missed between
    ///     the two, and a name that is both counts once
    synchronized boolean enter(String namespace, Supplier<Set<String>> used) {
        if (!underWay.containsKey(namespace)) {
            Set<String> all = new TreeSet<>(used.get());
            all.addAll(underWay.keySet());
            if (all.size() >= most && !all.contains(namespace)) {
                return false;
            }
        }
        underWay.merge(namespace, 1, Integer::sum);
        return true;
    }

    synchronized void leave(String namespace) {
        underWay.computeIfPresent(namespace, (_, count) -> count == 1 ? null : count - 1);
    }
}
