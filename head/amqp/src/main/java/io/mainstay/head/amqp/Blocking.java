package io.mainstay.head.amqp;

import io.mainstay.head.amqp.wire.MethodId;
import io.mainstay.head.amqp.wire.MethodWriter;

/// Makes a connection wait that publishes while the alarm rings. One that published earlier is told when the alarm rings, and blocked with its next publish: until then
/// it consumes and acknowledges, which is what ends the alarm. One that only consumes is not touched. Event loop only.
final class Blocking {

    private final PublishAlarm alarm;
    private final MethodWriter out;
    private final boolean tellable;
    private boolean publisher;
    private boolean told;
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

    /// A publish is here.
    ///
    /// @return whether it must wait
    boolean publishing() {
        publisher = true;
        changed();
        blocked = told;
        return blocked;
    }

    /// The alarm rings, or ends.
    void changed() {
        boolean now = publisher && alarm.blocked();
        if (now == told) {
            return;
        }
        told = now;
        blocked &= now;
        if (tellable && now) {
            out.connectionBlocked(alarm.reason());
        } else if (tellable) {
            out.bare(0, MethodId.CONNECTION_UNBLOCKED);
        }
    }
}
