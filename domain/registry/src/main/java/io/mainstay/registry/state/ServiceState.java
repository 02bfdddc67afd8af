package io.mainstay.registry.state;

import io.mainstay.registry.api.Instance;
import io.mainstay.registry.api.InstanceStatus;
import io.mainstay.registry.api.ServiceView;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;

/// One service of a [RegistryMachine]: its instances in order of their ids, and the raft offset of its last change.
///
/// An array rather than a tree: each publish copies the whole list into a view, and copying an array of thousands costs microseconds.
final class ServiceState {
    private final ArrayList<Instance> instances = new ArrayList<>();
    private final EnumMap<InstanceStatus, Integer> statusCounts =
            new EnumMap<>(InstanceStatus.class);
    long revision;

    @Nullable Instance find(String instanceId) {
        int at = indexOf(instanceId);
        return at < 0 ? null : instances.get(at);
    }

    void put(Instance instance) {
        int at = indexOf(instance.key().instanceId());
        if (at < 0) {
            instances.add(-at - 1, instance);
        } else {
            count(instances.set(at, instance), -1);
        }
        count(instance, 1);
    }

    void remove(String instanceId) {
        int at = indexOf(instanceId);
        if (at >= 0) {
            count(instances.remove(at), -1);
        }
    }

    private void count(Instance instance, int sign) {
        // Null takes the entry away.
        statusCounts.merge(
                instance.status(), sign, (sum, one) -> sum + one == 0 ? null : sum + one);
    }

    /// A copy of what there is now.
    ServiceView view(ServiceName name) {
        return new ServiceView(
                name.namespace(),
                name.service(),
                revision,
                List.copyOf(instances),
                Collections.unmodifiableMap(new EnumMap<>(statusCounts)));
    }

    /// Read-only, and as it is now: it changes with this service.
    List<Instance> instances() {
        return Collections.unmodifiableList(instances);
    }

    /// The place of an instance, or -(place to insert) - 1.
    private int indexOf(String instanceId) {
        int low = 0;
        int high = instances.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = instances.get(middle).key().instanceId().compareTo(instanceId);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -low - 1;
    }
}
