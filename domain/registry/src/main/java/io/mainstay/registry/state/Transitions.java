package io.mainstay.registry.state;

import io.mainstay.registry.api.Instance;
import io.mainstay.registry.api.InstanceStatus;
import io.mainstay.registry.api.Registration;

import org.jspecify.annotations.Nullable;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// How one instance becomes another; pure functions.
final class Transitions {
    private Transitions() {}

    /// A registration replaces what was there, except an operator's override, the time of the first UP, and data that is newer by
    /// its owner's own stamp: then only the lease begins anew, as Eureka does it.
    static Instance registered(
            @Nullable Instance before, Registration r, long offset, long timeMs) {
        if (before != null && r.ownerStampMs() != 0 && before.ownerStampMs() > r.ownerStampMs()) {
            return changed(
                    before,
                    before.declared(),
                    before.override(),
                    before.metadata(),
                    offset,
                    timeMs,
                    offset);
        }
        InstanceStatus override =
                before != null && before.override() != null ? before.override() : r.override();
        long upSinceMs = before == null ? 0 : before.upSinceMs();
        InstanceStatus status = Instance.status(r.declared(), override);
        if (upSinceMs == 0 && status == InstanceStatus.UP) {
            upSinceMs = timeMs;
        }
        return new Instance(
                r.key(),
                r.holder(),
                r.host(),
                r.ip(),
                r.port(),
                r.securePort(),
                r.vip(),
                r.secureVip(),
                r.zone(),
                r.weight(),
                r.labels(),
                r.metadata(),
                r.attributes(),
                r.declared(),
                override,
                r.lease(),
                timeMs,
                upSinceMs,
                timeMs,
                r.ownerStampMs(),
                offset,
                offset);
    }

    /// Counts until the owner says something else: so the status becomes the operator's whatever the owner said before.
    static Instance overridden(Instance before, InstanceStatus status, long offset, long timeMs) {
        return changed(
                before, status, status, before.metadata(), offset, timeMs, before.registration());
    }

    static Instance released(Instance before, InstanceStatus declared, long offset, long timeMs) {
        return changed(
                before, declared, null, before.metadata(), offset, timeMs, before.registration());
    }

    static Instance described(
            Instance before, SortedMap<String, String> metadata, long offset, long timeMs) {
        return changed(
                before,
                before.declared(),
                before.override(),
                metadata,
                offset,
                timeMs,
                before.registration());
    }

    static SortedMap<String, String> merged(
            SortedMap<String, String> held, SortedMap<String, String> added) {
        TreeMap<String, String> merged = new TreeMap<>(held);
        merged.putAll(added);
        return Collections.unmodifiableSortedMap(merged);
    }

    private static Instance changed(
            Instance i,
            InstanceStatus declared,
            @Nullable InstanceStatus override,
            SortedMap<String, String> metadata,
            long offset,
            long timeMs,
            long registration) {
        InstanceStatus status = Instance.status(declared, override);
        long upSinceMs = i.upSinceMs() == 0 && status == InstanceStatus.UP ? timeMs : i.upSinceMs();
        return new Instance(
                i.key(),
                i.holder(),
                i.host(),
                i.ip(),
                i.port(),
                i.securePort(),
                i.vip(),
                i.secureVip(),
                i.zone(),
                i.weight(),
                i.labels(),
                metadata,
                i.attributes(),
                declared,
                override,
                i.lease(),
                i.registeredMs(),
                upSinceMs,
                timeMs,
                i.ownerStampMs(),
                offset,
                registration);
    }
}
