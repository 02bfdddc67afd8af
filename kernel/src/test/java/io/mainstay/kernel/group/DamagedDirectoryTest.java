package io.mainstay.kernel.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.kernel.journal.JournalConfig;
import io.mainstay.kernel.journal.JournalVerifier;
import io.mainstay.platform.sim.SimDisk;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// Every file of a data directory, damaged in every way: the node starts with the right state, or says in a sentence which file is damaged.
class DamagedDirectoryTest {

    private static final JournalConfig JOURNAL = new JournalConfig(64 << 10, 0);

    private SteppedNode sound;
    private List<String> files;

    @BeforeEach
    void stoppedInOrderAfterSnapshots() throws IOException {
        sound = new SteppedNode();
        sound.snapshotEvery(3_000);
        for (int i = 0; i < 400; i++) {
            sound.propose(i % 4, i);
            if (i % 20 == 0) {
                sound.settle();
            }
        }
        sound.settle();
        sound.close();
        files = new ArrayList<>();
        for (String directory :
                List.of(
                        "",
                        "journal",
                        "snapshots/0",
                        "snapshots/1",
                        "snapshots/2",
                        "snapshots/3")) {
            for (String name : sound.disk.list(directory)) {
                files.add(directory.isEmpty() ? name : directory + "/" + name);
            }
        }
        assertThat(files).contains("identity").anyMatch(name -> name.endsWith(".state"));
    }

    /// True if the damage was told.
    private boolean isTold(String file, SimDisk damaged, String how) throws IOException {
        JournalVerifier.verify(damaged);
        SteppedNode node;
        try {
            node = new SteppedNode(damaged, JOURNAL, 9);
        } catch (IOException told) {
            assertThat(told.getMessage())
                    .describedAs("%s of %s", how, file)
                    .contains(
                            file.startsWith("journal") || how.equals("absence")
                                    ? file.substring(0, file.lastIndexOf('/'))
                                    : file);
            return true;
        }
        for (int group = 0; group < 4; group++) {
            assertThat(node.role(group))
                    .describedAs("%s of %s", how, file)
                    .isEqualTo(RaftGroup.Role.LEADER);
            assertThat(node.machines.get(group).digest())
                    .describedAs("%s of %s, group %d", how, file, group)
                    .isEqualTo(sound.machines.get(group).digest());
        }
        return false;
    }

    @Test
    void aFileThatIsCut() throws IOException {
        for (String file : files) {
            byte[] whole = sound.disk.content(file);
            for (int length : new int[] {0, 1, whole.length / 2, Math.max(0, whole.length - 1)}) {
                SimDisk damaged = sound.disk.copy();
                damaged.replace(file, Arrays.copyOf(whole, length));
                isTold(file, damaged, "cut to " + length);
            }
        }
    }

    @Test
    void aFileOfGarbageOrZeros() throws IOException {
        SplittableRandom random = new SplittableRandom(3);
        for (String file : files) {
            byte[] bytes = new byte[sound.disk.content(file).length];
            SimDisk zeroed = sound.disk.copy();
            zeroed.replace(file, bytes);
            isTold(file, zeroed, "zeros instead");
            random.nextBytes(bytes);
            SimDisk damaged = sound.disk.copy();
            damaged.replace(file, bytes);
            isTold(file, damaged, "garbage instead");
        }
    }

    @Test
    void flippedBits() throws IOException {
        SplittableRandom random = new SplittableRandom(4);
        int told = 0;
        for (String file : files) {
            byte[] whole = sound.disk.content(file);
            boolean isJournal = file.startsWith("journal");
            for (int i = 0; i < 20 && whole.length > 0; i++) {
                byte[] bytes = whole.clone();
                int at = random.nextInt(whole.length);
                bytes[at] ^= (byte) (1 << random.nextInt(8));
                SimDisk damaged = sound.disk.copy();
                damaged.replace(file, bytes);
                boolean isTold = isTold(file, damaged, "a flipped bit at " + at);
                told += isTold ? 1 : 0;
                // Outside the journal no byte is unused.
                assertThat(isTold || isJournal || isOld(file))
                        .describedAs("bit at %d of %s", at, file)
                        .isTrue();
            }
        }
        assertThat(told).isGreaterThan(50);
    }

    /// A snapshot that a later one has replaced.
    private boolean isOld(String file) throws IOException {
        if (!file.startsWith("snapshots")) {
            return false;
        }
        String directory = file.substring(0, file.lastIndexOf('/'));
        String name = file.substring(directory.length() + 1, file.lastIndexOf('.'));
        return sound.disk.list(directory).stream()
                .anyMatch(other -> other.compareTo(name) > 0 && !other.startsWith(name));
    }

    @Test
    void aFileThatIsMissing() throws IOException {
        for (String file : files) {
            SimDisk damaged = sound.disk.copy();
            damaged.delete(file);
            if (!file.equals("identity")) {
                isTold(file, damaged, "absence");
            }
        }
    }

    @Test
    void filesOfSomebodyElseDoNoHarm() throws IOException {
        SimDisk damaged = sound.disk.copy();
        for (String name :
                List.of(
                        "journal/notes.txt",
                        "journal/1.seg",
                        "journal/spare-x.seg",
                        "snapshots/1/x.manifest",
                        "snapshots/1/1-x.state",
                        "snapshots/1/.manifest")) {
            damaged.replace(name, new byte[] {1, 2, 3});
        }
        assertThat(isTold("", damaged, "strange files")).isFalse();
    }
}
