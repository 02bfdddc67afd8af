package io.mainstay.head.eureka;

import io.mainstay.platform.Platform;
import io.mainstay.platform.Threads.Running;
import io.mainstay.registry.api.Registry;
import io.vertx.core.Vertx;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The bridge to existing Eureka servers while services move: what is registered at either side is seen at both.
///
/// ```
/// clients, operators → outward registry → PeerOutbox → PeerLink → batches → peer
/// peer → batches → inward registry (nothing of it goes back)
/// ```
/// An instance that came from a peer is a copy: it is never told to another peer, and its lease ends here when the peer's beats for it end.
public final class EurekaPeers implements AutoCloseable {

    private static final Duration TURN = Duration.ofMillis(500);

    private final Registry outward;
    private final Registry inward;
    private final List<Peer> peers = new ArrayList<>();

    private record Peer(PeerLink link, Running turns, PeerClient client) {}

    private EurekaPeers(Registry outward, Registry inward) {
        this.outward = outward;
        this.inward = inward;
    }

    /// No peers: the registry as it is.
    public static EurekaPeers none(Registry registry) {
        return new EurekaPeers(registry, registry);
    }

    /// Begins to exchange instances; peers that cannot be reached are tried until they can.
    ///
    /// @param urls service URLs, credentials in them
    /// @param namespace of the instances that are exchanged
    /// @throws IllegalArgumentException with a sentence, if a URL cannot be used
    public static EurekaPeers start(
            List<String> urls,
            Registry registry,
            String namespace,
            Platform platform,
            Vertx vertx) {
        if (urls.isEmpty()) {
            return none(registry);
        }
        List<PeerUrl> parsed = urls.stream().map(PeerUrl::parse).distinct().toList();
        List<PeerOutbox> outboxes = parsed.stream().map(url -> new PeerOutbox()).toList();
        EurekaPeers bridge =
                new EurekaPeers(
                        new OutwardRegistry(registry, namespace, outboxes),
                        new InwardRegistry(registry, outboxes));
        for (int i = 0; i < parsed.size(); i++) {
            PeerUrl url = parsed.get(i);
            PeerClient client = new PeerClient(vertx, url);
            PeerLink link =
                    new PeerLink(url, platform, bridge.inward, namespace, client, outboxes.get(i));
            Running turns = platform.threads().every("eureka-peer-" + i, TURN, link::turn);
            bridge.peers.add(new Peer(link, turns, client));
        }
        return bridge;
    }

    /// The registry for clients and operators of this node: their changes are told to the peers.
    public Registry outward() {
        return outward;
    }

    /// The registry for what peers send.
    Registry inward() {
        return inward;
    }

    /// Whether every peer was reached and compared, and has taken all since.
    boolean linked() {
        return peers.stream().allMatch(peer -> peer.link().linked());
    }

    /// Tells nobody anything any more. Idempotent; not on an event loop.
    @Override
    public void close() {
        for (Peer peer : peers) {
            peer.turns().close();
            peer.client().close();
        }
        peers.clear();
    }
}
