package io.mainstay.messaging.queue.dispatch;

import io.mainstay.messaging.api.QueueView;

import java.util.List;

/// Whether a session's publishes wait, since consumers of a queue where they go [fall behind][FallingBehind]. Event loop only.
///
/// It waits for [#MOST_MS] at most and then has as long a time for itself, so a publisher keeps at least half its speed whatever consumers do.
final class HeldBack {

    private static final long MOST_MS = 50;
    private static final long NOBODY = 0;

    private final FlowingQueues flowing;
    private long queue = NOBODY;
    private boolean waiting;
    private long sinceMs;
    private boolean free;

    HeldBack(FlowingQueues flowing) {
        this.flowing = flowing;
    }

    void published(List<QueueView> targets) {
        if (queue != NOBODY || flowing.isEmpty()) {
            return;
        }
        for (int i = 0; i < targets.size(); i++) {
            published(targets.get(i).id());
        }
    }

    void published(long to) {
        if (flowing.contains(to)) {
            queue = to;
        }
    }

    /// @param nowMs monotonic
    boolean now(long nowMs) {
        if (free && nowMs - sinceMs < MOST_MS) {
            queue = NOBODY;
            return false;
        }
        free = false;
        if (queue == NOBODY || !flowing.contains(queue)) {
            queue = NOBODY;
            waiting = false;
            return false;
        }
        if (!waiting) {
            waiting = true;
            sinceMs = nowMs;
        } else if (nowMs - sinceMs >= MOST_MS) {
            waiting = false;
            free = true;
            sinceMs = nowMs;
            queue = NOBODY;
            return false;
        }
        return true;
    }
}
