package io.mainstay.spring.boot3;

import io.mainstay.client.MainstayClient;
import io.mainstay.spring.ConnectionReport;

import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;

/// `/actuator/health`, `mainstay`: the connection to the registry.
final class MainstayHealthIndicator implements HealthIndicator {
    private final MainstayClient client;

    MainstayHealthIndicator(MainstayClient client) {
        this.client = client;
    }

    @Override
    public Health health() {
        ConnectionReport report = ConnectionReport.of(client);
        return Health.status(report.status()).withDetails(report.details()).build();
    }
}
