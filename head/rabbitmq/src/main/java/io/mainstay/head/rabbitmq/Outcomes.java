package io.mainstay.head.rabbitmq;

import io.mainstay.access.api.AccessOutcome;
import io.mainstay.messaging.api.TopologyOutcome;

/// The one table from our outcomes to RabbitMQ's answers.
final class Outcomes {

    private Outcomes() {}

    static TopologyOutcome.Done done(TopologyOutcome outcome) throws RefusedException {
        return switch (outcome) {
            case TopologyOutcome.Done done -> done;
            case TopologyOutcome.Refused(TopologyOutcome.Reason reason, String message) ->
                    throw refused(reason, message);
            case TopologyOutcome.Unknown(String message) ->
                    throw RefusedException.unavailable(message);
        };
    }

    static RefusedException refused(TopologyOutcome.Reason reason, String message) {
        return switch (reason) {
            case NOT_FOUND -> RefusedException.notFound(message);
            case PRECONDITION_FAILED, COMMAND_INVALID -> RefusedException.bad(message);
            case ACCESS_REFUSED -> RefusedException.notAuthorised("Access refused: " + message);
            case RESOURCE_LOCKED -> RefusedException.bad("405 RESOURCE_LOCKED - " + message);
            case INACCESSIBLE, UNAVAILABLE -> RefusedException.unavailable(message);
        };
    }

    static void done(AccessOutcome outcome) throws RefusedException {
        switch (outcome) {
            case AccessOutcome.Done done -> {}
            case AccessOutcome.NotFound notFound -> throw RefusedException.notFound();
            case AccessOutcome.Refused(AccessOutcome.Reason reason, String why) ->
                    throw switch (reason) {
                        case INVALID, LAST_ADMIN, LIMIT -> RefusedException.bad(why);
                        case UNAVAILABLE -> RefusedException.unavailable(why);
                    };
            case AccessOutcome.Unknown(String why) -> throw RefusedException.unavailable(why);
        }
    }
}
