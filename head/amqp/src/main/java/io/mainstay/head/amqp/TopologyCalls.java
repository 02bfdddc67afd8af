package io.mainstay.head.amqp;

import io.mainstay.head.amqp.wire.AmqpException;
import io.mainstay.head.amqp.wire.ReplyCode;
import io.mainstay.messaging.api.Topology;
import io.mainstay.messaging.api.TopologyChange;
import io.mainstay.messaging.api.TopologyOutcome;
import io.mainstay.messaging.api.TopologyOutcome.Reason;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/// Changes of the topology, asked from the event loop and answered on it. What is not known to have happened is asked again: every change may be.
final class TopologyCalls {

    private static final Logger LOG = LoggerFactory.getLogger(TopologyCalls.class);
    private static final int TRIES = 3;

    private final Topology topology;
    private final AmqpConnection connection;
    private boolean closed;

    TopologyCalls(Topology topology, AmqpConnection connection) {
        this.topology = topology;
        this.connection = connection;
    }

    /// `done` runs once, on the event loop, also after the connection has ended.
    void change(TopologyChange change, Consumer<TopologyOutcome> done) {
        change(change, TRIES, done);
    }

    /// The connection ends: its exclusive queues go. Nothing is asked again from now on, so that this stays the last word.
    void closed(String owner, Runnable done) {
        closed = true;
        topology.connectionClosed(owner).whenComplete((outcome, broken) -> later(owner, done));
    }

    private void later(Object what, Runnable action) {
        try {
            connection.onLoop(action);
        } catch (RejectedExecutionException ended) {
            LOG.debug("The event loop ended before {} was done", what);
        }
    }

    private void change(TopologyChange change, int tries, Consumer<TopologyOutcome> done) {
        topology.change(change)
                .whenComplete(
                        (outcome, broken) ->
                                later(
                                        change,
                                        () -> answered(change, tries, outcome, broken, done)));
    }

    private void answered(
            TopologyChange change,
            int tries,
            @Nullable TopologyOutcome outcome,
            @Nullable Throwable broken,
            Consumer<TopologyOutcome> done) {
        if (broken != null || outcome == null) {
            LOG.error("{} failed", change, broken);
            done.accept(new TopologyOutcome.Unknown("see the log of the node"));
        } else if (outcome instanceof TopologyOutcome.Unknown && tries > 1 && !closed) {
            change(change, tries - 1, done);
        } else {
            done.accept(outcome);
        }
    }

    /// The error of AMQP for a reason of messaging.
    static AmqpException error(Reason reason, String message) {
        ReplyCode code =
                switch (reason) {
                    case NOT_FOUND, INACCESSIBLE -> ReplyCode.NOT_FOUND;
                    case PRECONDITION_FAILED -> ReplyCode.PRECONDITION_FAILED;
                    case ACCESS_REFUSED -> ReplyCode.ACCESS_REFUSED;
                    case RESOURCE_LOCKED -> ReplyCode.RESOURCE_LOCKED;
                    case COMMAND_INVALID -> ReplyCode.COMMAND_INVALID;
                    case UNAVAILABLE -> ReplyCode.RESOURCE_ERROR;
                };
        return new AmqpException(code, message);
    }
}
