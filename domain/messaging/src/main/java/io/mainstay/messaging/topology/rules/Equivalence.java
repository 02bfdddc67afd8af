package io.mainstay.messaging.topology.rules;

import io.mainstay.messaging.api.ExchangeView;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.api.TopologyChange.DeclareExchange;
import io.mainstay.messaging.api.TopologyChange.DeclareQueue;
import io.mainstay.messaging.api.TopologyOutcome.Reason;
import io.mainstay.messaging.api.TopologyOutcome.Refused;
import io.mainstay.messaging.message.FieldTable;

import org.jspecify.annotations.Nullable;

/// Whether what is declared is what is there. The first difference is named.
public final class Equivalence {

    private Equivalence() {}

    /// `null` if they are equal.
    public static @Nullable Refused of(ExchangeView current, DeclareExchange wish) {
        String what = Names.exchange(current.vhost(), current.name());
        Refused refused = field(what, "type", current.type(), wish.type());
        if (refused == null) {
            refused = field(what, "durable", current.durable(), wish.durable());
        }
        if (refused == null) {
            refused = field(what, "auto_delete", current.autoDelete(), wish.autoDelete());
        }
        if (refused == null) {
            refused = field(what, "internal", current.internal(), wish.internal());
        }
        if (refused == null) {
            refused =
                    argument(
                            what,
                            ExchangeRules.ALTERNATE,
                            current.arguments().get(ExchangeRules.ALTERNATE),
                            wish.arguments().get(ExchangeRules.ALTERNATE));
        }
        return refused;
    }

    /// `null` if they are equal. Only arguments that the queue's type knows are compared.
    public static @Nullable Refused of(QueueView current, DeclareQueue wish) {
        String what = Names.queue(current.vhost(), current.name());
        if (!current.owner().equals(wish.owner())) {
            return new Refused(Reason.RESOURCE_LOCKED, locked(current.vhost(), current.name()));
        }
        Refused refused = field(what, "durable", current.durable(), QueueRules.durable(wish));
        if (refused == null) {
            refused = field(what, "auto_delete", current.autoDelete(), wish.autoDelete());
        }
        for (String name : QueueArgument.known(current.type())) {
            if (refused == null) {
                refused =
                        argument(
                                what,
                                name,
                                comparable(current.arguments(), name),
                                comparable(wish.arguments(), name));
            }
        }
        return refused;
    }

    /// RabbitMQ's sentence for a queue of another connection.
    public static String locked(String vhost, String name) {
        return "cannot obtain exclusive access to locked "
                + Names.queue(vhost, name)
                + ". It could be originally declared on another connection or the exclusive property value does not match that of the original"
                + " declaration.";
    }

    private static @Nullable Object comparable(FieldTable arguments, String name) {
        return name.equals(QueueArgument.TYPE)
                ? QueueArgument.typeName(arguments)
                : arguments.get(name);
    }

    private static @Nullable Refused field(String what, String name, Object current, Object wish) {
        return current.equals(wish)
                ? null
                : inequivalent(what, name, "'" + wish + "'", "'" + current + "'");
    }

    private static @Nullable Refused argument(
            String what, String name, @Nullable Object current, @Nullable Object wish) {
        if (current == null || wish == null) {
            return current == wish
                    ? null
                    : inequivalent(
                            what, name, FieldWords.described(wish), FieldWords.described(current));
        }
        return FieldNumbers.comparable(current).equals(FieldNumbers.comparable(wish))
                ? null
                : inequivalent(
                        what,
                        name,
                        "'" + FieldWords.value(wish) + "'",
                        "'" + FieldWords.value(current) + "'");
    }

    private static Refused inequivalent(String what, String name, String wish, String current) {
        return new Refused(
                Reason.PRECONDITION_FAILED,
                "inequivalent arg '%s' for %s: received %s but current is %s"
                        .formatted(name, what, wish, current));
    }
}
