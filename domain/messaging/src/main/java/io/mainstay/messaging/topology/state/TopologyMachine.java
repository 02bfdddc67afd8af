package io.mainstay.messaging.topology.state;

import io.mainstay.kernel.group.MachineId;
import io.mainstay.kernel.group.StateMachine;
import io.mainstay.kernel.placement.SlotMap;
import io.mainstay.messaging.api.TopologyChange;
import io.mainstay.messaging.api.TopologyChange.Bind;
import io.mainstay.messaging.api.TopologyChange.DeclareExchange;
import io.mainstay.messaging.api.TopologyChange.DeclareQueue;
import io.mainstay.messaging.api.TopologyChange.DeleteExchange;
import io.mainstay.messaging.api.TopologyChange.DeletePermission;
import io.mainstay.messaging.api.TopologyChange.DeletePolicy;
import io.mainstay.messaging.api.TopologyChange.DeleteQueue;
import io.mainstay.messaging.api.TopologyChange.DeleteTopicPermission;
import io.mainstay.messaging.api.TopologyChange.DeleteUserLimit;
import io.mainstay.messaging.api.TopologyChange.DeleteVhost;
import io.mainstay.messaging.api.TopologyChange.DeleteVhostLimit;
import io.mainstay.messaging.api.TopologyChange.PutPermission;
import io.mainstay.messaging.api.TopologyChange.PutPolicy;
import io.mainstay.messaging.api.TopologyChange.PutTopicPermission;
import io.mainstay.messaging.api.TopologyChange.PutUserLimit;
import io.mainstay.messaging.api.TopologyChange.PutVhost;
import io.mainstay.messaging.api.TopologyChange.PutVhostLimit;
import io.mainstay.messaging.api.TopologyChange.Unbind;
import io.mainstay.messaging.api.TopologyOutcome;
import io.mainstay.messaging.api.TopologyOutcome.Done;
import io.mainstay.messaging.api.TopologyView;
import io.mainstay.messaging.api.UserLimit;
import io.mainstay.messaging.topology.command.TopologyCommand;
import io.mainstay.messaging.topology.command.TopologyCommand.Boot;
import io.mainstay.messaging.topology.command.TopologyCommand.ConnectionClosed;
import io.mainstay.messaging.topology.command.TopologyCommand.Make;
import io.mainstay.messaging.topology.command.TopologyCommandCodec;
import io.mainstay.messaging.topology.view.Permissions;
import io.mainstay.messaging.topology.view.PersistentMap;
import io.mainstay.messaging.topology.view.PublishedTopology;
import io.mainstay.messaging.topology.view.PublishedVhost;

import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// Virtual hosts, exchanges, queues, bindings, permissions and policies in `meta`.
///
/// Owned by the apply thread of `meta`; [#view] may be called by anybody. A view shares everything with the one before it but what was changed: publishing
/// costs some references for each virtual host that changed, whatever is in it.
public final class TopologyMachine implements StateMachine<TopologyCommand, TopologyOutcome> {

    private final TopologyState state = new TopologyState();
    private final ExchangeChanges exchanges;
    private final QueueChanges queues;
    private final BindingChanges bindings = new BindingChanges(state);
    private final VhostChanges vhosts = new VhostChanges(state);
    private final PermissionChanges permissions = new PermissionChanges(state);
    private final LimitChanges limits = new LimitChanges(state);
    private final List<Consumer<TopologyView>> listeners = new CopyOnWriteArrayList<>();
    private PersistentMap<String, PublishedVhost> vhostViews = PersistentMap.empty();
    private Permissions permissionView = Permissions.NONE;
    private Map<String, Map<UserLimit, Long>> userLimitView = Map.of();
    private boolean changed;
    private volatile TopologyView view;

    /// @param slots which raft group a new durable queue is put into, and what waits at a new delayed exchange
    /// @param memoryGroup the raft group of the queues that are gone after a start; 0: they lie beside the others
    public TopologyMachine(SlotMap slots, int memoryGroup) {
        this.exchanges = new ExchangeChanges(state, slots);
        this.queues = new QueueChanges(state, slots, memoryGroup);
        this.view = newView();
    }

    /// All queues lie side by side.
    public TopologyMachine(SlotMap slots) {
        this(slots, 0);
    }

    /// Tells `listener` of each view that is another one than before, on the apply thread, after readers see it. Not of the present one.
    public void onChange(Consumer<TopologyView> listener) {
        listeners.add(listener);
    }

    /// The topology after the last published command.
    public TopologyView view() {
        return view;
    }

    @Override
    public MachineId id() {
        return MachineId.TOPOLOGY;
    }

    @Override
    public TopologyCommand decode(int version, ByteBuffer command) {
        return TopologyCommandCodec.decode(version, command);
    }

    @Override
    public Applied<TopologyOutcome> apply(long offset, long timeMs, TopologyCommand command) {
        TopologyOutcome outcome =
                switch (command) {
                    case Make(TopologyChange change) -> make(offset, change);
                    case Boot() -> vhosts.boot();
                    case ConnectionClosed(String owner) -> queues.connectionClosed(owner);
                };
        if (outcome instanceof Done done && done.changed()) {
            state.revision = offset;
            changed = true;
        }
        return Applied.of(outcome);
    }

    private TopologyOutcome make(long offset, TopologyChange change) {
        return switch (change) {
            case DeclareExchange wish -> in(wish.vhost(), exchanges.declare(offset, wish));
            case DeleteExchange wish -> in(wish.vhost(), exchanges.delete(wish));
            case DeclareQueue wish -> in(wish.vhost(), queues.declare(offset, wish));
            case DeleteQueue wish -> in(wish.vhost(), queues.delete(wish));
            case Bind wish -> in(wish.vhost(), bindings.bind(wish));
            case Unbind wish -> in(wish.vhost(), bindings.unbind(wish));
            case PutVhost wish -> in(wish.name(), vhosts.put(offset, wish));
            case DeleteVhost wish -> in(wish.name(), vhosts.delete(wish));
            case PutPolicy wish -> in(wish.vhost(), vhosts.put(wish));
            case DeletePolicy wish -> in(wish.vhost(), vhosts.delete(wish));
            case PutPermission wish -> permissions.put(wish);
            case DeletePermission wish -> permissions.delete(wish);
            case PutTopicPermission wish -> permissions.put(wish);
            case DeleteTopicPermission wish -> permissions.delete(wish);
            case PutVhostLimit wish -> in(wish.vhost(), limits.put(wish));
            case DeleteVhostLimit wish -> in(wish.vhost(), limits.delete(wish));
            case PutUserLimit wish -> limits.put(wish);
            case DeleteUserLimit wish -> limits.delete(wish);
        };
    }

    /// Notes that the virtual host needs another view.
    private TopologyOutcome in(String vhost, TopologyOutcome outcome) {
        if (outcome instanceof Done done && done.changed()) {
            state.changedVhosts.add(vhost);
        }
        return outcome;
    }

    @Override
    public void publish(long appliedOffset) {
        if (changed) {
            changed = false;
            TopologyView next = newView();
            view = next;
            listeners.forEach(listener -> listener.accept(next));
        }
    }

    private TopologyView newView() {
        for (String name : state.changedVhosts) {
            VhostState vhost = state.vhosts.get(name);
            vhostViews =
                    vhost == null ? vhostViews.without(name) : vhostViews.with(name, vhost.view());
        }
        state.changedVhosts.clear();
        if (state.permissionsChanged) {
            permissionView =
                    new Permissions(state.permissions.values(), state.topicPermissions.values());
            state.permissionsChanged = false;
        }
        if (state.userLimitsChanged) {
            userLimitView = userLimits();
            state.userLimitsChanged = false;
        }
        return new PublishedTopology(
                state.revision, vhostViews, state.queues.byId(), permissionView, userLimitView);
    }

    private Map<String, Map<UserLimit, Long>> userLimits() {
        Map<String, Map<UserLimit, Long>> copy = new TreeMap<>();
        state.userLimits.forEach(
                (user, of) -> copy.put(user, Collections.unmodifiableMap(new EnumMap<>(of))));
        return Collections.unmodifiableMap(copy);
    }

    @Override
    public void snapshot(SnapshotSink sink) {
        TopologySnapshot.write(state, sink);
    }

    @Override
    public void restore(int version, ByteBuffer section) {
        TopologySnapshot.read(version, section, state);
        changed = true;
    }

    @Override
    public int snapshotVersion() {
        return TopologySnapshot.VERSION;
    }

    /// FNV-1a of the snapshot.
    @Override
    public long digest() {
        long[] digest = {0xcbf29ce484222325L};
        TopologySnapshot.write(
                state,
                bytes -> {
                    while (bytes.hasRemaining()) {
                        digest[0] = (digest[0] ^ (bytes.get() & 0xff)) * 0x100000001b3L;
                    }
                });
        return digest[0];
    }
}
