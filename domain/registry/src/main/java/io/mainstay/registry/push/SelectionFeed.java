package io.mainstay.registry.push;

import io.mainstay.registry.api.Instance;
import io.mainstay.registry.api.ServiceView;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/// What one selector sees of one service, how it came to be so, and the deltas that lead to it. Shared by all subscribers with
/// that selector. Guarded by its own lock.
///
/// Its revision is that of the service when the selection last changed, so a change outside of the selection moves nothing here. It
/// looks at the service when it is asked, not at each change: a selection is filtered once for each round of pushes.
final class SelectionFeed {

    /// Rounds that are remembered. A subscriber that is further behind gets everything.
    static final int REMEMBERED = 32;

    /// Ids in these rounds, or as many as instances if these are more: a delta of more is not smaller than everything.
    private static final int REMEMBERED_IDS = 64;

    /// A delta with more entries than this share of the selection is not smaller than everything.
    private static final double WORTH_A_DELTA = 0.5;

    /// An id whose instance came, went or changed.
    ///
    /// @param was it was there before
    private record Change(String id, boolean was) {}

    /// What led from one revision to the next.
    private record Round(long from, List<Change> changes) {}

    private final ServiceChannel channel;
    private final Selector selector;
    private final Set<Subscription> subscriptions = ConcurrentHashMap.newKeySet();
    private final Deque<Round> rounds = new ArrayDeque<>();
    private final Map<Long, Delta> deltas = new HashMap<>();
    private int rememberedIds;
    private @Nullable Delta everything;
    private List<Instance> present;

    /// The service's revision up to which the selection is as it is.
    private long seen;

    private volatile long revision;

    /// Of the push thread: the revision of its last round.
    private long pushed;

    SelectionFeed(ServiceChannel channel, Selector selector) {
        this.channel = channel;
        this.selector = selector;
        ServiceView view = channel.latest();
        this.present = selector.of(view.instances());
        this.seen = view.revision();
        this.revision = seen;
        this.pushed = seen;
    }

    ServiceChannel channel() {
        return channel;
    }

    Selector selector() {
        return selector;
    }

    /// Changed only while the engine holds the service's place among the channels.
    Set<Subscription> subscriptions() {
        return subscriptions;
    }

    /// As it was when somebody looked last.
    long revision() {
        return revision;
    }

    /// Whether there is more than at the last round. Push thread only.
    synchronized boolean round() {
        look();
        boolean more = revision != pushed;
        pushed = revision;
        return more;
    }

    /// What leads from `known` to what is selected now: everything if `known` is not known here.
    synchronized Delta from(long known) {
        look();
        reach(known);
        if (known == revision) {
            return deltas.computeIfAbsent(known, same -> delta(same, 0, List.of(), List.of()));
        }
        boolean remembered = rounds.stream().anyMatch(round -> round.from() == known);
        return remembered ? deltas.computeIfAbsent(known, this::merged) : everything();
    }

    /// Everything that is selected now, at a revision that is not behind `least` if the service is not.
    synchronized Delta everything(long least) {
        look();
        reach(least);
        return everything();
    }

    private Delta everything() {
        Delta made = everything;
        if (made == null) {
            made = new Delta(channel.name(), 0, revision, true, 1, present, List.of());
            everything = made;
        }
        return made;
    }

    private void look() {
        ServiceView view = channel.latest();
        if (view.revision() <= seen) {
            return;
        }
        seen = view.revision();
        List<Instance> now = selector.of(view.instances());
        List<Change> changes = changes(present, now);
        if (!changes.isEmpty()) {
            move(now, changes, channel.changedNanos());
        }
    }

    /// Somebody knows a revision of the service that changed nothing here: that is this feed's, too, so that nobody goes back.
    private void reach(long known) {
        if (known > revision && known <= seen) {
            move(present, List.of(), channel.nowNanos());
            channel.queue();
        }
    }

    private void move(List<Instance> now, List<Change> changes, long changedNanos) {
        rounds.addLast(new Round(revision, changes));
        rememberedIds += changes.size();
        int most = Math.max(REMEMBERED_IDS, now.size());
        while (rounds.size() > REMEMBERED || rememberedIds > most) {
            rememberedIds -= rounds.removeFirst().changes().size();
        }
        subscriptions.forEach(subscription -> subscription.fallsBehind(changedNanos));
        present = now;
        deltas.clear();
        everything = null;
        revision = seen;
    }

    /// Both lists are in order of instance ids.
    private static List<Change> changes(List<Instance> old, List<Instance> now) {
        List<Change> changes = new ArrayList<>();
        int at = 0;
        for (Instance instance : now) {
            String id = id(instance);
            while (at < old.size() && id(old.get(at)).compareTo(id) < 0) {
                changes.add(new Change(id(old.get(at++)), true));
            }
            boolean was = at < old.size() && id(old.get(at)).equals(id);
            if (!was || old.get(at).revision() != instance.revision()) {
                changes.add(new Change(id, was));
            }
            at += was ? 1 : 0;
        }
        while (at < old.size()) {
            changes.add(new Change(id(old.get(at++)), true));
        }
        return changes;
    }

    private Delta merged(long known) {
        // By id, whether who is at `known` has it: the first word on it since then says so.
        TreeMap<String, Boolean> had = new TreeMap<>();
        int merged = 0;
        for (Round round : rounds) {
            if (merged > 0 || round.from() == known) {
                merged++;
                round.changes().forEach(change -> had.putIfAbsent(change.id(), change.was()));
            }
        }
        if (had.size() > 1 && had.size() > WORTH_A_DELTA * present.size()) {
            return everything();
        }
        List<Instance> put = new ArrayList<>();
        List<String> removed = new ArrayList<>();
        had.forEach(
                (id, was) -> {
                    Instance instance = find(id);
                    if (instance != null) {
                        put.add(instance);
                    } else if (was) {
                        removed.add(id);
                    }
                });
        return delta(known, merged, put, removed);
    }

    private Delta delta(long from, int merged, List<Instance> put, List<String> removed) {
        return new Delta(channel.name(), from, revision, false, merged, put, removed);
    }

    private @Nullable Instance find(String id) {
        int low = 0;
        int high = present.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = id(present.get(middle)).compareTo(id);
            if (order == 0) {
                return present.get(middle);
            }
            low = order < 0 ? middle + 1 : low;
            high = order < 0 ? high : middle - 1;
        }
        return null;
    }

    private static String id(Instance instance) {
        return instance.key().instanceId();
    }
}
