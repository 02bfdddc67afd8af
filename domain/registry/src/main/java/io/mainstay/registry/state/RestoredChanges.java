package io.mainstay.registry.state;

import io.mainstay.registry.api.Instance;
import io.mainstay.registry.api.RegistryView.Kind;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;

/// What a restored snapshot changed, told like changes from the log, each at the time when it happened: so a delta reader that was
/// there before a restart is led on, and a lease exists for each instance.
final class RestoredChanges {
    private RestoredChanges() {}

    static List<AppliedChanges.Entry> between(
            SortedMap<ServiceName, ServiceState> before,
            SortedMap<ServiceName, ServiceState> after) {
        List<AppliedChanges.Entry> changes = new ArrayList<>();
        long latestMs = 0;
        for (ServiceState service : after.values()) {
            for (Instance instance : service.instances()) {
                latestMs = Math.max(latestMs, instance.changedMs());
                changes.add(
                        new AppliedChanges.Entry(Kind.MODIFIED, instance, instance.changedMs()));
            }
        }
        for (var entry : before.entrySet()) {
            ServiceState kept = after.get(entry.getKey());
            for (Instance instance : entry.getValue().instances()) {
                if (kept == null || kept.find(instance.key().instanceId()) == null) {
                    changes.add(new AppliedChanges.Entry(Kind.DELETED, instance, latestMs));
                }
            }
        }
        changes.sort(
                Comparator.comparingLong(AppliedChanges.Entry::atMs)
                        .thenComparing(change -> change.instance().key()));
        return changes;
    }
}
