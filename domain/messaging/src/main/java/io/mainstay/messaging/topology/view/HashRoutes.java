package io.mainstay.messaging.topology.view;

import io.mainstay.messaging.api.BindingView;
import io.mainstay.messaging.api.RoutedMessage;
import io.mainstay.messaging.message.FieldTable;
import io.mainstay.messaging.topology.rules.BindingRules;
import io.mainstay.messaging.topology.rules.FieldNumbers;

import org.jspecify.annotations.Nullable;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/// One destination for each value: the binding key is the number of buckets that a destination has. Buckets are numbered in the order in which the
/// bindings were declared, and a value jumps to its bucket (Lamping and Veach, "A Fast, Minimal Memory, Consistent Hash Algorithm", 2014): a destination
/// that is added takes its share from all others and nothing moves between those. Of several bindings to one destination the first counts.
final class HashRoutes implements Routes {

    private final PersistentMap<BindingView, Bucket> byBinding;
    private final @Nullable String header;
    private final @Nullable String property;

    // As in Targets: written by any reader, always with the same content.
    private @Nullable Ring ring;

    private HashRoutes(
            PersistentMap<BindingView, Bucket> byBinding,
            @Nullable String header,
            @Nullable String property) {
        this.byBinding = byBinding;
        this.header = header;
        this.property = property;
    }

    /// @param arguments of the exchange
    static HashRoutes of(FieldTable arguments) {
        return new HashRoutes(
                PersistentMap.empty(),
                arguments.get("hash-header") instanceof String name ? name : null,
                arguments.get("hash-property") instanceof String name ? name : null);
    }

    @Override
    public HashRoutes with(BindingView binding, long number, Target target) {
        Bucket bucket = new Bucket(number, BindingRules.weight(binding.routingKey()), target);
        return new HashRoutes(byBinding.with(binding, bucket), header, property);
    }

    @Override
    public HashRoutes without(BindingView binding, Target target) {
        return new HashRoutes(byBinding.without(binding), header, property);
    }

    @Override
    public void route(String routingKey, Supplier<FieldTable> headers, Reached reached) {
        Ring buckets = ring;
        if (buckets == null) {
            buckets = Ring.of(byBinding.values());
            ring = buckets;
        }
        if (buckets.size() > 0) {
            reached.target(buckets.at(hash(value(routingKey, headers))));
        }
    }

    private String value(String routingKey, Supplier<FieldTable> headers) {
        Object value = routingKey;
        if (header != null) {
            Object found = headers.get().get(header);
            value = found == null ? null : FieldNumbers.comparable(found);
        } else if (property != null) {
            value = headers instanceof RoutedMessage message ? message.property(property) : null;
        }
        return String.valueOf(value);
    }

    /// FNV-1a of the characters, stirred: stable for ever, as it decides which messages keep together.
    static long hash(String value) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < value.length(); i++) {
            hash = (hash ^ value.charAt(i)) * 0x100000001b3L;
        }
        hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
        return hash ^ (hash >>> 33);
    }

    private record Bucket(long number, int weight, Target target) {}

    private static final class Ring {
        private final Target[] targets;

        /// For each target the first bucket that is not its own.
        private final int[] ends;

        private Ring(List<Bucket> buckets) {
            targets = new Target[buckets.size()];
            ends = new int[targets.length];
            int end = 0;
            for (int i = 0; i < targets.length; i++) {
                end += buckets.get(i).weight;
                targets[i] = buckets.get(i).target;
                ends[i] = end;
            }
        }

        static Ring of(List<Bucket> buckets) {
            Set<Object> known = new HashSet<>();
            return new Ring(
                    buckets.stream()
                            .sorted(Comparator.comparingLong(Bucket::number))
                            .filter(bucket -> known.add(bucket.target.key()))
                            .toList());
        }

        int size() {
            return ends.length == 0 ? 0 : ends[ends.length - 1];
        }

        Target at(long hash) {
            int found = java.util.Arrays.binarySearch(ends, jump(hash, size()) + 1);
            return targets[found >= 0 ? found : -found - 1];
        }

        private static int jump(long hash, int buckets) {
            long key = hash;
            long bucket = -1;
            long next = 0;
            while (next < buckets) {
                bucket = next;
                key = key * 2862933555777941757L + 1;
                next = (long) ((bucket + 1) * (double) (1L << 31) / ((key >>> 33) + 1));
            }
            return (int) bucket;
        }
    }
}
