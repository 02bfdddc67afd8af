package io.mainstay.messaging.api;

import io.mainstay.messaging.message.FieldTable;

/// A wish to change the topology. What is checked against the present state (does it exist, is it equal, is it in use) is checked when it is
/// applied; rights are the caller's business.
public sealed interface TopologyChange {

    record DeclareExchange(
            String vhost,
            String name,
            String type,
            boolean durable,
            boolean autoDelete,
            boolean internal,
            FieldTable arguments)
            implements TopologyChange {}

    record DeleteExchange(String vhost, String name, boolean ifUnused) implements TopologyChange {}

    /// @param owner id of the connection that an exclusive queue belongs to, empty if not exclusive
    record DeclareQueue(
            String vhost,
            String name,
            boolean durable,
            boolean autoDelete,
            String owner,
            FieldTable arguments)
            implements TopologyChange {}

    /// Deletes the queue with its messages. Conditions (unused, empty) are asked by [QueueSession#delete], which knows consumers and messages.
    ///
    /// @param id of the incarnation that is meant; nothing happens if the name has another one by now
    record DeleteQueue(String vhost, String name, long id) implements TopologyChange {}

    /// Binds a queue or (`toExchange`) an exchange to the exchange `source`. Declaring the same binding again changes nothing.
    record Bind(
            String vhost,
            String source,
            String destination,
            boolean toExchange,
            String routingKey,
            FieldTable arguments)
            implements TopologyChange {}

    /// Removing a binding that is not there is no error.
    record Unbind(
            String vhost,
            String source,
            String destination,
            boolean toExchange,
            String routingKey,
            FieldTable arguments)
            implements TopologyChange {}

    record PutVhost(String name, String description) implements TopologyChange {}

    /// Deletes it with everything in it.
    record DeleteVhost(String name) implements TopologyChange {}

    /// Patterns are regular expressions; an empty one allows nothing.
    record PutPermission(String user, String vhost, String configure, String write, String read)
            implements TopologyChange {}

    record DeletePermission(String user, String vhost) implements TopologyChange {}

    record PutTopicPermission(String user, String vhost, String exchange, String write, String read)
            implements TopologyChange {}

    /// @param exchange empty: those of all exchanges
    record DeleteTopicPermission(String user, String vhost, String exchange)
            implements TopologyChange {}

    /// @param applyTo `queues`, `exchanges`, `all`, `classic_queues`, `quorum_queues` or `streams`
    /// @param operator an operator policy: its limits are upper bounds of what users set
    record PutPolicy(
            String vhost,
            String name,
            String pattern,
            String applyTo,
            int priority,
            FieldTable definition,
            boolean operator)
            implements TopologyChange {}

    record DeletePolicy(String vhost, String name, boolean operator) implements TopologyChange {}

    /// What is there beyond a new limit stays. The limit goes with its virtual host.
    ///
    /// @param most below 0: no limit
    record PutVhostLimit(String vhost, VhostLimit limit, long most) implements TopologyChange {}

    record DeleteVhostLimit(String vhost, VhostLimit limit) implements TopologyChange {}

    /// What is there beyond a new limit stays.
    ///
    /// @param most below 0: no limit
    record PutUserLimit(String user, UserLimit limit, long most) implements TopologyChange {}

    record DeleteUserLimit(String user, UserLimit limit) implements TopologyChange {}
}
