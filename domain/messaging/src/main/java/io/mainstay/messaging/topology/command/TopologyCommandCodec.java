package io.mainstay.messaging.topology.command;

import io.mainstay.common.Check;
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
import io.mainstay.messaging.api.UserLimit;
import io.mainstay.messaging.api.VhostLimit;
import io.mainstay.messaging.topology.command.TopologyCommand.Boot;
import io.mainstay.messaging.topology.command.TopologyCommand.ConnectionClosed;
import io.mainstay.messaging.topology.command.TopologyCommand.Make;

import java.nio.ByteBuffer;

/// The bytes of commands, version 1: a number for the kind, then the fields in the order of the record, see [FieldWriter]. A kind keeps its number
/// and bytes for ever, so that every log that was written can be read; what needs other bytes gets a new kind.
public final class TopologyCommandCodec {

    /// The version that is written.
    public static final int VERSION = 1;

    private static final int BOOT = 1;
    private static final int CONNECTION_CLOSED = 2;
    private static final int DECLARE_EXCHANGE = 3;
    private static final int DELETE_EXCHANGE = 4;
    private static final int DECLARE_QUEUE = 5;
    private static final int DELETE_QUEUE = 6;
    private static final int BIND = 7;
    private static final int UNBIND = 8;
    private static final int PUT_VHOST = 9;
    private static final int DELETE_VHOST = 10;
    private static final int PUT_PERMISSION = 11;
    private static final int DELETE_PERMISSION = 12;
    private static final int PUT_TOPIC_PERMISSION = 13;
    private static final int DELETE_TOPIC_PERMISSION = 14;
    private static final int PUT_POLICY = 15;
    private static final int DELETE_POLICY = 16;
    private static final int PUT_VHOST_LIMIT = 17;
    private static final int DELETE_VHOST_LIMIT = 18;
    private static final int PUT_USER_LIMIT = 19;
    private static final int DELETE_USER_LIMIT = 20;

    private TopologyCommandCodec() {}

    public static ByteBuffer encode(TopologyCommand command) {
        FieldWriter out = new FieldWriter(256);
        switch (command) {
            case Boot() -> out.number(BOOT);
            case ConnectionClosed(String owner) -> out.number(CONNECTION_CLOSED).text(owner);
            case Make(TopologyChange change) -> encode(out, change);
        }
        return out.take();
    }

    private static void encode(FieldWriter out, TopologyChange change) {
        switch (change) {
            case DeclareExchange x -> {
                out.number(DECLARE_EXCHANGE).text(x.vhost()).text(x.name()).text(x.type());
                out.flag(x.durable()).flag(x.autoDelete()).flag(x.internal()).table(x.arguments());
            }
            case DeleteExchange x ->
                    out.number(DELETE_EXCHANGE).text(x.vhost()).text(x.name()).flag(x.ifUnused());
            case DeclareQueue q -> {
                out.number(DECLARE_QUEUE).text(q.vhost()).text(q.name()).flag(q.durable());
                out.flag(q.autoDelete()).text(q.owner()).table(q.arguments());
            }
            case DeleteQueue q ->
                    out.number(DELETE_QUEUE).text(q.vhost()).text(q.name()).number(q.id());
            case Bind b -> {
                out.number(BIND).text(b.vhost()).text(b.source()).text(b.destination());
                out.flag(b.toExchange()).text(b.routingKey()).table(b.arguments());
            }
            case Unbind b -> {
                out.number(UNBIND).text(b.vhost()).text(b.source()).text(b.destination());
                out.flag(b.toExchange()).text(b.routingKey()).table(b.arguments());
            }
            case PutVhost v -> out.number(PUT_VHOST).text(v.name()).text(v.description());
            case DeleteVhost v -> out.number(DELETE_VHOST).text(v.name());
            case PutPermission p -> {
                out.number(PUT_PERMISSION).text(p.user()).text(p.vhost());
                out.text(p.configure()).text(p.write()).text(p.read());
            }
            case DeletePermission p -> out.number(DELETE_PERMISSION).text(p.user()).text(p.vhost());
            case PutTopicPermission p -> {
                out.number(PUT_TOPIC_PERMISSION).text(p.user()).text(p.vhost());
                out.text(p.exchange()).text(p.write()).text(p.read());
            }
            case DeleteTopicPermission p ->
                    out.number(DELETE_TOPIC_PERMISSION)
                            .text(p.user())
                            .text(p.vhost())
                            .text(p.exchange());
            case PutPolicy p -> {
                out.number(PUT_POLICY).text(p.vhost()).text(p.name()).text(p.pattern());
                out.text(p.applyTo()).number(p.priority()).table(p.definition());
                out.flag(p.operator());
            }
            case DeletePolicy p ->
                    out.number(DELETE_POLICY).text(p.vhost()).text(p.name()).flag(p.operator());
            case PutVhostLimit l ->
                    out.number(PUT_VHOST_LIMIT)
                            .text(l.vhost())
                            .text(l.limit().word())
                            .number(l.most());
            case DeleteVhostLimit l ->
                    out.number(DELETE_VHOST_LIMIT).text(l.vhost()).text(l.limit().word());
            case PutUserLimit l ->
                    out.number(PUT_USER_LIMIT)
                            .text(l.user())
                            .text(l.limit().word())
                            .number(l.most());
            case DeleteUserLimit l ->
                    out.number(DELETE_USER_LIMIT).text(l.user()).text(l.limit().word());
        }
    }

    private static VhostLimit vhostLimit(FieldReader in) {
        String word = in.text();
        return Check.present(VhostLimit.of(word), "limit '%s' of a vhost", word);
    }

    private static UserLimit userLimit(FieldReader in) {
        String word = in.text();
        return Check.present(UserLimit.of(word), "limit '%s' of a user", word);
    }

    /// A failed check if the bytes are not a command of that version.
    public static TopologyCommand decode(int version, ByteBuffer bytes) {
        Check.that(version == VERSION, "topology command of version %d", version);
        FieldReader in = new FieldReader(bytes);
        int kind = (int) in.number();
        TopologyCommand command =
                switch (kind) {
                    case BOOT -> new Boot();
                    case CONNECTION_CLOSED -> new ConnectionClosed(in.text());
                    default -> new Make(change(kind, in));
                };
        Check.that(!in.hasMore(), "bytes behind topology command %d", kind);
        return command;
    }

    private static TopologyChange change(int kind, FieldReader in) {
        return switch (kind) {
            case DECLARE_EXCHANGE ->
                    new DeclareExchange(
                            in.text(),
                            in.text(),
                            in.text(),
                            in.flag(),
                            in.flag(),
                            in.flag(),
                            in.table());
            case DELETE_EXCHANGE -> new DeleteExchange(in.text(), in.text(), in.flag());
            case DECLARE_QUEUE ->
                    new DeclareQueue(
                            in.text(), in.text(), in.flag(), in.flag(), in.text(), in.table());
            case DELETE_QUEUE -> new DeleteQueue(in.text(), in.text(), in.number());
            case BIND ->
                    new Bind(in.text(), in.text(), in.text(), in.flag(), in.text(), in.table());
            case UNBIND ->
                    new Unbind(in.text(), in.text(), in.text(), in.flag(), in.text(), in.table());
            case PUT_VHOST -> new PutVhost(in.text(), in.text());
            case DELETE_VHOST -> new DeleteVhost(in.text());
            case PUT_PERMISSION ->
                    new PutPermission(in.text(), in.text(), in.text(), in.text(), in.text());
            case DELETE_PERMISSION -> new DeletePermission(in.text(), in.text());
            case PUT_TOPIC_PERMISSION ->
                    new PutTopicPermission(in.text(), in.text(), in.text(), in.text(), in.text());
            case DELETE_TOPIC_PERMISSION ->
                    new DeleteTopicPermission(in.text(), in.text(), in.text());
            case PUT_POLICY ->
                    new PutPolicy(
                            in.text(),
                            in.text(),
                            in.text(),
                            in.text(),
                            (int) in.number(),
                            in.table(),
                            in.flag());
            case DELETE_POLICY -> new DeletePolicy(in.text(), in.text(), in.flag());
            case PUT_VHOST_LIMIT -> new PutVhostLimit(in.text(), vhostLimit(in), in.number());
            case DELETE_VHOST_LIMIT -> new DeleteVhostLimit(in.text(), vhostLimit(in));
            case PUT_USER_LIMIT -> new PutUserLimit(in.text(), userLimit(in), in.number());
            case DELETE_USER_LIMIT -> new DeleteUserLimit(in.text(), userLimit(in));
            default -> throw new Check.BrokenAssumption("topology command " + kind);
        };
    }
}
