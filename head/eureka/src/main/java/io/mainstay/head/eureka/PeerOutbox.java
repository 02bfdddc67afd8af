package io.mainstay.head.eureka;

import io.mainstay.registry.api.Instance;
import io.mainstay.registry.api.InstanceKey;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/// What one peer is still to be told: one entry for each instance at most, because only the present state is sent. Thread-safe.
final class PeerOutbox {

    static final int BEAT = 1;
    static final int STATUS = 2;
    static final int REGISTER = 4;
    static final int CANCEL = 8;

    /// What is beyond is dropped: beats come again, and a peer that does not know an instance at its next beat gets it whole.
    static final int MAX_ENTRIES = 250_000;

    /// @param what a sum of the constants above; [#CANCEL] stands alone
    /// @param stampMs of a cancellation the owner's stamp of the registration that it ended
    record Entry(int what, long stampMs) {
        boolean has(int wanted) {
            return (what & wanted) != 0;
        }
    }

    private final Map<InstanceKey, Entry> entries = new ConcurrentHashMap<>();

    /// Instances that the peer has from us, with their owners' stamps.
    private final Map<InstanceKey, Long> told = new ConcurrentHashMap<>();

    void add(InstanceKey key, int what, long stampMs) {
        if (entries.size() < MAX_ENTRIES || entries.containsKey(key)) {
            entries.merge(key, new Entry(what, stampMs), PeerOutbox::merged);
        }
    }

    /// Puts back what could not be sent, below what came meanwhile.
    void putBack(InstanceKey key, Entry entry) {
        entries.merge(key, entry, (newer, older) -> merged(older, newer));
    }

    @Nullable Entry take(InstanceKey key) {
        return entries.remove(key);
    }

    @Nullable Entry peek(InstanceKey key) {
        return entries.get(key);
    }

    List<InstanceKey> keys() {
        return List.copyOf(entries.keySet());
    }

    /// The peer has a registration that is newer than a cancellation that waits here.
    void registeredThere(InstanceKey key) {
        told.remove(key);
        dropCancel(key);
    }

    void goneThere(InstanceKey key) {
        told.remove(key);
        entries.remove(key);
    }

    void dropCancel(InstanceKey key) {
        entries.computeIfPresent(key, (same, entry) -> entry.has(CANCEL) ? null : entry);
    }

    void told(Instance instance) {
        told.put(instance.key(), instance.ownerStampMs());
    }

    /// What the peer has from us and is not here any more, because its lease ended, is to be cancelled there.
    void cancelWhatIsGone(Predicate<InstanceKey> here) {
        told.forEach(
                (key, stampMs) -> {
                    if (!here.test(key) && !entries.containsKey(key)) {
                        add(key, CANCEL, stampMs);
                    }
                });
    }

    void untold(InstanceKey key) {
        told.remove(key);
    }

    private static Entry merged(Entry older, Entry newer) {
        if (newer.has(CANCEL)) {
            return newer;
        }
        if (older.has(CANCEL)) {
            // A beat or a status of something that is gone means nothing.
            return newer.has(REGISTER) ? newer : older;
        }
        return new Entry(older.what | newer.what, 0);
    }
}
