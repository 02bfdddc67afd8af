package io.mainstay.messaging.queue.dispatch;

import io.mainstay.messaging.queue.command.QueueCommand;
import io.mainstay.messaging.queue.command.QueueCommandCodec;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What is settled and not yet in the log: ranges, joined where they touch as they come.
final class Settles {

    private long[] ranges = new long[16];
    private int size;

    void add(long sequence) {
        if (size > 0 && ranges[size - 1] == sequence - 1) {
            ranges[size - 1] = sequence;
        } else {
            add(sequence, sequence);
        }
    }

    void add(long first, long last) {
        if (size == ranges.length) {
            ranges = Arrays.copyOf(ranges, size * 2);
        }
        ranges[size++] = first;
        ranges[size++] = last;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /// There is so much that it should wait for no more.
    boolean isLong() {
        return size >= QueueCommandCodec.MAX_NUMBERS / 2;
    }

    /// Takes everything as commands.
    List<QueueCommand> take(long queue) {
        List<QueueCommand> commands = new ArrayList<>();
        int most = QueueCommandCodec.MAX_NUMBERS & ~1;
        for (int from = 0; from < size; from += most) {
            commands.add(
                    new QueueCommand.Settle(
                            queue, Arrays.copyOfRange(ranges, from, Math.min(size, from + most))));
        }
        size = 0;
        return commands;
    }

    /// Takes back what could not be logged.
    void again(QueueCommand.Settle settle) {
        long[] more = settle.ranges();
        for (int i = 0; i < more.length; i += 2) {
            add(more[i], more[i + 1]);
        }
    }
}
