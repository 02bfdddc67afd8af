package io.mainstay.messaging.queue.command;

/// A message's number in its queue: the lane in the highest byte, the number within the lane below. Lane 0 is the only one of a queue without
/// priorities, so there a sequence is just the number. Lanes above 127 make it negative: within a lane sequences are in the order of their numbers,
/// between lanes their order means nothing.
public final class Sequences {

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
