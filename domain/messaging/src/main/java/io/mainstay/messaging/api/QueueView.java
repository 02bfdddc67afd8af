package io.mainstay.messaging.api;

import io.mainstay.messaging.message.FieldTable;

/// One incarnation of a queue.
///
/// @param id never used again, so that a queue that was deleted and declared anew is another one
/// @param group the raft group that holds its messages
/// @param owner id of the connection that it belongs to exclusively, empty if to none
/// @param arguments as declared
/// @param settings what arguments and policies together ask for
/// @param policy name of the policy in effect, empty: none
/// @param operatorPolicy likewise
public record QueueView(
        long id,
        int group,
        String vhost,
        String name,
        Type type,
        boolean durable,
        boolean autoDelete,
        String owner,
        FieldTable arguments,
        QueueSettings settings,
        String policy,
        String operatorPolicy) {

    public boolean exclusive() {
        return !owner.isEmpty();
    }

    /// What clients see of the type that was declared; the engine is one.
    public enum Type {
        CLASSIC,
        QUORUM,
        STREAM,
        /// What waits at a delayed exchange, under the exchange's name; no client sees it.
        DELAYED
    }
}
