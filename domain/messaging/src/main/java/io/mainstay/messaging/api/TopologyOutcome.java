package io.mainstay.messaging.api;

import org.jspecify.annotations.Nullable;

/// What became of a [TopologyChange].
public sealed interface TopologyOutcome {

    /// It is so now; it may have been so before.
    ///
    /// @param queue the queue that was declared, otherwise `null`
    /// @param changed false if everything was so before
    record Done(@Nullable QueueView queue, boolean changed) implements TopologyOutcome {
        public static final Done CHANGED = new Done(null, true);
        public static final Done UNCHANGED = new Done(null, false);
    }

    /// Nothing was changed.
    ///
    /// @param message a sentence for the client in RabbitMQ's words, without the name of the code in front
    record Refused(Reason reason, String message) implements TopologyOutcome {}

    /// Whether it happened is not known: leadership was lost meanwhile. Every change may be tried again.
    record Unknown(String message) implements TopologyOutcome {}

    enum Reason {
        /// What is named does not exist (AMQP 404).
        NOT_FOUND,
        /// It exists with other properties, is in use, or an argument is bad (AMQP 406).
        PRECONDITION_FAILED,
        /// The name is reserved, or nobody may do that (AMQP 403).
        ACCESS_REFUSED,
        /// It belongs to another connection (AMQP 405).
        RESOURCE_LOCKED,
        /// An unknown exchange type and the like (AMQP 503, of the connection).
        COMMAND_INVALID,
        /// It exists, but what it holds is out of service: its raft group is fenced, or has no leader (AMQP 404, as RabbitMQ answers for a queue whose node
        /// is down).
        INACCESSIBLE,
        /// A limit is reached or nothing can be written now; try again (AMQP 506 or 541).
        UNAVAILABLE
    }
}
