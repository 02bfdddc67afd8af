package io.mainstay.messaging.queue.command;

/// A message's number in its queue: the lane in the highest byte, the number within the lane below. Lane 0 is the only one of a queue without
/// priorities, so there a sequence is just the number.
public final class Sequences {

    /// Lanes that a queue may have: priorities 0 to 127 keep sequences positive.
    public static final int MAX_LANES = 128;

    private static final int LANE_SHIFT = 56;
    private static final long NUMBER_MASK = (1L << LANE_SHIFT) - 1;

    private Sequences() {}

    public static long of(int lane, long number) {
        return (long) lane << LANE_SHIFT | number;
    }

    public static int lane(long sequence) {
        return (int) (sequence >>> LANE_SHIFT);
    }

    public static long number(long sequence) {
        return sequence & NUMBER_MASK;
    }
}
