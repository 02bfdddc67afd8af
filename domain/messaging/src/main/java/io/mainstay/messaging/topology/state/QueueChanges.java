package io.mainstay.messaging.topology.state;

import io.mainstay.kernel.placement.SlotMap;
import io.mainstay.messaging.api.QueueSettings;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.api.TopologyChange.DeclareQueue;
import io.mainstay.messaging.api.TopologyChange.DeleteQueue;
import io.mainstay.messaging.api.TopologyOutcome;
import io.mainstay.messaging.api.TopologyOutcome.Done;
import io.mainstay.messaging.api.TopologyOutcome.Refused;
import io.mainstay.messaging.api.VhostLimit;
import io.mainstay.messaging.topology.rules.Equivalence;
import io.mainstay.messaging.topology.rules.Names;
import io.mainstay.messaging.topology.rules.QueueArgument;
import io.mainstay.messaging.topology.rules.QueueRules;
import io.mainstay.messaging.topology.rules.TopologyLimits;

/// What declarations and deletions of queues do.
final class QueueChanges {

    private final TopologyState state;
    private final SlotMap slots;
    private final int memoryGroup;

    QueueChanges(TopologyState state, SlotMap slots, int memoryGroup) {
        this.state = state;
        this.slots = slots;
        this.memoryGroup = memoryGroup;
    }

    TopologyOutcome declare(long offset, DeclareQueue wish) {
        VhostState vhost = state.vhost(wish.vhost());
        if (vhost == null) {
            return Answers.noVhost(wish.vhost());
        }
        QueueView current = vhost.queue(wish.name());
        if (current != null) {
            Refused refused = Equivalence.of(current, wish);
            return refused == null ? new Done(current, false) : refused;
        }
        if (state.queues.size() >= TopologyLimits.MAX_QUEUES) {
            String what = Names.queue(wish.vhost(), wish.name());
            return Answers.full(what, "queues", TopologyLimits.MAX_QUEUES);
        }
        Long most = vhost.limits().get(VhostLimit.MAX_QUEUES);
        if (most != null && most >= 0 && vhost.queues().size() >= most) {
            return Answers.queueLimit(wish.vhost(), wish.name(), most);
        }
        QueueView.Type type = QueueArgument.type(wish.arguments());
        boolean durable = QueueRules.durable(wish);
        QueueView made =
                new QueueView(
                        state.newQueueId(offset),
                        durable || memoryGroup == 0
                                ? slots.groupOf(wish.vhost(), wish.name())
                                : memoryGroup,
                        wish.vhost(),
                        wish.name(),
                        type == null ? QueueView.Type.CLASSIC : type,
                        durable,
                        wish.autoDelete(),
                        wish.owner(),
                        wish.arguments(),
                        QueueSettings.DEFAULT,
                        "",
                        "");
        return new Done(vhost.add(made), true);
    }

    TopologyOutcome delete(DeleteQueue wish) {
        VhostState vhost = state.vhost(wish.vhost());
        QueueView current = vhost == null ? null : vhost.queue(wish.name());
        if (vhost == null || current == null || current.id() != wish.id()) {
            return Done.UNCHANGED;
        }
        vhost.remove(current);
        return Done.CHANGED;
    }

    TopologyOutcome connectionClosed(String owner) {
        var owned = state.queues.ownedBy(owner);
        for (QueueView queue : owned) {
            VhostState vhost = state.vhosts.get(queue.vhost());
            if (vhost != null) {
                vhost.remove(queue);
                state.changedVhosts.add(queue.vhost());
            }
        }
        return owned.isEmpty() ? Done.UNCHANGED : Done.CHANGED;
    }
}
