package io.mainstay.messaging.topology.rules;

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
import io.mainstay.messaging.api.TopologyOutcome.Reason;
import io.mainstay.messaging.api.TopologyOutcome.Refused;
import io.mainstay.messaging.message.FieldTable;
import io.mainstay.messaging.message.FieldTableCodec;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;

/// What is refused whatever is there: sizes, arguments, patterns. Asked before a command is proposed.
public final class ChangeRules {

    private ChangeRules() {}

    /// `null` if nothing is wrong.
    public static @Nullable Refused refusal(TopologyChange change) {
        String wrong = wrong(change);
        if (wrong != null) {
            return new Refused(Reason.PRECONDITION_FAILED, wrong);
        }
        return switch (change) {
            case DeclareQueue queue -> QueueRules.refusal(queue);
            case PutPolicy policy -> PolicyRules.refusal(policy);
            default -> null;
        };
    }

    private static @Nullable String wrong(TopologyChange change) {
        return switch (change) {
            case DeclareExchange x ->
                    first(names(x.vhost(), x.name(), x.type()), table(x.arguments()));
            case DeleteExchange x -> names(x.vhost(), x.name());
            case DeclareQueue q ->
                    first(
                            q.name().isEmpty() ? "a queue needs a name" : null,
                            names(q.vhost(), q.name(), q.owner()),
                            table(q.arguments()));
            case DeleteQueue q -> names(q.vhost(), q.name());
            case Bind b ->
                    first(
                            names(b.vhost(), b.source(), b.destination(), b.routingKey()),
                            table(b.arguments()));
            case Unbind b ->
                    first(
                            names(b.vhost(), b.source(), b.destination(), b.routingKey()),
                            table(b.arguments()));
            case PutVhost v ->
                    first(
                            v.name().isEmpty() ? "a vhost needs a name" : null,
                            names(v.name()),
                            v.description().length() > TopologyLimits.MAX_DESCRIPTION_LENGTH
                                    ? "a description has at most %,d characters"
                                            .formatted(TopologyLimits.MAX_DESCRIPTION_LENGTH)
                                    : null);
            case DeleteVhost v -> names(v.name());
            case PutPermission p ->
                    first(
                            names(p.user(), p.vhost()),
                            GuardedPattern.wrong(p.configure()),
                            GuardedPattern.wrong(p.write()),
                            GuardedPattern.wrong(p.read()));
            case DeletePermission p -> names(p.user(), p.vhost());
            case PutTopicPermission p ->
                    first(
                            names(p.user(), p.vhost(), p.exchange()),
                            GuardedPattern.wrong(p.write()),
                            GuardedPattern.wrong(p.read()));
            case DeleteTopicPermission p -> names(p.user(), p.vhost(), p.exchange());
            case PutPolicy p -> first(names(p.vhost(), p.name()), table(p.definition()));
            case DeletePolicy p -> names(p.vhost(), p.name());
            case PutVhostLimit l -> names(l.vhost());
            case DeleteVhostLimit l -> names(l.vhost());
            case PutUserLimit l -> names(l.user());
            case DeleteUserLimit l -> names(l.user());
        };
    }

    private static @Nullable String first(@Nullable String... wrongs) {
        for (String wrong : wrongs) {
            if (wrong != null) {
                return wrong;
            }
        }
        return null;
    }

    private static @Nullable String names(String... names) {
        for (String name : names) {
            // No character of UTF-8 takes more than three bytes for each char.
            if (name.length() * 3 > TopologyLimits.MAX_NAME_BYTES) {
                int bytes = name.getBytes(StandardCharsets.UTF_8).length;
                if (bytes > TopologyLimits.MAX_NAME_BYTES) {
                    return "a name or key has at most %d bytes, not %,d"
                            .formatted(TopologyLimits.MAX_NAME_BYTES, bytes);
                }
            }
        }
        return null;
    }

    private static @Nullable String table(FieldTable table) {
        if (table.isEmpty()) {
            return null;
        }
        try {
            int bytes = FieldTableCodec.encode(table).length;
            return bytes > TopologyLimits.MAX_TABLE_BYTES
                    ? "arguments have at most %,d bytes, not %,d"
                            .formatted(TopologyLimits.MAX_TABLE_BYTES, bytes)
                    : null;
        } catch (IllegalArgumentException e) {
            return "arguments: " + e.getMessage();
        }
    }
}
