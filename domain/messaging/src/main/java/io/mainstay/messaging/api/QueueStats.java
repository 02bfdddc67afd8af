package io.mainstay.messaging.api;

/// Numbers of one queue at one moment.
///
/// @param ready messages that can be delivered; of a stream all
/// @param unacked delivered and not settled; of a stream none, as each reader has its own
/// @param bytes of bodies, ready and unacked
/// @param consumers how many there are
/// @param end of a stream the offset that its next message gets; otherwise 0
/// @param published, delivered, acked, redelivered, duplicates (which it had and did not take again) since the queue is led by this process
public record QueueStats(
        long ready,
        long unacked,
        long bytes,
        int consumers,
        long end,
        long published,
        long delivered,
        long acked,
        long redelivered,
        long duplicates) {

    public static final QueueStats NONE = new QueueStats(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
}
