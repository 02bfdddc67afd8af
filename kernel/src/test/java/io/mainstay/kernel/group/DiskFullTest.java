package io.mainstay.kernel.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.kernel.group.Outcome.Applied;
import io.mainstay.kernel.group.Outcome.Reason;
import io.mainstay.kernel.group.Outcome.Refused;
import io.mainstay.kernel.group.RaftGroup.Role;
import io.mainstay.kernel.journal.JournalConfig;
import io.mainstay.platform.sim.SimDisk;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/// The disk fills up under a node: what adds is refused, what frees is taken, reads go on, and all is well when there is space again.
class DiskFullTest {

    private static final int MIB = 1 << 20;

    private final SimDisk disk = new SimDisk(32 * MIB);
    private SteppedNode node;

    @BeforeEach
    void open() throws IOException {
        node = new SteppedNode(disk, new JournalConfig(64 << 10, 4 * MIB), 1);
        for (int i = 0; i < 20; i++) {
            node.propose(1, i);
        }
        node.settle();
        assertThat(node.machines.get(1).publishedCount).isEqualTo(20);
    }

    private Outcome propose(long value) {
        CompletableFuture<Outcome> told = node.propose(1, value);
        node.settle();
        return told.join();
    }

    private Outcome proposeFreeing(long value) {
        CompletableFuture<Outcome> told = new CompletableFuture<>();
        node.groups
                .group(1)
                .proposeFreeing(SteppedNode.proposal(Durability.QUORUM_FSYNC, told, value, 500));
        node.settle();
        return told.join();
    }

    private void fill() {
        // A spare byte for whoever rounds; the journal looks every 50 ms, with a write.
        disk.takenByOthers(disk.usableBytes() - 1_000);
        node.clock.advance(Duration.ofMillis(50));
        node.propose(1, 99);
        node.settle();
    }

    private boolean readIsServed() {
        CompletableFuture<Boolean> served = new CompletableFuture<>();
        node.groups
                .group(1)
                .awaitReadable(() -> served.complete(true), no -> served.complete(false));
        node.settle();
        return served.join();
    }

    @Test
    void whatAddsIsRefusedAndWhatFreesIsTakenUntilThereIsSpaceAgain() {
        fill();
        assertThat(propose(1))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> {
                            assertThat(refused.reason()).isEqualTo(Reason.DISK_FULL);
                            assertThat(refused.message()).contains("disk.watermark-bytes");
                        });
        assertThat(readIsServed()).isTrue();
        long shown = node.machines.get(1).publishedCount;
        for (int i = 0; i < 30; i++) {
            assertThat(proposeFreeing(i)).isInstanceOf(Applied.class);
        }
        assertThat(node.machines.get(1).publishedCount).isEqualTo(shown + 30);
        disk.takenByOthers(0);
        assertThat(propose(1)).isInstanceOf(Applied.class);
        assertThat(node.role(1)).isEqualTo(Role.LEADER);
    }

    @Test
    void aSnapshotThatDoesNotFitIsMadeUpForLater() throws IOException {
        node.snapshotEvery(2_000);
        disk.takenByOthers(disk.usableBytes());
        long before = node.groups.group(1).status().snapshotOffset();
        for (int i = 0; i < 30; i++) {
            assertThat(proposeFreeing(i)).isInstanceOf(Applied.class);
        }
        assertThat(node.groups.group(1).status().snapshotOffset()).isEqualTo(before);
        assertThat(node.role(1)).isEqualTo(Role.LEADER);
        assertThat(node.groups.group(1).status().rebuilds()).isZero();
        disk.takenByOthers(0);
        node.pass(Duration.ofSeconds(31));
        assertThat(propose(1)).isInstanceOf(Applied.class);
        assertThat(node.groups.group(1).status().snapshotOffset()).isGreaterThan(before);
    }

    @Test
    void aReserveThatIsUsedUpIsNoEndAndComesBack() throws IOException {
        fill();
        for (int i = 0; i < 1_000 && node.role(1) == Role.LEADER; i++) {
            Outcome outcome = proposeFreeing(i);
            assertThat(outcome).isNotNull();
        }
        node.pass(Duration.ofSeconds(5));
        assertThat(node.journal.failed()).isFalse();
        long count = node.machines.get(1).publishedCount;
        disk.takenByOthers(0);
        node.pass(Duration.ofSeconds(61));
        assertThat(node.role(1)).isEqualTo(Role.LEADER);
        assertThat(propose(1)).isInstanceOf(Applied.class);
        assertThat(node.machines.get(1).publishedCount).isGreaterThan(count);
        node.kill();
        assertThat(node.machines.get(1).publishedCount).isGreaterThan(count);
    }

    @Test
    void aFailedSyncEndsWritesAndNotReadsOfViews() throws IOException {
        disk.failNextSync();
        assertThat(propose(7)).isInstanceOf(Outcome.Unknown.class);
        assertThat(propose(8))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> {
                            assertThat(refused.reason()).isEqualTo(Reason.JOURNAL_FAILED);
                            assertThat(refused.message()).contains("until the node is restarted");
                        });
        assertThat(proposeFreeing(9)).isInstanceOf(Refused.class);
        assertThat(node.machines.get(1).publishedCount).isEqualTo(20);
        node.pass(Duration.ofMinutes(5));
        assertThat(propose(8)).isInstanceOf(Refused.class);
        node.kill();
        assertThat(node.machines.get(1).publishedCount).isBetween(20L, 21L);
        assertThat(propose(8)).isInstanceOf(Applied.class);
    }
}
