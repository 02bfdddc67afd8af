package io.mainstay.messaging.queue.dispatch;

import io.mainstay.kernel.group.Durability;
import io.mainstay.kernel.group.Outcome;
import io.mainstay.messaging.api.MessageTraces;
import io.mainstay.messaging.api.OutgoingMessage;
import io.mainstay.messaging.api.QueueSession;
import io.mainstay.messaging.api.QueueSession.PublishListener;
import io.mainstay.messaging.api.QueueStats;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.api.TopologyView;
import io.mainstay.messaging.queue.command.QueueCommand;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/// What dispatchers need of the world around their group.
public interface DispatcherPort {

    /// Unix time; compared with the times of entries, which are the leader's.
    long nowMs();

    /// Monotonic time, to measure with.
    long monotonicMs();

    /// Queues whose publishers are held back.
    FlowingQueues flowing();

    /// How long a consumer may keep a delivery unsettled, for queues that do not say so themselves; 0: for ever.
    long consumerTimeoutMs();

    TopologyView topologyView();

    /// `null`: nothing is traced.
    default @Nullable MessageTraces traces() {
        return null;
    }

    /// The queues that live in that group, by the present topology.
    Collection<QueueView> queuesOf(int group);

    /// Sends commands that are no messages into the log of a group.
    void control(int group, List<QueueCommand> commands, Durability level, Consumer<Outcome> done);

    /// Publishes to queues of any groups. The listener is told on the apply thread, in a turn of `dispatcher`.
    void publish(
            OutgoingMessage message,
            List<QueueView> targets,
            PublishListener listener,
            Dispatcher dispatcher);

    /// A way to queues of any groups whose answers come on the apply thread, in turns of `dispatcher`. It needs no end.
    QueueSession publisher(Dispatcher dispatcher);

    /// Deletes a queue for a reason of its own (auto-delete, expiry). `done` runs on any thread when it is gone or could not be deleted.
    void deleteQueue(QueueView view, Runnable done);

    /// Runs work that reads from the disk.
    void read(Runnable work);

    /// Numbers of a queue after a turn.
    void stats(long queue, QueueStats stats);

    /// The queue is gone.
    void forget(long queue);
}
