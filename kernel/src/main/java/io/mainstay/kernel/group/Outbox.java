package io.mainstay.kernel.group;

import io.mainstay.kernel.journal.Journal;

import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.PriorityQueue;

/// Everything that leaves this node, of all groups: each message waits here for the journal position that it needs. Driver thread only.
final class Outbox {

    private final PeerLink link;
    private final Journal journal;
    private final PriorityQueue<Message> held =
            new PriorityQueue<>(
                    Comparator.comparingLong(Message::need).thenComparingLong(Message::sequence));
    private long sequence;

    Outbox(PeerLink link, Journal journal) {
        this.link = link;
        this.journal = journal;
    }

    /// The position that a message needs which tells of all that was written so far.
    long journalEnd() {
        return journal.end();
    }

    /// Takes a message.
    ///
    /// @param unreachable called by [#release()] if the link to the node is down
    void put(int node, ByteBuffer frame, long need, Runnable unreachable) {
        held.add(new Message(need, sequence++, node, frame, unreachable));
    }

    /// Sends what needs nothing that is not synced; returns true if a node was not reachable.
    boolean release() {
        boolean down = false;
        long synced = journal.synced();
        for (Message first = held.peek();
                first != null && first.need <= synced;
                first = held.peek()) {
            held.remove();
            if (!link.send(first.node, first.frame)) {
                down = true;
                first.unreachable.run();
            }
        }
        return down;
    }

    /// True if something waits for a sync of the journal.
    boolean isHolding() {
        return !held.isEmpty();
    }

    private record Message(
            long need, long sequence, int node, ByteBuffer frame, Runnable unreachable) {}
}
