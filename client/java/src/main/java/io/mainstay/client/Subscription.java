package io.mainstay.client;

import java.time.Duration;
import java.util.function.Consumer;

/// A service that this client is told of. Thread-safe; [#view] takes no lock.
public interface Subscription extends AutoCloseable {

    String service();

    /// The present view; reading it costs one volatile read.
    ServiceView view();

    /// Waits until something is known of the service, from a node or from the cache file.
    ///
    /// @return the view then, or one whose freshness is `UNKNOWN` if the time is over
    /// @throws InterruptedException if the thread was interrupted
    ServiceView awaitKnown(Duration atMost) throws InterruptedException;

    /// Calls `listener` with the present view, and again after each change. A slow listener is told the last view only; one that
    /// throws is logged and told again next time. All listeners of a client share one thread.
    Subscription onChange(Consumer<ServiceView> listener);

    /// Tells the listeners no more; the last one of a service ends the node's pushes. Idempotent.
    @Override
    void close();
}
