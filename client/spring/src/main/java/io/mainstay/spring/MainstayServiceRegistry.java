package io.mainstay.spring;

import io.mainstay.client.InstanceStatus;
import io.mainstay.client.MainstayClient;
import io.mainstay.client.Registration;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cloud.client.serviceregistry.ServiceRegistry;

import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Puts this application into the registry and keeps it there. Registering does not wait for a node: the client does it
/// when one answers. Thread-safe.
public final class MainstayServiceRegistry implements ServiceRegistry<MainstayRegistration> {
    private static final Logger LOG = LoggerFactory.getLogger(MainstayServiceRegistry.class);

    private static final long ANSWER_MS = 2_000;

    /// The word of Eureka's starter.
    private static final String CANCEL_OVERRIDE = "CANCEL_OVERRIDE";

    private final MainstayClient client;
    private final InstanceStatus initialStatus;
    private @Nullable Registration held;

    /// What was asked for last; the client carries it out on a thread of its own.
    private InstanceStatus wanted = InstanceStatus.UNKNOWN;

    /// What the application says of itself by its readiness and health.
    private InstanceStatus own = InstanceStatus.UNKNOWN;

    /// What somebody said instead, until it is taken back.
    private @Nullable InstanceStatus override;

    MainstayServiceRegistry(MainstayClient client, InstanceStatus initialStatus) {
        this.client = client;
        this.initialStatus = initialStatus;
    }

    @Override
    public synchronized void register(MainstayRegistration registration) {
        if (held != null) {
            return;
        }
        Registration made = client.register(registration.instance(initialStatus));
        held = made;
        wanted = initialStatus;
        own = initialStatus;
        override = null;
        tell(made);
    }

    /// Waits for the node's word, 2 s at the most, and not at all while no node is connected.
    @Override
    public void deregister(MainstayRegistration registration) {
        Registration made;
        synchronized (this) {
            made = held;
            held = null;
            wanted = InstanceStatus.UNKNOWN;
        }
        if (made != null) {
            await(made.cancel(), "cancelled " + made.instance().instanceId());
        }
    }

    /// Holds whatever the application says of itself, until it is taken back or the application ends.
    ///
    /// @param status a word of [InstanceStatus], in any case; `CANCEL_OVERRIDE` takes the last one back
    /// @throws IllegalArgumentException with the words that are allowed
    @Override
    public synchronized void setStatus(MainstayRegistration registration, String status) {
        String word = status.toUpperCase(Locale.ROOT);
        override = word.equals(CANCEL_OVERRIDE) ? null : parse(word);
        InstanceStatus now = override;
        ask(now != null ? now : own);
    }

    private static InstanceStatus parse(String word) {
        for (InstanceStatus status : InstanceStatus.values()) {
            if (status.name().equals(word)) {
                return status;
            }
        }
        throw new IllegalArgumentException(
                "'%s' is no status; allowed are %s and %s."
                        .formatted(
                                word, Arrays.toString(InstanceStatus.values()), CANCEL_OVERRIDE));
    }

    /// The last status that this application gave itself; UNKNOWN if it is not registered.
    @Override
    @SuppressWarnings("unchecked") // The interface's way to leave the type open; callers print it.
    public <T> T getStatus(MainstayRegistration registration) {
        return (T) status().name();
    }

    @Override
    public void close() {
        // The client has its own end.
    }

    synchronized InstanceStatus status() {
        return wanted;
    }

    /// What the application says of itself; somebody's other word holds against it.
    synchronized void setOwnStatus(InstanceStatus status) {
        own = status;
        if (override == null) {
            ask(status);
        }
    }

    /// Takes it out of traffic, whatever was said before; whether a node said within 2 s that it is visible.
    boolean drain() {
        return await(ask(InstanceStatus.OUT_OF_SERVICE), "out of service");
    }

    /// @return done when a node said that it is visible
    private synchronized CompletableFuture<Void> ask(InstanceStatus status) {
        Registration made = held;
        if (made == null || wanted == status) {
            return CompletableFuture.completedFuture(null);
        }
        LOG.info("{} is {}, was {}", made.instance().instanceId(), status, wanted);
        wanted = status;
        return made.status(status);
    }

    private void tell(Registration made) {
        String id = made.instance().instanceId();
        made.acknowledged()
                .whenComplete(
                        (nothing, failure) -> {
                            if (failure == null) {
                                LOG.info("Mainstay: registered {}", id);
                            } else if (holds(made)) {
                                LOG.error("Mainstay: {} is refused: {}", id, failure.getMessage());
                            }
                        });
    }

    private synchronized boolean holds(Registration made) {
        return held == made;
    }

    private boolean await(CompletableFuture<Void> step, String done) {
        if (!client.state().connected()) {
            LOG.info("Mainstay: no node is connected, so nobody can confirm that it is {}", done);
            return false;
        }
        try {
            step.get(ANSWER_MS, TimeUnit.MILLISECONDS);
            LOG.info("Mainstay: {}", done);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("Mainstay: not known whether it is {}: {}", done, e.toString());
        }
        return false;
    }
}
