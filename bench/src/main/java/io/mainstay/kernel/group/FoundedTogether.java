package io.mainstay.kernel.group;

import io.mainstay.kernel.group.Voters.Voter;
import io.mainstay.kernel.journal.Journal;
import io.mainstay.platform.Platform;

import org.apache.kafka.common.Uuid;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/// Voters that begin as a cluster, for the bench only: a node of production begins alone, and others join it. It stands in the kernel's package
/// because founding a cluster is nobody else's business yet.
public final class FoundedTogether {

    private FoundedTogether() {}

    /// @param voters how many; their ids are 1 and up
    public static RaftGroups open(
            int voters,
            RaftGroupsConfig config,
            Platform platform,
            Journal journal,
            PeerLink link,
            IntFunction<List<StateMachine<?, ?>>> machines)
            throws IOException {
        new NodeIdentity(config.nodeId(), config.dataGroups(), "bench", directory(config.nodeId()))
                .write(platform.disk());
        return RaftGroups.open(
                config,
                platform,
                journal,
                machines,
                new GroupWiring(link) {
                    @Override
                    Voters founders(NodeIdentity identity) {
                        return new Voters(
                                IntStream.rangeClosed(1, voters)
                                        .mapToObj(FoundedTogether::voter)
                                        .toList());
                    }
                });
    }

    /// Names, not addresses: who is where, only the link knows.
    private static Voter voter(int id) {
        return new Voter(id, directory(id), InetSocketAddress.createUnresolved("node-" + id, 7000));
    }

    private static Uuid directory(int id) {
        return new Uuid(1, id);
    }
}
