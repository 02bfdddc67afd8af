package io.mainstay.registry.push;

import io.mainstay.registry.api.Instance;
import io.mainstay.registry.api.ServiceView;
import io.mainstay.registry.state.ServiceName;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The present view of one service and a few that came before it, and the deltas between them. Guarded by its own lock.
///
/// Views of one service share their instances, so a view that is remembered costs its list only.
final class ServiceFeed {

    /// Views that are remembered. A subscriber that is further behind gets everything.
    static final int REMEMBERED = 32;

    /// A delta with more entries than this share of the service is not smaller than everything.
    private static final double WORTH_A_DELTA = 0.5;

    private final ServiceName name;
    private final Deque<ServiceView> before = new ArrayDeque<>();
    private final Map<Long, Delta> deltas = new HashMap<>();
    private ServiceView present;

    ServiceFeed(ServiceName name, ServiceView present) {
        this.name = name;
        this.present = present;
    }

    ServiceName name() {
        return name;
    }

    /// Takes a newer view; an older one, or the same, changes nothing. Returns whether it was newer.
    synchronized boolean offer(ServiceView view) {
        if (view.revision() <= present.revision()) {
            return false;
        }
        before.addLast(present);
        if (before.size() > REMEMBERED) {
            before.removeFirst();
        }
        present = view;
        deltas.clear();
        return true;
    }

    synchronized long revision() {
        return present.revision();
    }

    /// What leads from `revision` to the present view: everything if that is not known here.
    synchronized Delta from(long revision) {
        return deltas.computeIfAbsent(revision, this::make);
    }

    private Delta make(long revision) {
        if (revision == present.revision()) {
            return new Delta(name, revision, revision, false, List.of(), List.of());
        }
        for (ServiceView old : before) {
            if (old.revision() == revision) {
                Delta delta = between(old, present);
                int entries = delta.put().size() + delta.removed().size();
                if (entries <= 1 || entries <= WORTH_A_DELTA * present.instances().size()) {
                    return delta;
                }
                break;
            }
        }
        return new Delta(name, 0, present.revision(), true, present.instances(), List.of());
    }

    /// Both lists are in order of instance ids.
    private Delta between(ServiceView old, ServiceView now) {
        List<Instance> put = new ArrayList<>();
        List<String> removed = new ArrayList<>();
        int at = 0;
        for (Instance instance : now.instances()) {
            String id = instance.key().instanceId();
            while (at < old.instances().size() && idOf(old, at).compareTo(id) < 0) {
                removed.add(idOf(old, at++));
            }
            if (at < old.instances().size() && idOf(old, at).equals(id)) {
                if (old.instances().get(at).revision() != instance.revision()) {
                    put.add(instance);
                }
                at++;
            } else {
                put.add(instance);
            }
        }
        while (at < old.instances().size()) {
            removed.add(idOf(old, at++));
        }
        return new Delta(name, old.revision(), now.revision(), false, put, removed);
    }

    private static String idOf(ServiceView view, int at) {
        return view.instances().get(at).key().instanceId();
    }
}
