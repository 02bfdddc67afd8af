package io.mainstay.client;

import io.mainstay.client.internal.Callbacks;
import io.mainstay.client.internal.GrpcTransport;
import io.mainstay.client.internal.Link;
import io.mainstay.client.internal.ThreadLoop;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A process's connection to the registry: registers instances and is told of services. One for each process is enough. Thread-safe.
///
/// It connects in the background and never blocks or fails because no node answers: registrations wait, views stay and say that they are
/// stale. All its threads are daemons.
///
/// ```java
/// try (var client = MainstayClient.connect(ClientOptions.builder().addresses("localhost:8701").build())) {
///     client.register(Instance.of("orders", "orders-1", "10.0.0.7", 8080).build());
///     Subscription payments = client.subscribe("payments");
///     List<Instance> now = payments.view().up();
/// }
/// ```
public final class MainstayClient implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MainstayClient.class);

    private static final long GOODBYE_MS = 2_500;

    private final ThreadLoop loop;
    private final Callbacks callbacks;
    private final Link link;
    private boolean closed;

    private MainstayClient(ClientOptions options) {
        loop = new ThreadLoop("mainstay-client");
        callbacks = new Callbacks();
        link =
                new Link(
                        options,
                        loop,
                        new GrpcTransport(loop, options.credentials(), options.tls()),
                        callbacks);
        link.start();
    }

    /// Returns at once and connects in the background.
    public static MainstayClient connect(ClientOptions options) {
        return new MainstayClient(options);
    }

    /// Keeps `instance` registered until it is cancelled or this client is closed.
    public Registration register(Instance instance) {
        return link.register(instance);
    }

    /// Begins to be told of a service. Of more than 1,000 services at a time nothing is known (an error in the log says so).
    public Subscription subscribe(String service) {
        return subscribe(service, Selector.ALL);
    }

    public Subscription subscribe(String service, Selector selector) {
        return link.subscribe(service, selector);
    }

    /// Names of all services of the namespace that have instances, in lower case; fails with [RefusedException] while no node is
    /// connected.
    public CompletableFuture<List<String>> services() {
        return link.services();
    }

    /// Views of everything that is subscribed to.
    public List<ServiceView> views() {
        return link.views();
    }

    public ClientState state() {
        return link.state();
    }

    /// Takes everything that is registered out of traffic; the end of the client then cancels it at once. Fails while no node is
    /// connected.
    public CompletableFuture<Void> drain() {
        return link.drain();
    }

    /// Drains, says goodbye and ends; takes 6 s at the most: 2 s for each step, and 1 s for a listener that runs. Idempotent.
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (link.state().connected()) {
            await(link.drain(), "The node did not confirm the drain");
        }
        await(link.finish(), "The node did not end the stream");
        loop.close();
        callbacks.close();
    }

    private static void await(CompletableFuture<Void> step, String otherwise) {
        try {
            step.get(GOODBYE_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.info("{}: {}", otherwise, e.toString());
        }
    }
}
