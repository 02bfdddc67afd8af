package io.mainstay.registry.push;

import io.mainstay.registry.api.Instance;
import io.mainstay.registry.state.ServiceName;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.function.Function;

/// What leads from one revision of a service to another, as one selector sees it. Immutable, and one object for all subscribers with
/// that selector that were at the same revision, so a head encodes it once.
public final class Delta {

    private final ServiceName service;
    private final long fromRevision;
    private final long toRevision;
    private final boolean full;
    private final int rounds;
    private final List<Instance> put;
    private final List<String> removed;
    private volatile @Nullable Object encoded;

    Delta(
            ServiceName service,
            long fromRevision,
            long toRevision,
            boolean full,
            int rounds,
            List<Instance> put,
            List<String> removed) {
        this.service = service;
        this.fromRevision = fromRevision;
        this.toRevision = toRevision;
        this.full = full;
        this.rounds = rounds;
        this.put = List.copyOf(put);
        this.removed = List.copyOf(removed);
    }

    public String namespace() {
        return service.namespace();
    }

    public String service() {
        return service.service();
    }

    /// The revision that it builds on; 0 if it is full.
    public long fromRevision() {
        return fromRevision;
    }

    public long toRevision() {
        return toRevision;
    }

    /// It says everything: what the subscriber has of the service and is not in [#put()] is gone.
    public boolean full() {
        return full;
    }

    /// How many rounds of pushes it covers: more than one if its subscriber was slow or away, 0 if nothing changed.
    int rounds() {
        return rounds;
    }

    /// Instances that are new or changed, in order of their ids.
    public List<Instance> put() {
        return put;
    }

    /// Ids of instances that are gone, in order.
    public List<String> removed() {
        return removed;
    }

    /// What `encoder` makes of it, kept for all who ask: there is one encoder for a delta, its head's. Two threads may encode at the same
    /// time; either result is good.
    @SuppressWarnings("unchecked")
    public <T> T encoded(Function<Delta, T> encoder) {
        Object present = encoded;
        if (present == null) {
            present = encoder.apply(this);
            encoded = present;
        }
        return (T) present;
    }
}
