package io.mainstay.spring;

import io.mainstay.client.InstanceStatus;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.cloud.client.discovery.event.InstanceRegisteredEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;

import java.time.Duration;

/// Registers the application when its web server listens, says `UP` when the application is ready, follows its readiness
/// and its health, and at the end takes it out of traffic and out of the registry before the web server stops.
///
/// ```
///  web server listens -> registered, STARTING -> ready: UP <-> DOWN or OUT_OF_SERVICE
///  shutdown: OUT_OF_SERVICE -> drain wait -> cancelled -> (web server stops)
/// ```
public final class MainstayAutoRegistration implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(MainstayAutoRegistration.class);

    private final MainstayServiceRegistry registry;
    private final MainstayRegistration registration;
    private final MainstayDiscoveryProperties properties;
    private final ApplicationContext context;
    private final @Nullable ApplicationHealth health;
    private boolean running;
    private boolean draining;

    /// What [AvailabilityChangeEvent] said last.
    private boolean ready;

    /// What [ApplicationHealth] said last.
    private InstanceStatus healthy = InstanceStatus.UP;

    /// @param health `null`: nothing is checked
    MainstayAutoRegistration(
            MainstayServiceRegistry registry,
            MainstayRegistration registration,
            MainstayDiscoveryProperties properties,
            ApplicationContext context,
            @Nullable ApplicationHealth health) {
        this.registry = registry;
        this.registration = registration;
        this.properties = properties;
        this.context = context;
        this.health = health;
    }

    /// After everything else, and so the first to stop: the web server's phases are below.
    @Override
    public int getPhase() {
        return SmartLifecycle.DEFAULT_PHASE;
    }

    @Override
    public void start() {
        synchronized (this) {
            if (running) {
                return;
            }
            if (registration.getPort() == 0) {
                LOG.info(
                        "This application has no web server and is not registered; mainstay.discovery.port registers it.");
                return;
            }
            running = true;
            draining = false;
            registry.register(registration);
            tell();
        }
        context.publishEvent(new InstanceRegisteredEvent<>(this, properties));
    }

    @Override
    public void stop() {
        synchronized (this) {
            if (!running) {
                return;
            }
            running = false;
            draining = true;
        }
        if (registry.drain()) {
            // For calls of clients that were told a moment ago, and for those that poll.
            pause(properties.getDrainWait());
        }
        registry.deregister(registration);
    }

    @Override
    public synchronized boolean isRunning() {
        return running;
    }

    @EventListener
    public synchronized void onReadiness(AvailabilityChangeEvent<ReadinessState> event) {
        ready = event.getState() == ReadinessState.ACCEPTING_TRAFFIC;
        if (!ready && running && !draining) {
            registry.setOwnStatus(InstanceStatus.OUT_OF_SERVICE);
        }
        tell();
    }

    /// Looks at the health of the application. Not while the registry is away: its own absence is part of that health.
    ///
    /// @param connected whether a node would hear of a change
    void lookAtHealth(boolean connected) {
        ApplicationHealth checks = health;
        if (checks == null || !connected || !isRunning()) {
            return;
        }
        InstanceStatus found = checks.look();
        synchronized (this) {
            healthy = found;
            tell();
        }
    }

    private void tell() {
        if (running && !draining && ready) {
            registry.setOwnStatus(healthy);
        }
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
