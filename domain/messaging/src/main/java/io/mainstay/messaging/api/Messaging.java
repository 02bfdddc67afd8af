package io.mainstay.messaging.api;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.Executor;

/// The door of messaging. Thread-safe.
public interface Messaging {

    /// Virtual hosts, exchanges, queues, bindings, permissions and policies.
    Topology topology();

    /// Who is connected to this node.
    Clients clients();

    /// Opens the way to queues for one connection.
    ///
    /// @param executor the connection's event loop: every callback of the session runs on it, and every call comes from it
    /// @param name the connection, for logs
    QueueSession open(Executor executor, String name);

    /// What is known of a queue's messages and consumers at the end of the last round, or [QueueStats#NONE]. One volatile read: what was done
    /// a moment ago may be missing; [QueueSession#inspect] is exact.
    QueueStats stats(QueueView queue);

    /// Whether this node leads the raft group of the queue: otherwise nobody can ask anything of it, and its [#stats] are those that it had. One volatile read.
    boolean isUp(QueueView queue);

    /// Who makes spans of messages; `null`: nothing is traced. The same during the life of the node.
    default @Nullable MessageTraces traces() {
        return null;
    }
}
