package io.mainstay.spring.boot4;

import io.mainstay.client.MainstayClient;
import io.mainstay.spring.ConnectionReport;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

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
