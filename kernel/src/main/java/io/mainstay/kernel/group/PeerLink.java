package io.mainstay.kernel.group;

import java.nio.ByteBuffer;

/// Carries frames between the nodes of a cluster. It may lose, delay, repeat and reorder them; it never changes one.
///
/// What a frame says is the groups' own ([Frame]); a link adds what it needs around it (length, encryption, addresses).
public interface PeerLink {

    /// The link of a node that has no peers.
    PeerLink NONE =
            new PeerLink() {
                @Override
                public boolean send(int node, ByteBuffer frame) {
                    return false;
                }

                @Override
                public void receiver(Receiver receiver) {}
            };

    /// Hands over a frame for `node`; never blocks. Driver thread only. The buffer is the link's from here on.
    ///
    /// @return false if it is known that the node cannot be reached now: the frame was dropped
    boolean send(int node, ByteBuffer frame);

    /// Who gets the frames that come in. Called once, before the first frame.
    void receiver(Receiver receiver);

    interface Receiver {
        /// A frame came from `node`. Any thread; returns at once and keeps the buffer.
        void received(int node, ByteBuffer frame);
    }
}
