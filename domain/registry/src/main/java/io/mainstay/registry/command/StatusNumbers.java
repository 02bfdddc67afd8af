package io.mainstay.registry.command;

import io.mainstay.common.Check;
import io.mainstay.registry.api.InstanceStatus;

/// Numbers of statuses on disk; never used again for another.
final class StatusNumbers {
    private StatusNumbers() {}

    static int numberOf(InstanceStatus status) {
        return switch (status) {
            case UP -> 1;
            case DOWN -> 2;
            case STARTING -> 3;
            case OUT_OF_SERVICE -> 4;
            case UNKNOWN -> 5;
        };
    }

    static InstanceStatus statusOf(long number) {
        for (InstanceStatus status : InstanceStatus.values()) {
            if (numberOf(status) == number) {
                return status;
            }
        }
        Check.that(false, "no instance status has the number %d", number);
        throw new AssertionError();
    }
}
