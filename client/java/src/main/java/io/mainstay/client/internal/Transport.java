package io.mainstay.client.internal;

import io.mainstay.registry.v1.ClientFrame;
import io.mainstay.registry.v1.ServerFrame;

/// Opens streams to nodes.
public interface Transport extends AutoCloseable {

    /// Begins to connect; `listener` is told on the loop, at the latest of the end.
    Stream open(String address, Listener listener);

    /// Ends all streams.
    @Override
    void close();

    /// One try to connect, and what came of it.
    interface Stream {
        /// Goes out when the connection is there. Does nothing after the end.
        void send(ClientFrame frame);

        /// The client has said all it will say.
        void finish();

        /// Ends it at once; the listener is not told any more.
        void abandon();
    }

    interface Listener {
        void received(ServerFrame frame);

        /// @param refused the node does not want this client as it is: trying again soon is of no use
        /// @param why one sentence
        void ended(boolean refused, String why);
    }
}
