package io.mainstay.head.eureka;

import io.mainstay.registry.api.Instance;
import io.mainstay.registry.api.InstanceKey;
import io.mainstay.registry.api.InstanceStatus;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// One item of a batch that goes to a peer.
///
/// @param instance as it is now; `null` of a cancellation
/// @param status what it is to become, or what it is
/// @param entry what the item came from
record PeerItem(
        InstanceKey key,
        Action action,
        @Nullable Instance instance,
        InstanceStatus status,
        PeerOutbox.Entry entry) {

    /// The words of the protocol.
    enum Action {
        Heartbeat,
        Register,
        Cancel,
        StatusUpdate,
        DeleteStatusOverride
    }

    /// Two at most. The override goes first: the registration after it carries the status that came out of both.
    static List<PeerItem> of(InstanceKey key, @Nullable Instance instance, PeerOutbox.Entry entry) {
        if (entry.has(PeerOutbox.CANCEL)) {
            return List.of(new PeerItem(key, Action.Cancel, null, InstanceStatus.UNKNOWN, entry));
        }
        if (instance == null) {
            return List.of();
        }
        PeerItem last =
                new PeerItem(
                        key,
                        entry.has(PeerOutbox.REGISTER) ? Action.Register : Action.Heartbeat,
                        instance,
                        instance.status(),
                        entry);
        if (!entry.has(PeerOutbox.STATUS)) {
            return List.of(last);
        }
        InstanceStatus override = instance.override();
        PeerItem status =
                override == null
                        ? new PeerItem(
                                key,
                                Action.DeleteStatusOverride,
                                instance,
                                instance.status(),
                                entry)
                        : new PeerItem(key, Action.StatusUpdate, instance, override, entry);
        return entry.has(PeerOutbox.REGISTER | PeerOutbox.BEAT)
                ? List.of(status, last)
                : List.of(status);
    }
}
