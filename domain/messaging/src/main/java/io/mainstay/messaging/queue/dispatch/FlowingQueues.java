package io.mainstay.messaging.queue.dispatch;

import java.util.Arrays;

/// The queues of a node whose publishers are held back for a moment (*flow*, as RabbitMQ calls it). Thread-safe; reading is one volatile read as long as there
/// is none.
public final class FlowingQueues {

    private static final long[] NONE = {};

    private volatile long[] ids = NONE;

    synchronized void set(long queue, boolean flowing) {
        if (flowing == contains(queue)) {
            return;
        }
        ids = flowing ? append(ids, queue) : Arrays.stream(ids).filter(id -> id != queue).toArray();
    }

    private static long[] append(long[] ids, long queue) {
        long[] more = Arrays.copyOf(ids, ids.length + 1);
        more[ids.length] = queue;
        return more;
    }

    boolean isEmpty() {
        return ids.length == 0;
    }

    boolean contains(long queue) {
        for (long id : ids) {
            if (id == queue) {
                return true;
            }
        }
        return false;
    }
}
