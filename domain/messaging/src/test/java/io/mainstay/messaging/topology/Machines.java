package io.mainstay.messaging.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.kernel.placement.SlotMap;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.api.TopologyChange;
import io.mainstay.messaging.api.TopologyChange.Bind;
import io.mainstay.messaging.api.TopologyChange.DeclareExchange;
import io.mainstay.messaging.api.TopologyChange.DeclareQueue;
import io.mainstay.messaging.api.TopologyOutcome;
import io.mainstay.messaging.api.TopologyOutcome.Done;
import io.mainstay.messaging.api.TopologyOutcome.Reason;
import io.mainstay.messaging.api.TopologyOutcome.Refused;
import io.mainstay.messaging.api.TopologyView;
import io.mainstay.messaging.api.VhostView;
import io.mainstay.messaging.message.FieldTable;
import io.mainstay.messaging.topology.command.TopologyCommand;
import io.mainstay.messaging.topology.command.TopologyCommandCodec;
import io.mainstay.messaging.topology.state.TopologyMachine;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/// A machine with a log of its own: each change is encoded, decoded, applied and published.
public final class Machines {

    public static final String VHOST = "/";

    public final TopologyMachine machine;
    private final SlotMap slots;
    private long offset;

    public Machines() {
        this(8);
    }

    public Machines(int dataGroups) {
        slots = new SlotMap(dataGroups);
        machine = new TopologyMachine(slots);
    }

    /// The data group that a queue or exchange of that name lives in.
    public int groupOf(String name) {
        return slots.groupOf(VHOST, name);
    }

    public TopologyOutcome apply(TopologyCommand command) {
        TopologyCommand decoded =
                machine.decode(TopologyCommandCodec.VERSION, TopologyCommandCodec.encode(command));
        assertThat(decoded).isEqualTo(command);
        TopologyOutcome outcome = machine.apply(++offset, 0, decoded).reply();
        machine.publish(offset);
        return outcome;
    }

    public TopologyOutcome change(TopologyChange change) {
        return apply(new TopologyCommand.Make(change));
    }

    /// A change that is made.
    public void make(TopologyChange change) {
        assertThat(change(change)).isInstanceOf(Done.class);
    }

    public void assertRefused(TopologyChange change, Reason reason, String message) {
        assertThat(change(change)).isEqualTo(new Refused(reason, message));
    }

    public TopologyView view() {
        return machine.view();
    }

    public VhostView vhost() {
        return Objects.requireNonNull(view().vhost(VHOST));
    }

    public QueueView queue(String name) {
        return Objects.requireNonNull(vhost().queue(name));
    }

    /// What is routed where, by name.
    public List<String> route(String exchange, String routingKey) {
        return route(exchange, routingKey, FieldTable.EMPTY);
    }

    public List<String> route(String exchange, String routingKey, FieldTable headers) {
        List<QueueView> into = new ArrayList<>();
        vhost().route(
                        Objects.requireNonNull(vhost().exchange(exchange)),
                        routingKey,
                        () -> headers,
                        into);
        return into.stream().map(QueueView::name).sorted().toList();
    }

    public static DeclareExchange exchange(String name, String type) {
        return new DeclareExchange(VHOST, name, type, true, false, false, FieldTable.EMPTY);
    }

    public static DeclareExchange exchange(String name, String type, FieldTable arguments) {
        return new DeclareExchange(VHOST, name, type, true, false, false, arguments);
    }

    public static DeclareExchange autoDelete(String name, String type) {
        return new DeclareExchange(VHOST, name, type, true, true, false, FieldTable.EMPTY);
    }

    public static DeclareQueue declare(String name) {
        return declare(name, FieldTable.EMPTY);
    }

    public static DeclareQueue declare(String name, FieldTable arguments) {
        return new DeclareQueue(VHOST, name, true, false, "", arguments);
    }

    public static DeclareQueue exclusive(String name, String owner) {
        return new DeclareQueue(VHOST, name, true, false, owner, FieldTable.EMPTY);
    }

    public static Bind bind(String source, String queue, String key) {
        return bind(source, queue, key, FieldTable.EMPTY);
    }

    public static Bind bind(String source, String queue, String key, FieldTable arguments) {
        return new Bind(VHOST, source, queue, false, key, arguments);
    }

    public static Bind bindExchange(String source, String destination, String key) {
        return new Bind(VHOST, source, destination, true, key, FieldTable.EMPTY);
    }

    public static FieldTable table(String name, Object value) {
        return new FieldTable(Map.of(name, value));
    }

    public static byte[] snapshot(TopologyMachine machine) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        machine.snapshot(
                bytes -> {
                    byte[] piece = new byte[bytes.remaining()];
                    bytes.get(piece);
                    out.writeBytes(piece);
                });
        return out.toByteArray();
    }

    /// Another machine that starts from this one's snapshot.
    public Machines restored() {
        Machines other = new Machines();
        other.offset = offset;
        other.machine.restore(machine.snapshotVersion(), ByteBuffer.wrap(snapshot(machine)));
        other.machine.publish(offset);
        return other;
    }

    /// Everything that a view shows.
    public static List<Object> contents(TopologyView view) {
        List<Object> all = new ArrayList<>();
        all.add(view.revision());
        for (VhostView vhost : view.vhosts()) {
            all.add(vhost.name());
            all.add(vhost.description());
            all.add(vhost.incarnation());
            all.addAll(vhost.exchanges());
            all.addAll(vhost.queues());
            all.addAll(vhost.bindings());
            all.addAll(vhost.policies());
            all.add(vhost.limits());
            vhost.queues().forEach(queue -> all.add(vhost.bindingsTo(queue.name(), false)));
            vhost.exchanges().forEach(x -> all.add(vhost.bindingsTo(x.name(), true)));
            Stream<Object> byId = vhost.queues().stream().map(queue -> view.queue(queue.id()));
            all.addAll(byId.toList());
        }
        all.addAll(view.permissions());
        all.addAll(view.topicPermissions());
        all.add(view.userLimits());
        return all;
    }
}
