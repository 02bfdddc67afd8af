package io.mainstay.client;

import java.time.Duration;

/// Is told what happens to the connection, on the client's thread of callbacks.
public interface ClientListener {

    /// The phase or its reason has changed.
    default void onState(ClientState state) {}

    /// The process stood still for about so long. Views were stale until the node answered again; leases that ended meanwhile are
    /// registered again by themselves.
    default void onPause(Duration length) {}
}
