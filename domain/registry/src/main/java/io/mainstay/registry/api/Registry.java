package io.mainstay.registry.api;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Consumer;

/// The service registry. Thread-safe; no call blocks.
///
/// Changes answer when they are durable, applied and visible in this node's views. `done` is called exactly once on a thread of the
/// registry: hand over to your own, do not work there.
public interface Registry {

    void register(Registration registration, Consumer<ChangeOutcome> done);

    void cancel(InstanceKey key, Consumer<ChangeOutcome> done);

    /// Sets an operator's status; see [Instance#status()]. Changes nothing if that is the status already.
    void override(InstanceKey key, InstanceStatus status, Consumer<ChangeOutcome> done);

    /// Removes the override; the owner's status becomes `declared`. Changes nothing where there is no override.
    void clearOverride(InstanceKey key, InstanceStatus declared, Consumer<ChangeOutcome> done);

    /// Adds to or replaces keys of the metadata.
    void putMetadata(
            InstanceKey key, SortedMap<String, String> entries, Consumer<ChangeOutcome> done);

    /// A beat: one volatile write, nothing is logged. `ownerStampMs` 0 if the client sent none.
    RenewOutcome renew(InstanceKey key, long ownerStampMs);

    /// The present view; never older than the last acknowledged change of this node. Empty for a namespace without services.
    RegistryView view(String namespace);

    /// Namespaces that have services, sorted.
    List<String> namespaces();

    Optional<Instance> instance(InstanceKey key);

    /// Leases of one service by instance id; empty on a member that does not lead it.
    Map<String, LeaseView> leases(String namespace, String service);

    ProtectionView protection();

    /// What this node has done since it started.
    RegistryTotals totals();

    /// Turns protection on or off (an operator's decision; logged as a command).
    void enableProtection(boolean enabled, Consumer<ChangeOutcome> done);

    /// Ends the protection that holds now: what is past its lease is evicted within the rate limit.
    void releaseProtection(String namespace, String service, Consumer<ChangeOutcome> done);

    /// Calls `listener` with the present view of `namespace` at once, and again after each change until closed. Views may be
    /// skipped when the listener is slow (the last one always comes), never go back, and each is complete: what changed since sequence n are
    /// the entries of `recent` above n, if n is not older than the window.
    Subscription subscribe(String namespace, Consumer<RegistryView> listener);

    interface Subscription extends AutoCloseable {
        @Override
        void close();
    }
}
