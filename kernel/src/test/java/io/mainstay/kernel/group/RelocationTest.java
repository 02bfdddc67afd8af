package io.mainstay.kernel.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mainstay.kernel.group.Outcome.Applied;
import io.mainstay.kernel.journal.JournalConfig;
import io.mainstay.kernel.journal.JournalVerifier;
import io.mainstay.platform.sim.SimDisk;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

/// Bodies that are needed long do not hold the journal, and survive their moves.
class RelocationTest {

    private static final int GROUP = 1;
    private static final int SEGMENT_BYTES = 64 << 10;
    private static final int DISK_BYTES = 64 << 20;

    /// Bodies may hold 80 KB of the journal back, beside three times what they are.
    private static final int SNAPSHOT_BYTES = 20_000;

    /// 80 KB and a log of 20 KB or two, in segments of 64 KiB, and what one move has under way.
    private static final int MOST_SEGMENTS = 6;

    private static final int EVERYTHING = Integer.MAX_VALUE;

    private final SplittableRandom random = new SplittableRandom(1);
    private final SimDisk disk = new SimDisk(DISK_BYTES);
    private SteppedNode node;
    private long next = 1_000;

    @BeforeEach
    void open() throws IOException {
        node =
                new SteppedNode(disk, new JournalConfig(SEGMENT_BYTES, 1 << 20), 1)
                        .snapshotEvery(SNAPSHOT_BYTES);
    }

    private byte[] body(int bytes) {
        byte[] body = new byte[bytes];
        random.nextBytes(body);
        return body;
    }

    private CompletableFuture<Outcome> put(long number, int bytes) {
        return node.shelve(GROUP, Shelf.put(number, EVERYTHING, body(bytes)));
    }

    /// Others come and go, in the same group and in another one.
    private void passBy(int kibibytes) {
        for (int i = 0; i < kibibytes; i++) {
            int group = 1 + i % 2;
            node.shelve(group, Shelf.put(next, EVERYTHING, body(900)));
            node.shelve(group, Shelf.take(next++));
            node.clock.advance(Duration.ofMillis(20));
            node.turn();
        }
        node.settle();
    }

    private int segments() {
        return node.journal.stats().segments();
    }

    private void check() {
        node.shelves.get(GROUP).check(node.groups.group(GROUP).bodies(), "group " + GROUP);
    }

    @Test
    void oneOldBodyDoesNotHoldTheJournal() throws IOException {
        put(1, 3_000);
        for (int i = 0; i < 5; i++) {
            passBy(500);
            assertThat(segments()).isLessThanOrEqualTo(MOST_SEGMENTS);
            check();
        }
        assertThat(node.groups.relocatedBytes()).isPositive();
        node.kill();
        assertThat(node.shelves.get(GROUP).has(1)).isTrue();
        check();
        passBy(500);
        node.powerCut(5);
        check();
        assertThat(segments()).isLessThanOrEqualTo(MOST_SEGMENTS);
        node.close();
        assertThat(JournalVerifier.verify(disk).damages()).isEmpty();
    }

    @Test
    void manyOldBodiesHoldAFewTimesTheirSizeAndAreNotCopiedWithoutEnd() {
        for (int i = 0; i < 400; i++) {
            put(i, 1 + i % 20);
            passBy(2);
        }
        passBy(1_500);
        check();
        assertThat(segments()).isLessThanOrEqualTo(MOST_SEGMENTS + 2);
        long end = node.journal.end();
        long moved = node.groups.relocatedBytes();
        for (int i = 0; i < 50; i++) {
            node.clock.advance(Duration.ofMillis(200));
            node.turn();
        }
        assertThat(node.groups.relocatedBytes() - moved).isLessThan(100_000);
        assertThat(node.journal.end() - end).isLessThan(100_000);
    }

    @Test
    void aBacklogThatIsConsumedInOrderIsNotCopied() {
        for (int i = 0; i < 600; i++) {
            put(i, 1_000);
            node.turn();
        }
        node.settle();
        for (int i = 0; i < 600; i++) {
            node.shelve(GROUP, Shelf.take(i));
            put(1_000 + i, 1_000);
            node.clock.advance(Duration.ofMillis(20));
            node.turn();
        }
        node.settle();
        check();
        assertThat(node.groups.relocatedBytes()).isZero();
    }

    @Test
    void whatIsTakenAwayAfterItsMoveLeavesNothing() {
        for (int i = 0; i < 50; i++) {
            put(i, 4_000);
            passBy(5);
        }
        passBy(700);
        assertThat(segments()).isGreaterThan(MOST_SEGMENTS);
        for (int i = 0; i < 50; i++) {
            node.shelve(GROUP, Shelf.take(i));
        }
        passBy(500);
        assertThat(segments()).isLessThanOrEqualTo(MOST_SEGMENTS);
    }

    /// The threads take their turns by chance, and the current or the process ends at any moment: what was acknowledged is there, byte for byte.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void anEndAtAnyMomentLosesNoBody(long seed) throws IOException {
        SplittableRandom chance = new SplittableRandom(seed);
        List<CompletableFuture<Outcome>> told = new ArrayList<>();
        long moved = 0;
        for (int i = 0; i < 6_000; i++) {
            if (i % 300 == 0) {
                told.add(put(told.size(), 1 + chance.nextInt(3_000)));
            }
            if (i % 4 == 0) {
                int group = 1 + chance.nextInt(3);
                node.shelve(group, Shelf.put(next, EVERYTHING, body(900)));
                node.shelve(group, Shelf.take(next++));
            }
            node.clock.advance(Duration.ofMillis(chance.nextInt(30)));
            node.step(chance);
            if (chance.nextInt(120) == 0) {
                moved += node.groups.relocatedBytes();
                if (chance.nextBoolean()) {
                    node.powerCut(chance.nextLong());
                } else {
                    node.kill();
                }
                check();
                for (int number = 0; number < told.size(); number++) {
                    if (told.get(number).getNow(null) instanceof Applied) {
                        assertThat(node.shelves.get(GROUP).has(number)).isTrue();
                    }
                }
            }
        }
        assertThat(moved).isPositive();
    }

    @Test
    void aFullDiskStopsMovesAndHarmsNothing() throws IOException {
        for (int i = 0; i < 20; i++) {
            put(i, 3_000);
        }
        node.settle();
        // Nothing may be added, and a move of what is mostly needed would add.
        disk.takenByOthers(disk.usableBytes() - 15 * SEGMENT_BYTES);
        for (int i = 0; i < 2_000; i++) {
            Proposal freeing = new Proposal(Durability.QUORUM_FSYNC, outcome -> {});
            freeing.add(MachineId.QUEUES, 1, Shelf.take(next++));
            node.groups.group(2).proposeFreeing(freeing);
            node.clock.advance(Duration.ofMillis(20));
            node.turn();
        }
        assertThat(node.journal.failed()).isFalse();
        assertThat(node.role(GROUP)).isEqualTo(RaftGroup.Role.LEADER);
        check();
        disk.takenByOthers(0);
        node.pass(Duration.ofSeconds(61));
        passBy(700);
        check();
        assertThat(node.groups.relocatedBytes()).isPositive();
        assertThat(segments()).isLessThanOrEqualTo(MOST_SEGMENTS + 4);
    }

    @Test
    void aDamagedBodyIsToldAndKeptAndNeverWrong() throws IOException {
        byte[] damaged = body(2_000);
        node.shelve(GROUP, Shelf.put(1, EVERYTHING, damaged));
        // Out of the memory of what came last, which a new process has not.
        passBy(100);
        node.kill();
        String name = flip(damaged);
        passBy(1_500);
        assertThat(node.role(GROUP)).isEqualTo(RaftGroup.Role.LEADER);
        assertThatThrownBy(this::check).hasMessageContaining(name).hasMessageContaining("damaged");
        assertThat(segments()).isGreaterThan(MOST_SEGMENTS);
        // Its queue is purged: it holds nothing any more.
        node.shelve(GROUP, Shelf.take(1));
        node.pass(Duration.ofSeconds(31));
        passBy(700);
        assertThat(segments()).isLessThanOrEqualTo(MOST_SEGMENTS);
    }

    /// Changes a bit of the body where it lies, and returns the file.
    private String flip(byte[] body) throws IOException {
        for (String name : disk.list("journal")) {
            byte[] bytes = disk.content("journal/" + name);
            for (int at = 0; at + body.length <= bytes.length; at++) {
                if (bytes[at] == body[0]
                        && java.util.Arrays.equals(
                                bytes, at, at + body.length, body, 0, body.length)) {
                    bytes[at + 100] ^= 4;
                    disk.replace("journal/" + name, bytes);
                    return name;
                }
            }
        }
        throw new AssertionError("the body lies nowhere");
    }
}
