package io.mainstay.messaging.queue.dispatch;

/// The ways into the data groups.
public interface GroupDoors {

    /// @param group a data group, 1 and up
    Dispatcher dispatcher(int group);

    Ingress ingress(int group);

    /// Number of data groups.
    int count();

    /// A number that no other process has, for [Ingress#publishInPieces].
    long process();

    /// A number that no other message of this process has.
    long nextUpload();

    /// Queues whose publishers are held back.
    FlowingQueues flowing();

    /// Monotonic time.
    long monotonicMs();

    /// Deletes a queue from the topology; `done` is told whether it is gone.
    void deleteQueue(
            io.mainstay.messaging.api.QueueView queue,
            java.util.function.Consumer<io.mainstay.messaging.api.TopologyOutcome> done);
}
