package io.mainstay.kernel.group;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.raft.Endpoints;
import org.apache.kafka.raft.ReplicaKey;
import org.apache.kafka.raft.VoterSet;

import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The voters that a group begins with; later ones stand in its log.
record Voters(List<Voter> all) {

    /// The address that a lone voter writes into its voter set; a node that is joined by others changes it.
    private static final InetSocketAddress ALONE =
            InetSocketAddress.createUnresolved("localhost", 7000);

    static Voters alone(NodeIdentity identity) {
        return new Voters(List.of(new Voter(identity.nodeId(), identity.directoryId(), ALONE)));
    }

    VoterSet set() {
        Map<Integer, VoterSet.VoterNode> nodes = new LinkedHashMap<>();
        for (Voter voter : all) {
            nodes.put(
                    voter.id,
                    VoterSet.VoterNode.of(
                            ReplicaKey.of(voter.id, voter.directoryId),
                            voter.endpoints(),
                            EngineAccess.KRAFT_VERSIONS));
        }
        return VoterSet.fromMap(nodes);
    }

    /// The node at that address, or -1.
    int idOf(String host, int port) {
        for (Voter voter : all) {
            if (voter.address.getHostString().equals(host) && voter.address.getPort() == port) {
                return voter.id;
            }
        }
        return -1;
    }

    /// Where `node` can be reached.
    Endpoints endpointsOf(int node) {
        return all.stream()
                .filter(voter -> voter.id == node)
                .findFirst()
                .map(Voter::endpoints)
                .orElseGet(Endpoints::empty);
    }

    /// Whom a member asks that knows no leader.
    List<InetSocketAddress> addresses() {
        return all.stream().map(Voter::address).toList();
    }

    /// @param directoryId which data directory of the node is meant: an emptied one is somebody else
    /// @param address unresolved
    record Voter(int id, Uuid directoryId, InetSocketAddress address) {

        Endpoints endpoints() {
            return Endpoints.fromInetSocketAddresses(Map.of(PeerChannel.LISTENER, address));
        }
    }
}
