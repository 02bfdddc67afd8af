package io.mainstay.messaging.queue.state;

/// A message that waits for its time. Ordered by time, then as they came.
///
/// @param dueMs Unix time when it is to be routed
/// @param address and
/// @param bytes and
/// @param bodyBytes as of an [Entry]; no other message that waits at the same exchange has this address
public record Pending(long dueMs, long address, int bytes, int bodyBytes)
        implements Comparable<Pending> {

    /// Where its bytes are.
    public Entry entry() {
        return new Entry(address, bytes, bodyBytes, 0, dueMs);
    }

    boolean isLarge() {
        return bodyBytes > bytes;
    }

    @Override
    public int compareTo(Pending other) {
        return compare(dueMs, address, other.dueMs, other.address);
    }

    static int compare(long dueMs, long address, long otherDueMs, long otherAddress) {
        int times = Long.compare(dueMs, otherDueMs);
        return times != 0 ? times : Long.compare(address, otherAddress);
    }
}
