package io.mainstay.messaging.topology.service;

import io.mainstay.messaging.api.TopologyChange;
import io.mainstay.messaging.api.TopologyChange.DeclareQueue;
import io.mainstay.messaging.api.TopologyOutcome.Reason;
import io.mainstay.messaging.api.TopologyOutcome.Refused;

import org.jspecify.annotations.Nullable;

/// What the topology could keep and no queue acts on: refused by name, as a client would notice the missing effect too late.
final class NotProvided {

    private NotProvided() {}

    static @Nullable Refused refusal(TopologyChange change) {
        return switch (change) {
            case DeclareQueue queue when "stream".equals(queue.arguments().get("x-queue-type")) ->
                    new Refused(
                            Reason.PRECONDITION_FAILED,
                            "queue type 'stream' of queue '%s' in vhost '%s' is not provided; use 'quorum' or 'classic'"
                                    .formatted(queue.name(), queue.vhost()));
            default -> null;
        };
    }
}
