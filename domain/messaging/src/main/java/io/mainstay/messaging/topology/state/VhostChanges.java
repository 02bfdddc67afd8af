package io.mainstay.messaging.topology.state;

import io.mainstay.messaging.api.ExchangeView;
import io.mainstay.messaging.api.PolicyView;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.api.TopologyChange.DeletePolicy;
import io.mainstay.messaging.api.TopologyChange.DeleteVhost;
import io.mainstay.messaging.api.TopologyChange.PutPolicy;
import io.mainstay.messaging.api.TopologyChange.PutVhost;
import io.mainstay.messaging.api.TopologyOutcome;
import io.mainstay.messaging.api.TopologyOutcome.Done;
import io.mainstay.messaging.topology.rules.TopologyLimits;
import io.mainstay.messaging.topology.view.RoutedExchange;

/// What changes of virtual hosts and their policies do, and what a start does to all of them.
final class VhostChanges {

    private final TopologyState state;

    VhostChanges(TopologyState state) {
        this.state = state;
    }

    TopologyOutcome put(long offset, PutVhost wish) {
        VhostState vhost = state.vhost(wish.name());
        if (vhost == null) {
            if (state.vhosts.size() >= TopologyLimits.MAX_VHOSTS) {
                return Answers.full("a vhost", "vhosts", TopologyLimits.MAX_VHOSTS);
            }
            state.addVhost(wish.name(), wish.description(), offset);
            return Done.CHANGED;
        }
        if (vhost.description().equals(wish.description())) {
            return Done.UNCHANGED;
        }
        vhost.describe(wish.description());
        return Done.CHANGED;
    }

    TopologyOutcome delete(DeleteVhost wish) {
        VhostState vhost = state.vhosts.remove(wish.name());
        if (vhost == null) {
            return Done.UNCHANGED;
        }
        vhost.queues().values().forEach(state.queues::remove);
        boolean permissions =
                state.permissions.keySet().removeIf(key -> key.vhost().equals(wish.name()));
        boolean topics =
                state.topicPermissions.keySet().removeIf(key -> key.vhost().equals(wish.name()));
        state.permissionsChanged |= permissions || topics;
        return Done.CHANGED;
    }

    TopologyOutcome put(PutPolicy wish) {
        VhostState vhost = state.vhost(wish.vhost());
        if (vhost == null) {
            return Answers.noVhost(wish.vhost());
        }
        PolicyView policy =
                new PolicyView(
                        wish.vhost(),
                        wish.name(),
                        wish.pattern(),
                        wish.applyTo(),
                        wish.priority(),
                        wish.definition(),
                        wish.operator());
        PolicyView before = vhost.policies().find(wish.name(), wish.operator());
        if (policy.equals(before)) {
            return Done.UNCHANGED;
        }
        if (before == null
                && vhost.policies().count(wish.operator()) >= TopologyLimits.MAX_POLICIES) {
            return Answers.full("a policy", "policies", TopologyLimits.MAX_POLICIES);
        }
        vhost.policies().put(policy);
        vhost.applyPolicies();
        return Done.CHANGED;
    }

    TopologyOutcome delete(DeletePolicy wish) {
        VhostState vhost = state.vhost(wish.vhost());
        if (vhost == null || vhost.policies().find(wish.name(), wish.operator()) == null) {
            return Done.UNCHANGED;
        }
        vhost.policies().remove(wish.name(), wish.operator());
        vhost.applyPolicies();
        return Done.CHANGED;
    }

    /// Connections are gone, and what was not to outlive the broker too.
    TopologyOutcome boot() {
        boolean changed = false;
        for (VhostState vhost : state.vhosts.values()) {
            boolean here = false;
            for (QueueView queue : vhost.queues().values()) {
                if (!queue.durable() || queue.exclusive()) {
                    vhost.remove(queue);
                    here = true;
                }
            }
            for (RoutedExchange exchange : vhost.exchanges().values()) {
                ExchangeView current = vhost.exchange(exchange.view().name());
                if (current != null && !current.durable()) {
                    vhost.remove(current);
                    here = true;
                }
            }
            if (here) {
                state.changedVhosts.add(vhost.name());
            }
            changed |= here;
        }
        return changed ? Done.CHANGED : Done.UNCHANGED;
    }
}
