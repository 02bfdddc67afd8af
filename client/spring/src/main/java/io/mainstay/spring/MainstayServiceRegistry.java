package io.mainstay.spring;

import io.mainstay.client.InstanceStatus;
import io.mainstay.client.MainstayClient;
import io.mainstay.client.Registration;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cloud.client.serviceregistry.ServiceRegistry;

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

    private final MainstayClient client;
    private final InstanceStatus initialStatus;
    private @Nullable Registration held;

    /// What was asked for last; the client carries it out on a thread of its own.
    private InstanceStatus wanted = InstanceStatus.UNKNOWN;

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

    /// @param status a word of [InstanceStatus], in any case
    @Override
    public void setStatus(MainstayRegistration registration, String status) {
        setStatus(InstanceStatus.valueOf(status.toUpperCase(Locale.ROOT)));
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

    /// @return done when a node said that it is visible
    synchronized CompletableFuture<Void> setStatus(InstanceStatus status) {
        Registration made = held;
        if (made == null || wanted == status) {
            return CompletableFuture.completedFuture(null);
        }
        LOG.info("{} is {}, was {}", made.instance().instanceId(), status, wanted);
        wanted = status;
        return made.status(status);
    }

    /// Takes it out of traffic; whether a node said within 2 s that it is visible.
    boolean drain() {
        return await(setStatus(InstanceStatus.OUT_OF_SERVICE), "out of service");
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
