package io.mainstay.messaging.topology.service;

import io.mainstay.messaging.api.TopologyChange;
import io.mainstay.messaging.api.TopologyChange.DeclareExchange;
import io.mainstay.messaging.api.TopologyOutcome.Reason;
import io.mainstay.messaging.api.TopologyOutcome.Refused;
import io.mainstay.messaging.topology.rules.ExchangeRules;

import org.jspecify.annotations.Nullable;

/// What the topology could keep and no queue acts on: refused by name, as a client would notice the missing effect too late.
final class NotProvided {

    private NotProvided() {}

    static @Nullable Refused refusal(TopologyChange change) {
        return switch (change) {
            case DeclareExchange exchange when exchange.type().equals(ExchangeRules.DELAYED) ->
                    new Refused(
                            Reason.COMMAND_INVALID,
                            "exchange type 'x-delayed-message' is not provided: messages would not be delayed");
            default -> null;
        };
    }
}
