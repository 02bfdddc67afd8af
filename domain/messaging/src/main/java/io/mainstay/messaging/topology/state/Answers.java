package io.mainstay.messaging.topology.state;

import io.mainstay.messaging.api.TopologyOutcome.Reason;
import io.mainstay.messaging.api.TopologyOutcome.Refused;

/// Refusals that several changes give.
final class Answers {

    private Answers() {}

    static Refused noVhost(String name) {
        return new Refused(Reason.NOT_FOUND, "vhost '" + name + "' not found");
    }

    /// @param what as RabbitMQ names it: `queue 'q' in vhost '/'`
    static Refused missing(String what) {
        return new Refused(Reason.NOT_FOUND, "no " + what);
    }

    /// A limit that somebody set.
    static Refused queueLimit(String vhost, String queue, long most) {
        return new Refused(
                Reason.PRECONDITION_FAILED,
                "cannot declare queue '%s': queue limit in vhost '%s' (%s) is reached"
                        .formatted(queue, vhost, most));
    }

    static Refused full(String what, String kind, int limit) {
        return new Refused(
                Reason.UNAVAILABLE,
                "cannot declare %s: the limit of %,d %s is reached".formatted(what, limit, kind));
    }
}
