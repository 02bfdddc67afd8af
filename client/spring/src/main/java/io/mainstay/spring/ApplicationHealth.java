package io.mainstay.spring;

import io.mainstay.client.InstanceStatus;

/// What the application's own health checks say. Each line of Spring Boot has its own classes for it.
@FunctionalInterface
public interface ApplicationHealth {

    /// May block, for as long as the checks do.
    InstanceStatus look();

    /// @param status of the actuator: `UP`, `DOWN`, `OUT_OF_SERVICE` or whatever the application calls it
    static InstanceStatus of(String status) {
        return switch (status) {
            case "UP" -> InstanceStatus.UP;
            case "DOWN" -> InstanceStatus.DOWN;
            case "OUT_OF_SERVICE" -> InstanceStatus.OUT_OF_SERVICE;
            // Nothing is checked that knows better, so it wants traffic as if nothing were checked.
            case "UNKNOWN" -> InstanceStatus.UP;
            default -> InstanceStatus.DOWN;
        };
    }
}
