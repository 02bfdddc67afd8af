package io.mainstay.messaging.topology.state;

import io.mainstay.common.Check;
import io.mainstay.kernel.placement.SlotMap;
import io.mainstay.messaging.api.ExchangeView;
import io.mainstay.messaging.api.TopologyChange.DeclareExchange;
import io.mainstay.messaging.api.TopologyChange.DeleteExchange;
import io.mainstay.messaging.api.TopologyOutcome;
import io.mainstay.messaging.api.TopologyOutcome.Done;
import io.mainstay.messaging.api.TopologyOutcome.Reason;
import io.mainstay.messaging.api.TopologyOutcome.Refused;
import io.mainstay.messaging.topology.rules.Equivalence;
import io.mainstay.messaging.topology.rules.ExchangeRules;
import io.mainstay.messaging.topology.rules.Names;
import io.mainstay.messaging.topology.rules.TopologyLimits;

/// What declarations and deletions of exchanges do.
final class ExchangeChanges {

    private final TopologyState state;
    private final SlotMap slots;

    ExchangeChanges(TopologyState state, SlotMap slots) {
        this.state = state;
        this.slots = slots;
    }

    TopologyOutcome declare(long offset, DeclareExchange wish) {
        VhostState vhost = state.vhost(wish.vhost());
        if (vhost == null) {
            return Answers.noVhost(wish.vhost());
        }
        Refused refused = ExchangeRules.unknownType(wish);
        if (refused == null && wish.name().isEmpty()) {
            refused = ExchangeRules.defaultExchange();
        }
        ExchangeView current = vhost.exchange(wish.name());
        if (refused == null) {
            refused = current == null ? ExchangeRules.refusal(wish) : Equivalence.of(current, wish);
        }
        if (refused != null) {
            return refused;
        }
        if (current != null) {
            return Done.UNCHANGED;
        }
        if (state.exchangeCount() >= TopologyLimits.MAX_EXCHANGES) {
            String what = Names.exchange(wish.vhost(), wish.name());
            return Answers.full(what, "exchanges", TopologyLimits.MAX_EXCHANGES);
        }
        vhost.add(view(offset, wish));
        return Done.CHANGED;
    }

    private ExchangeView view(long offset, DeclareExchange wish) {
        return new ExchangeView(
                wish.vhost(),
                wish.name(),
                wish.type(),
                Check.present(
                        ExchangeRules.routing(wish.type(), wish.arguments()),
                        "exchange type %s",
                        wish.type()),
                wish.type().equals(ExchangeRules.DELAYED)
                        ? ExchangeRules.delayQueue(
                                state.newQueueId(offset),
                                slots.groupOf(wish.vhost(), wish.name()),
                                wish.vhost(),
                                wish.name(),
                                wish.durable())
                        : null,
                wish.durable(),
                wish.autoDelete(),
                wish.internal(),
                wish.arguments(),
                "",
                "");
    }

    TopologyOutcome delete(DeleteExchange wish) {
        if (wish.name().isEmpty()) {
            return ExchangeRules.defaultExchange();
        }
        String what = Names.exchange(wish.vhost(), wish.name());
        if (ExchangeRules.isReserved(wish.name())) {
            return new Refused(
                    Reason.ACCESS_REFUSED, "deletion of system " + what + " not allowed");
        }
        VhostState vhost = state.vhost(wish.vhost());
        ExchangeView current = vhost == null ? null : vhost.exchange(wish.name());
        if (vhost == null || current == null) {
            return Done.UNCHANGED;
        }
        if (wish.ifUnused() && vhost.hasBindingsFrom(wish.name())) {
            return new Refused(Reason.PRECONDITION_FAILED, what + " in use");
        }
        vhost.remove(current);
        return Done.CHANGED;
    }
}
