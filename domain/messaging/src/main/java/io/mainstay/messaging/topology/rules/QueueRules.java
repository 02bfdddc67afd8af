package io.mainstay.messaging.topology.rules;

import io.mainstay.messaging.api.QueueView.Type;
import io.mainstay.messaging.api.TopologyChange.DeclareQueue;
import io.mainstay.messaging.api.TopologyOutcome.Reason;
import io.mainstay.messaging.api.TopologyOutcome.Refused;
import io.mainstay.messaging.message.FieldTable;
import io.mainstay.messaging.message.FieldTypes;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/// What may be declared as a queue, whatever is there.
///
/// Asked before a command is proposed and never when it is applied: what is in the log stays accepted when a later version is stricter.
public final class QueueRules {

    private static final String DEAD_LETTER_EXCHANGE = "x-dead-letter-exchange";

    private QueueRules() {}

    /// An exclusive queue does not survive its connection, so it is never durable.
    public static boolean durable(DeclareQueue wish) {
        return wish.durable() && wish.owner().isEmpty();
    }

    /// `null` if nothing is wrong.
    public static @Nullable Refused refusal(DeclareQueue wish) {
        String what = Names.queue(wish.vhost(), wish.name());
        FieldTable arguments = wish.arguments();
        Object deadLetters = arguments.get(DEAD_LETTER_EXCHANGE);
        if (deadLetters != null && !(deadLetters instanceof String)) {
            return refused(
                    "invalid type '%s' for arg '%s' in %s"
                            .formatted(FieldTypes.name(deadLetters), DEAD_LETTER_EXCHANGE, what));
        }
        Type type = QueueArgument.type(arguments);
        if (type == null) {
            return invalid(QueueArgument.TYPE, what, wrongType(arguments));
        }
        for (Map.Entry<String, Object> argument : arguments.values().entrySet()) {
            QueueArgument known = QueueArgument.named(argument.getKey());
            if (known != null && known.types().contains(type)) {
                String wrong = known.check().wrong(argument.getValue(), arguments);
                if (wrong != null) {
                    return invalid(known.name(), what, wrong);
                }
            }
        }
        for (String name : arguments.values().keySet()) {
            QueueArgument known = QueueArgument.named(name);
            if (known != null && !known.types().contains(type)) {
                return refused(
                        "invalid arg '%s' for %s of queue type rabbit_%s_queue"
                                .formatted(name, what, QueueArgument.typeName(arguments)));
            }
        }
        return type == Type.CLASSIC ? null : replicated(wish, what, type);
    }

    private static @Nullable Refused replicated(DeclareQueue wish, String what, Type type) {
        if (wish.autoDelete()) {
            return refused("invalid property 'auto-delete' for " + what);
        }
        if (!wish.owner().isEmpty()) {
            return refused("invalid property 'exclusive-owner' for " + what);
        }
        if (!wish.durable()) {
            return refused("invalid property 'non-durable' for " + what);
        }
        String wrong = type == Type.STREAM ? QueueArgument.wrongStreamSize(wish.arguments()) : null;
        return wrong == null ? null : refused(wrong);
    }

    private static String wrongType(FieldTable arguments) {
        Object type = QueueArgument.typeName(arguments);
        return type instanceof String
                ? "\"unsupported queue type '" + type + "'\""
                : "{unacceptable_type," + FieldTypes.name(type) + "}";
    }

    private static Refused invalid(String argument, String what, String wrong) {
        return refused("invalid arg '%s' for %s: %s".formatted(argument, what, wrong));
    }

    private static Refused refused(String message) {
        return new Refused(Reason.PRECONDITION_FAILED, message);
    }
}
