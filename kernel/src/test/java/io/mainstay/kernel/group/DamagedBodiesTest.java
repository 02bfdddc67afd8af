package io.mainstay.kernel.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.kernel.journal.JournalConfig;
import io.mainstay.kernel.journal.JournalVerifier;
import io.mainstay.platform.sim.SimDisk;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;

/// Bodies that are damaged on the disk, some moved and some where they were written: a start passes over what only holds bodies, serves all others, and none
/// with a wrong byte. What the state needs is refused as ever.
class DamagedBodiesTest {

    private static final JournalConfig JOURNAL = new JournalConfig(64 << 10, 0);
    private static final int GROUP = 1;
    private static final int BODIES = 60;
    private static final int EVERYTHING = Integer.MAX_VALUE;

    private final SimDisk disk = new SimDisk(64 << 20);
    private SteppedNode sound;

    @BeforeEach
    void aNodeWithBodiesBelowItsSnapshots() throws IOException {
        sound = new SteppedNode(disk, JOURNAL, 1).snapshotEvery(30_000);
        for (int i = 0; i < BODIES; i++) {
            sound.shelve(GROUP, Shelf.put(i, EVERYTHING, body(i)));
            for (int other = 0; other < 3; other++) {
                long number = 1_000 + i * 3 + other;
                sound.shelve(2, Shelf.put(number, EVERYTHING, new byte[1_500]));
                sound.shelve(2, Shelf.take(number));
            }
            sound.clock.advance(Duration.ofMillis(50));
            sound.turn();
        }
        sound.settle();
        sound.close();
        assertThat(sound.groups.relocatedBytes()).isPositive();
    }

    /// Found again by its text.
    private static byte[] body(int number) {
        byte[] body = new byte[700];
        new SplittableRandom(number).nextBytes(body);
        byte[] text = text(number).getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(text, 0, body, 300, text.length);
        return body;
    }

    private static String text(int number) {
        return "<body " + number + ">";
    }

    private static SteppedNode start(SimDisk damaged) throws IOException {
        return new SteppedNode(damaged, JOURNAL, 9);
    }

    private void assertServes(SteppedNode node, int unreadable, String what) {
        for (int group = 0; group < 4; group++) {
            assertThat(node.shelves.get(group).digest())
                    .as("state of group %d, %s", group, what)
                    .isEqualTo(sound.shelves.get(group).digest());
        }
        assertThat(node.shelves.get(GROUP).unreadable(node.groups.group(GROUP).bodies()))
                .as("unreadable, %s", what)
                .isEqualTo(unreadable);
    }

    @Test
    void aDamagedBodyCostsTheBodiesOfItsRecordAndNothingElse() throws IOException {
        int started = 0;
        for (int number = 0; number < BODIES; number++) {
            SimDisk damaged = disk.copy();
            int copies = 0;
            for (String name : damaged.list("journal")) {
                byte[] bytes = damaged.content("journal/" + name);
                String searched = new String(bytes, StandardCharsets.ISO_8859_1);
                for (int at = searched.indexOf(text(number));
                        at >= 0;
                        at = searched.indexOf(text(number), at + 1)) {
                    bytes[at] ^= 1;
                    copies++;
                }
                damaged.replace("journal/" + name, bytes);
            }
            assertThat(copies).as("copies of body %d", number).isPositive();
            SteppedNode node;
            try {
                node = start(damaged);
            } catch (IOException stateNeedsIt) {
                assertThat(stateNeedsIt).hasMessageContaining("is damaged at byte");
                continue;
            }
            started++;
            Shelf shelf = node.shelves.get(GROUP);
            Bodies bodies = node.groups.group(GROUP).bodies();
            int unreadable = shelf.unreadable(bodies);
            // Those that were moved lie together in a record.
            assertThat(unreadable).as("with body %d", number).isPositive();
            assertServes(node, unreadable, "body " + number);
            goesOn(node, unreadable);
        }
        assertThat(started).isGreaterThan(BODIES / 2);
    }

    /// The damage is there again at the next start, and gone when its bodies are not needed any more.
    private void goesOn(SteppedNode node, int unreadable) throws IOException {
        node.shelve(GROUP, Shelf.put(5_000, EVERYTHING, new byte[100]));
        node.settle();
        node.kill();
        assertThat(node.shelves.get(GROUP).has(5_000)).isTrue();
        assertThat(node.shelves.get(GROUP).unreadable(node.groups.group(GROUP).bodies()))
                .isEqualTo(unreadable);
        for (int number = 0; number < BODIES; number++) {
            node.shelve(GROUP, Shelf.take(number));
        }
        node.settle();
        node.kill();
        assertThat(node.shelves.get(GROUP).unreadable(node.groups.group(GROUP).bodies())).isZero();
        node.close();
    }

    @Test
    void noDamageAnywhereServesAWrongByte() throws IOException {
        SplittableRandom random = new SplittableRandom(2);
        int refused = 0;
        int passedOver = 0;
        for (String name : disk.list("journal")) {
            byte[] whole = disk.content("journal/" + name);
            for (int i = 0; i < 30 && whole.length > 0; i++) {
                SimDisk damaged = disk.copy();
                byte[] bytes = whole.clone();
                int at = random.nextInt(bytes.length);
                int to = Math.min(bytes.length, at + 1 + random.nextInt(i % 3 == 0 ? 600 : 2));
                for (int place = at; place < to; place++) {
                    bytes[place] = (byte) (i % 2 == 0 ? 0 : random.nextInt());
                }
                if (Arrays.equals(bytes, whole)) {
                    continue;
                }
                damaged.replace("journal/" + name, bytes);
                JournalVerifier.verify(damaged);
                SteppedNode node;
                try {
                    node = start(damaged);
                } catch (IOException told) {
                    refused++;
                    continue;
                }
                int unreadable =
                        node.shelves.get(GROUP).unreadable(node.groups.group(GROUP).bodies());
                passedOver += unreadable > 0 ? 1 : 0;
                assertServes(node, unreadable, name + " from " + at + " to " + to);
            }
        }
        assertThat(refused).isPositive();
        assertThat(passedOver).isPositive();
    }
}
