package io.mainstay.messaging.topology.state;

import io.mainstay.common.Check;
import io.mainstay.kernel.group.StateMachine.SnapshotSink;
import io.mainstay.messaging.api.BindingView;
import io.mainstay.messaging.api.ExchangeView;
import io.mainstay.messaging.api.PolicyView;
import io.mainstay.messaging.api.QueueSettings;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.api.TopologyView.PermissionView;
import io.mainstay.messaging.api.TopologyView.TopicPermissionView;
import io.mainstay.messaging.api.UserLimit;
import io.mainstay.messaging.api.VhostLimit;
import io.mainstay.messaging.message.FieldTable;
import io.mainstay.messaging.topology.command.FieldReader;
import io.mainstay.messaging.topology.command.FieldWriter;
import io.mainstay.messaging.topology.rules.ExchangeRules;
import io.mainstay.messaging.topology.rules.PropertiesKey;
import io.mainstay.messaging.topology.state.TopologyState.PermissionKey;
import io.mainstay.messaging.topology.state.TopologyState.TopicPermissionKey;
import io.mainstay.messaging.topology.view.RoutedExchange;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// The bytes of a snapshot, version 3, in the fields of [FieldWriter]; each list has its count in front.
///
/// ```
/// revision, last queue id
/// virtual hosts by name:   name, description, last binding number
///   policies by name:      name, pattern, apply-to, priority, definition; likewise operator policies
///   exchanges by name:     name, type, durable, auto-delete, internal, arguments, of a delayed one also id and raft group of its queue
///   queues by name:        id, raft group, name, type (0 classic, 1 quorum, 2 stream), durable, auto-delete, owner, arguments
///   bindings by number:    number, source, destination, to exchange, routing key, arguments
/// permissions:             user, vhost, configure, write, read
/// topic permissions:       user, vhost, exchange, write, read
/// limits of virtual hosts: vhost, limit's word, number
/// limits of users:         user, limit's word, number
/// incarnations above 0:    vhost, number
/// ```
/// Version 1 has no limits; it and version 2 have no incarnations.
/// What policies make of queues and exchanges is derived anew.
final class TopologySnapshot {

    static final int VERSION = 3;

    private static final int WITHOUT_INCARNATIONS = 2;
    private static final int WITHOUT_LIMITS = 1;

    /// The sink gets pieces of about this size.
    private static final int PIECE_BYTES = 64 << 10;

    private final FieldWriter out = new FieldWriter(PIECE_BYTES + 1024);
    private final SnapshotSink sink;

    private TopologySnapshot(SnapshotSink sink) {
        this.sink = sink;
    }

    static void write(TopologyState state, SnapshotSink sink) {
        TopologySnapshot snapshot = new TopologySnapshot(sink);
        snapshot.write(state);
        sink.write(snapshot.out.take());
    }

    private void write(TopologyState state) {
        out.number(state.revision).number(state.lastQueueId);
        out.number(state.vhosts.size());
        state.vhosts.values().forEach(this::write);
        out.number(state.permissions.size());
        for (PermissionView each : state.permissions.values()) {
            out.text(each.user()).text(each.vhost());
            out.text(each.configure()).text(each.write()).text(each.read());
            piece();
        }
        out.number(state.topicPermissions.size());
        for (TopicPermissionView each : state.topicPermissions.values()) {
            out.text(each.user()).text(each.vhost()).text(each.exchange());
            out.text(each.write()).text(each.read());
            piece();
        }
        writeLimits(state);
        writeIncarnations(state);
    }

    private void writeIncarnations(TopologyState state) {
        List<VhostState> made =
                state.vhosts.values().stream().filter(vhost -> vhost.incarnation() > 0).toList();
        out.number(made.size());
        for (VhostState vhost : made) {
            out.text(vhost.name()).number(vhost.incarnation());
            piece();
        }
    }

    private void writeLimits(TopologyState state) {
        out.number(state.vhosts.values().stream().mapToInt(v -> v.limits().size()).sum());
        for (VhostState vhost : state.vhosts.values()) {
            vhost.limits().forEach((limit, most) -> writeLimit(vhost.name(), limit.word(), most));
        }
        out.number(state.userLimits.values().stream().mapToInt(Map::size).sum());
        state.userLimits.forEach(
                (user, limits) ->
                        limits.forEach((limit, most) -> writeLimit(user, limit.word(), most)));
    }

    private void writeLimit(String of, String word, long most) {
        out.text(of).text(word).number(most);
        piece();
    }

    private void write(VhostState vhost) {
        out.text(vhost.name()).text(vhost.description()).number(vhost.lastBindingNumber());
        writePolicies(vhost.policies().users());
        writePolicies(vhost.policies().operators());
        List<RoutedExchange> exchanges = vhost.exchanges().values();
        exchanges.sort(Comparator.comparing(exchange -> exchange.view().name()));
        out.number(exchanges.size());
        exchanges.forEach(exchange -> write(exchange.view()));
        List<QueueView> queues = vhost.queues().values();
        queues.sort(Comparator.comparing(QueueView::name));
        out.number(queues.size());
        queues.forEach(this::write);
        List<Map.Entry<Long, BindingView>> bindings = new ArrayList<>(vhost.bindings());
        for (RoutedExchange exchange : exchanges) {
            exchange.bindings()
                    .forEach((binding, number) -> bindings.add(Map.entry(number, binding)));
        }
        bindings.sort(Map.Entry.comparingByKey());
        out.number(bindings.size());
        bindings.forEach(binding -> write(binding.getKey(), binding.getValue()));
    }

    private void writePolicies(Collection<PolicyView> policies) {
        out.number(policies.size());
        for (PolicyView policy : policies) {
            out.text(policy.name()).text(policy.pattern()).text(policy.applyTo());
            out.number(policy.priority()).table(policy.definition());
            piece();
        }
    }

    private void write(ExchangeView exchange) {
        out.text(exchange.name()).text(exchange.type()).flag(exchange.durable());
        out.flag(exchange.autoDelete()).flag(exchange.internal()).table(exchange.arguments());
        QueueView delayQueue = exchange.delayQueue();
        if (delayQueue != null) {
            out.number(delayQueue.id()).number(delayQueue.group());
        }
        piece();
    }

    private void write(QueueView queue) {
        out.number(queue.id()).number(queue.group()).text(queue.name()).number(number(queue));
        out.flag(queue.durable()).flag(queue.autoDelete()).text(queue.owner());
        out.table(queue.arguments());
        piece();
    }

    private void write(long number, BindingView binding) {
        out.number(number).text(binding.source()).text(binding.destination());
        out.flag(binding.toExchange()).text(binding.routingKey()).table(binding.arguments());
        piece();
    }

    private void piece() {
        if (out.bytes() >= PIECE_BYTES) {
            sink.write(out.take());
        }
    }

    private static int number(QueueView queue) {
        return switch (queue.type()) {
            case CLASSIC -> 0;
            case QUORUM -> 1;
            case STREAM -> 2;
            case DELAYED -> throw new Check.BrokenAssumption("a delayed exchange keeps its queue");
        };
    }

    private static QueueView.Type type(long number) {
        return switch ((int) number) {
            case 0 -> QueueView.Type.CLASSIC;
            case 1 -> QueueView.Type.QUORUM;
            case 2 -> QueueView.Type.STREAM;
            default -> throw new Check.BrokenAssumption("queue type " + number);
        };
    }

    /// Replaces the state.
    static void read(int version, ByteBuffer section, TopologyState state) {
        Check.that(
                version >= WITHOUT_LIMITS && version <= VERSION,
                "topology snapshot of version %d",
                version);
        FieldReader in = new FieldReader(section);
        state.clear();
        state.revision = in.number();
        state.lastQueueId = in.number();
        for (int left = in.count(); left > 0; left--) {
            readVhost(in, state);
        }
        for (int left = in.count(); left > 0; left--) {
            PermissionView each =
                    new PermissionView(in.text(), in.text(), in.text(), in.text(), in.text());
            state.permissions.put(new PermissionKey(each.user(), each.vhost()), each);
        }
        for (int left = in.count(); left > 0; left--) {
            TopicPermissionView each =
                    new TopicPermissionView(in.text(), in.text(), in.text(), in.text(), in.text());
            state.topicPermissions.put(
                    new TopicPermissionKey(each.user(), each.vhost(), each.exchange()), each);
        }
        if (version > WITHOUT_LIMITS) {
            readLimits(in, state);
        }
        if (version > WITHOUT_INCARNATIONS) {
            for (int left = in.count(); left > 0; left--) {
                String name = in.text();
                Check.present(state.vhost(name), "incarnation of vhost '%s'", name)
                        .incarnation(in.number());
            }
        }
        Check.that(!in.hasMore(), "bytes behind the topology's snapshot");
    }

    private static void readLimits(FieldReader in, TopologyState state) {
        for (int left = in.count(); left > 0; left--) {
            String name = in.text();
            VhostState vhost = Check.present(state.vhost(name), "limits of vhost '%s'", name);
            String word = in.text();
            VhostLimit limit = Check.present(VhostLimit.of(word), "limit '%s' of a vhost", word);
            vhost.limits().put(limit, in.number());
        }
        for (int left = in.count(); left > 0; left--) {
            String user = in.text();
            String word = in.text();
            UserLimit limit = Check.present(UserLimit.of(word), "limit '%s' of a user", word);
            state.userLimits
                    .computeIfAbsent(user, name -> new EnumMap<>(UserLimit.class))
                    .put(limit, in.number());
        }
    }

    private static void readVhost(FieldReader in, TopologyState state) {
        String name = in.text();
        VhostState vhost = state.newVhost(name, in.text());
        vhost.lastBindingNumber(in.number());
        readPolicies(in, vhost, false);
        readPolicies(in, vhost, true);
        for (int left = in.count(); left > 0; left--) {
            vhost.add(readExchange(in, name));
        }
        for (int left = in.count(); left > 0; left--) {
            vhost.add(readQueue(in, name));
        }
        for (int left = in.count(); left > 0; left--) {
            readBinding(in, vhost);
        }
    }

    private static void readPolicies(FieldReader in, VhostState vhost, boolean operator) {
        for (int left = in.count(); left > 0; left--) {
            vhost.policies()
                    .put(
                            new PolicyView(
                                    vhost.name(),
                                    in.text(),
                                    in.text(),
                                    in.text(),
                                    (int) in.number(),
                                    in.table(),
                                    operator));
        }
    }

    private static ExchangeView readExchange(FieldReader in, String vhost) {
        String name = in.text();
        String type = in.text();
        boolean durable = in.flag();
        boolean autoDelete = in.flag();
        boolean internal = in.flag();
        FieldTable arguments = in.table();
        return new ExchangeView(
                vhost,
                name,
                type,
                Check.present(ExchangeRules.routing(type, arguments), "exchange type %s", type),
                type.equals(ExchangeRules.DELAYED)
                        ? ExchangeRules.delayQueue(
                                in.number(), (int) in.number(), vhost, name, durable)
                        : null,
                durable,
                autoDelete,
                internal,
                arguments,
                "",
                "");
    }

    private static QueueView readQueue(FieldReader in, String vhost) {
        long id = in.number();
        int group = (int) in.number();
        return new QueueView(
                id,
                group,
                vhost,
                in.text(),
                type(in.number()),
                in.flag(),
                in.flag(),
                in.text(),
                in.table(),
                QueueSettings.DEFAULT,
                "",
                "");
    }

    private static void readBinding(FieldReader in, VhostState vhost) {
        long number = in.number();
        String source = in.text();
        String destination = in.text();
        boolean toExchange = in.flag();
        String routingKey = in.text();
        FieldTable arguments = in.table();
        vhost.add(
                new BindingView(
                        vhost.name(),
                        source,
                        destination,
                        toExchange,
                        routingKey,
                        arguments,
                        PropertiesKey.of(routingKey, arguments)),
                number);
    }
}
