package io.mainstay.kernel.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mainstay.kernel.journal.JournalConfig;
import io.mainstay.kernel.journal.SegmentedJournal;
import io.mainstay.kernel.peer.TcpPeerLink;
import io.mainstay.platform.Platform;
import io.mainstay.platform.real.RealPlatform;

import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// Three voters on real disks, threads and sockets: what the simulation does in virtual time, once for real.
class TcpClusterTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int VOTERS = 3;

    @TempDir Path directory;

    private final List<Member> members = new ArrayList<>();

    private final class Member implements AutoCloseable {
        final TcpPeerLink link;
        final SegmentedJournal journal;
        final RaftGroups groups;
        final List<ProbeMachine> machines = new ArrayList<>();
        boolean closed;

        Member(int id) throws Exception {
            Platform platform = RealPlatform.at(directory.resolve("node-" + id));
            new NodeIdentity(id, 1, "tcp", new Uuid(77, id)).write(platform.disk());
            link =
                    TcpPeerLink.listen(
                            id,
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                            platform.threads());
            journal = SegmentedJournal.open(new JournalConfig(1 << 20, 0), platform);
            groups =
                    RaftGroups.open(
                            new RaftGroupsConfig(id, 1, 100_000, Duration.ofHours(1), 16L << 20),
                            platform,
                            journal,
                            group -> {
                                machines.add(new ProbeMachine());
                                return List.of(machines.getLast());
                            },
                            new GroupWiring(link) {
                                @Override
                                Voters founders(NodeIdentity identity) {
                                    return SimMember.voters(VOTERS);
                                }
                            });
        }

        @Override
        public void close() throws Exception {
            if (!closed) {
                closed = true;
                groups.close();
                journal.close();
                link.close();
            }
        }
    }

    @AfterEach
    void close() throws Exception {
        for (Member member : members) {
            member.close();
        }
    }

    private Member leader() {
        await().atMost(LONG)
                .until(
                        () ->
                                members.stream()
                                        .anyMatch(
                                                member ->
                                                        !member.closed
                                                                && role(member)
                                                                        == RaftGroup.Role.LEADER));
        return members.stream()
                .filter(member -> !member.closed && role(member) == RaftGroup.Role.LEADER)
                .findFirst()
                .orElseThrow();
    }

    private static RaftGroup.Role role(Member member) {
        return member.groups.group(1).status().role();
    }

    private long apply(Member leader, int commands) throws Exception {
        List<CompletableFuture<Outcome>> all = new ArrayList<>();
        for (int i = 0; i < commands; i++) {
            CompletableFuture<Outcome> told = new CompletableFuture<>();
            Proposal proposal = new Proposal(Durability.QUORUM_FSYNC, told::complete);
            proposal.add(MachineId.PROBE, 1, ByteBuffer.allocate(100).putLong(0, i));
            leader.groups.group(1).propose(proposal);
            all.add(told);
        }
        long applied = 0;
        for (CompletableFuture<Outcome> one : all) {
            applied += one.get(60, TimeUnit.SECONDS) instanceof Outcome.Applied ? 1 : 0;
        }
        return applied;
    }

    @Test
    void aLeaderThatGoesIsReplacedAndNothingIsLost() throws Exception {
        Map<Integer, InetSocketAddress> addresses = new HashMap<>();
        for (int id = 1; id <= VOTERS; id++) {
            members.add(new Member(id));
            addresses.put(id, members.getLast().link.address());
        }
        for (int id = 1; id <= VOTERS; id++) {
            Map<Integer, InetSocketAddress> others = new HashMap<>(addresses);
            others.remove(id);
            members.get(id - 1).link.connect(others);
            members.get(id - 1).groups.start();
        }
        Member first = leader();
        long applied = apply(first, 500);
        assertThat(applied).isPositive();
        first.close();
        Member second = leader();
        assertThat(second).isNotSameAs(first);
        applied += apply(second, 500);
        long expected = applied;
        for (Member member : members) {
            if (!member.closed) {
                await().atMost(LONG).until(() -> member.machines.get(1).publishedCount >= expected);
            }
        }
        assertThat(members.stream().filter(m -> !m.closed).map(m -> m.machines.get(1).digest()))
                .hasSize(2);
    }
}
