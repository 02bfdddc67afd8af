package io.mainstay.messaging.queue.dispatch;

import io.mainstay.messaging.api.QueueSettings;
import io.mainstay.messaging.queue.state.QueueState;

/// How much a queue may hold before it refuses messages; what drops old ones in their place is no matter of the log.
///
/// @param length messages; below 0: any number
/// @param bytes of bodies; below 0: any number
record RejectLimits(long length, long bytes) {

    private static final RejectLimits NONE = new RejectLimits(-1, -1);

    static RejectLimits of(QueueSettings settings) {
        return settings.overflow() == QueueSettings.Overflow.DROP_HEAD
                ? NONE
                : new RejectLimits(settings.maxLength(), settings.maxBytes());
    }

    /// Whether publishers may be waiting for room.
    boolean any() {
        return length >= 0 || bytes >= 0;
    }

    boolean areThoseOf(QueueState state) {
        return state.rejectLength() == length && state.rejectBytes() == bytes;
    }
}
