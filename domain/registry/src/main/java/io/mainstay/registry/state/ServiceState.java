package io.mainstay.registry.state;

import io.mainstay.registry.api.Instance;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// One service of a [RegistryMachine]: its instances in order of their ids, and the raft offset of its last change.
///
/// An array rather than a tree: each publish copies the whole list into a view, and copying an array of thousands costs microseconds.
final class ServiceState {
    private final ArrayList<Instance> instances = new ArrayList<>();
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
            instances.set(at, instance);
        }
    }

    void remove(String instanceId) {
        int at = indexOf(instanceId);
        if (at >= 0) {
            instances.remove(at);
        }
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
