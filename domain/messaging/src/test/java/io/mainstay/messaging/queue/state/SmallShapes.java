package io.mainstay.messaging.queue.state;

/// Machines whose delayed exchanges write runs and merge them after a few messages, and whose queues have next to no heap for their indexes.
public final class SmallShapes {

    private SmallShapes() {}

    public static QueueMachine machine(BlockStore store) {
        return new QueueMachine(store, new QueueMemory(4 << 10), new DelayedState.Shape(8, 4));
    }

    /// Nobody knows any more how far deliveries may have come.
    public static void forgetReservations(QueueMachine machine) {
        for (QueueState queue : machine.queues()) {
            queue.lanes.values().forEach(lane -> lane.reserved = 0);
        }
    }

    /// Messages of all lanes, one by one.
    public static long countedMessages(QueueState queue) {
        long count = 0;
        for (Lane lane : queue.lanes.values()) {
            for (long n = lane.nextLive(lane.floor); n < lane.tail; n = lane.nextLive(n + 1)) {
                count++;
            }
        }
        return count;
    }
}
