package io.mainstay.messaging.topology.state;

import io.mainstay.messaging.api.TopologyChange.DeleteUserLimit;
import io.mainstay.messaging.api.TopologyChange.DeleteVhostLimit;
import io.mainstay.messaging.api.TopologyChange.PutUserLimit;
import io.mainstay.messaging.api.TopologyChange.PutVhostLimit;
import io.mainstay.messaging.api.TopologyOutcome;
import io.mainstay.messaging.api.TopologyOutcome.Done;
import io.mainstay.messaging.api.UserLimit;
import io.mainstay.messaging.topology.rules.TopologyLimits;

import java.util.EnumMap;

/// What changes of limits do. Queues are counted here when one is declared, connections and channels where they are opened.
final class LimitChanges {

    private final TopologyState state;

    LimitChanges(TopologyState state) {
        this.state = state;
    }

    TopologyOutcome put(PutVhostLimit wish) {
        VhostState vhost = state.vhost(wish.vhost());
        if (vhost == null) {
            return Answers.noVhost(wish.vhost());
        }
        Long before = vhost.limits().put(wish.limit(), wish.most());
        return before != null && before == wish.most() ? Done.UNCHANGED : Done.CHANGED;
    }

    TopologyOutcome delete(DeleteVhostLimit wish) {
        VhostState vhost = state.vhost(wish.vhost());
        return vhost == null || vhost.limits().remove(wish.limit()) == null
                ? Done.UNCHANGED
                : Done.CHANGED;
    }

    /// That the user exists is not asked: users belong to another domain.
    TopologyOutcome put(PutUserLimit wish) {
        EnumMap<UserLimit, Long> limits = state.userLimits.get(wish.user());
        if (limits == null) {
            if (state.userLimits.size() >= TopologyLimits.MAX_LIMITED_USERS) {
                return Answers.full(
                        "a limit", "users with limits", TopologyLimits.MAX_LIMITED_USERS);
            }
            limits = new EnumMap<>(UserLimit.class);
            state.userLimits.put(wish.user(), limits);
        }
        Long before = limits.put(wish.limit(), wish.most());
        return changed(before == null || before != wish.most());
    }

    TopologyOutcome delete(DeleteUserLimit wish) {
        EnumMap<UserLimit, Long> limits = state.userLimits.get(wish.user());
        if (limits == null || limits.remove(wish.limit()) == null) {
            return Done.UNCHANGED;
        }
        if (limits.isEmpty()) {
            state.userLimits.remove(wish.user());
        }
        return changed(true);
    }

    private TopologyOutcome changed(boolean changed) {
        state.userLimitsChanged |= changed;
        return changed ? Done.CHANGED : Done.UNCHANGED;
    }
}
