package io.mainstay.bench.kernel;

import io.mainstay.kernel.group.FoundedTogether;
import io.mainstay.kernel.group.RaftGroup;
import io.mainstay.kernel.group.RaftGroups;
import io.mainstay.kernel.group.RaftGroupsConfig;
import io.mainstay.kernel.journal.JournalConfig;
import io.mainstay.kernel.journal.SegmentedJournal;
import io.mainstay.kernel.peer.TcpPeerLink;
import io.mainstay.platform.Platform;
import io.mainstay.platform.real.RealPlatform;

import org.HdrHistogram.Histogram;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Three nodes of one raft group in this process, each with its own journal, linked by TCP over loopback.
final class ThreeVoters implements AutoCloseable {

    private static final int VOTERS = 3;
    private static final long MOST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final List<RaftGroups> nodes = new ArrayList<>();

    ThreeVoters(Path directory) throws IOException {
        List<TcpPeerLink> links = new ArrayList<>();
        Map<Integer, InetSocketAddress> addresses = new HashMap<>();
        for (int id = 1; id <= VOTERS; id++) {
            Platform platform = RealPlatform.at(directory.resolve("node-" + id));
            InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            TcpPeerLink link = TcpPeerLink.listen(id, any, platform.threads());
            parts.push(link);
            links.add(link);
            addresses.put(id, link.address());
            SegmentedJournal journal = SegmentedJournal.open(JournalConfig.DEFAULT, platform);
            parts.push(journal);
            RaftGroups groups =
                    FoundedTogether.open(
                            VOTERS,
                            new RaftGroupsConfig(id, 0, 64L << 20, Duration.ofHours(1), 64L << 20),
                            platform,
                            journal,
                            link,
                            group -> List.of(new CountingMachine()));
            parts.push(groups);
            nodes.add(groups);
        }
        for (int id = 1; id <= VOTERS; id++) {
            Map<Integer, InetSocketAddress> others = new HashMap<>(addresses);
            others.remove(id);
            links.get(id - 1).connect(others);
            nodes.get(id - 1).start();
        }
    }

    Rate run(int payloadBytes, int inFlight, long nanos, Histogram latency)
            throws InterruptedException {
        RaftGroup leader = leader();
        return Load.run(number -> leader, payloadBytes, inFlight, nanos, latency);
    }

    private RaftGroup leader() throws InterruptedException {
        long start = System.nanoTime();
        while (System.nanoTime() - start < MOST_WAIT_NANOS) {
            for (RaftGroups node : nodes) {
                if (node.group(0).status().role() == RaftGroup.Role.LEADER) {
                    return node.group(0);
                }
            }
            Thread.sleep(10);
        }
        throw new IllegalStateException("no leader within a minute");
    }

    @Override
    public void close() throws IOException {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (IOException | RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IOException(e);
            }
        }
    }
}
