package io.mainstay.spring.boot4;

import io.mainstay.client.InstanceStatus;
import io.mainstay.spring.ApplicationHealth;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.actuate.endpoint.HealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;

/// The health endpoint decides, so the order of states and the groups that the application configured hold here, too.
final class EndpointHealth implements ApplicationHealth {
    private final HealthEndpoint endpoint;
    private final @Nullable String group;

    /// @param group `null`: everything
    EndpointHealth(HealthEndpoint endpoint, @Nullable String group) {
        this.endpoint = endpoint;
        this.group = group;
    }

    @Override
    public InstanceStatus look() {
        HealthDescriptor found = group == null ? endpoint.health() : endpoint.healthForPath(group);
        if (found == null) {
            throw new IllegalStateException(
                    "mainstay.discovery.health-check.group is '"
                            + group
                            + "', and no health group has that name");
        }
        return ApplicationHealth.of(found.getStatus().getCode());
    }
}
