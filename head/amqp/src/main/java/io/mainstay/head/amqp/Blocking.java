package io.mainstay.head.amqp;

import io.mainstay.head.amqp.wire.MethodId;
import io.mainstay.head.amqp.wire.MethodWriter;

/// Makes a connection wait that publishes while the alarm rings; one that only consumes is not touched. Event loop only.
final class Blocking {

    private final PublishAlarm alarm;
    private final MethodWriter out;
    private final boolean tellable;
    private boolean publisher;
    private boolean blocked;

    /// @param tellable whether the client wants to know
    Blocking(PublishAlarm alarm, MethodWriter out, boolean tellable) {
        this.alarm = alarm;
        this.out = out;
        this.tellable = tellable;
    }

    boolean blocked() {
        return blocked;
    }

    /// @return whether the connection is blocked from now on
    boolean publishing() {
        if (publisher) {
            return false;
        }
        publisher = true;
        changed();
        return blocked;
    }

    void changed() {
        boolean now = publisher && alarm.blocked();
        if (now == blocked) {
            return;
        }
        blocked = now;
        if (tellable && now) {
            out.connectionBlocked(alarm.reason());
        } else if (tellable) {
            out.bare(0, MethodId.CONNECTION_UNBLOCKED);
        }
    }
}
