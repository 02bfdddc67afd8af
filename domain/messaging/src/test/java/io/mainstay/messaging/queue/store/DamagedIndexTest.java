package io.mainstay.messaging.queue.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mainstay.platform.sim.SimDisk;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/// Files of queue indexes whose bytes are not what was written.
class DamagedIndexTest {

    private static final int BLOCKS = 264;
    private static final List<String> FIRST =
            List.of("index/1/000000000000.blocks", "index/1/000000000000.copy");

    private final SimDisk disk = new SimDisk(256L << 20);
    private final List<long[]> blocks = new ArrayList<>();
    private final List<Long> handles = new ArrayList<>();

    enum Damage {
        FLIPPED {
            @Override
            void inflict(SimDisk disk, String name, RandomGenerator random) throws IOException {
                byte[] bytes = disk.content(name);
                for (int i = 0; i < 200; i++) {
                    bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                }
                disk.replace(name, bytes);
            }
        },
        CUT {
            @Override
            void inflict(SimDisk disk, String name, RandomGenerator random) throws IOException {
                byte[] bytes = disk.content(name);
                disk.replace(name, Arrays.copyOf(bytes, random.nextInt(bytes.length)));
            }
        },
        ZEROED {
            @Override
            void inflict(SimDisk disk, String name, RandomGenerator random) throws IOException {
                byte[] bytes = disk.content(name);
                int from = random.nextInt(bytes.length);
                Arrays.fill(bytes, from, from + random.nextInt(bytes.length - from), (byte) 0);
                disk.replace(name, bytes);
            }
        },
        /// With the bytes of another file, whose checksums are right.
        REPLACED {
            @Override
            void inflict(SimDisk disk, String name, RandomGenerator random) throws IOException {
                disk.replace(name, disk.content(name.replace("000.", "001.")));
            }
        },
        /// Each block stands where another one belongs.
        SHIFTED {
            @Override
            void inflict(SimDisk disk, String name, RandomGenerator random) throws IOException {
                byte[] bytes = disk.content(name);
                disk.replace(name, Arrays.copyOfRange(bytes, 16 + 4096 * 8, bytes.length));
            }
        },
        DELETED {
            @Override
            void inflict(SimDisk disk, String name, RandomGenerator random) {
                disk.delete(name);
            }
        };

        abstract void inflict(SimDisk disk, String name, RandomGenerator random) throws IOException;
    }

    @BeforeEach
    void write() {
        IndexFiles files = new IndexFiles(disk, 1);
        RandomGenerator random = new SplittableRandom(5);
        for (int i = 0; i < BLOCKS; i++) {
            blocks.add(random.longs(4096).toArray());
            handles.add(files.put(blocks.get(i)));
        }
        files.sync();
    }

    private IndexFiles started() {
        disk.killProcess();
        IndexFiles files = new IndexFiles(disk, 1);
        files.restored(handles);
        return files;
    }

    private void assertEveryBlock(IndexFiles files) {
        for (int i = 0; i < BLOCKS; i++) {
            assertThat(Arrays.equals(files.get(handles.get(i)), blocks.get(i)))
                    .as("block %d", i)
                    .isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void oneFileIsReadFromItsCopyAndWrittenAgain(Damage damage) throws IOException {
        damage.inflict(disk, FIRST.get(0), new SplittableRandom(3));
        assertEveryBlock(started());
        // Whole again: now the copy may go.
        disk.delete(FIRST.get(1));
        assertEveryBlock(started());
    }

    @ParameterizedTest
    @EnumSource(names = {"CUT", "DELETED"})
    void aCopyThatIsMissingIsMadeAgainAtAStart(Damage damage) throws IOException {
        damage.inflict(disk, FIRST.get(1), new SplittableRandom(1));
        started();
        disk.delete(FIRST.get(0));
        assertEveryBlock(started());
    }

    @Test
    void aFileThatIsDamagedUnderARunningNodeIsReadFromItsCopy() throws IOException {
        IndexFiles files = started();
        assertEveryBlock(files);
        Damage.FLIPPED.inflict(disk, FIRST.get(0), new SplittableRandom(1));
        assertEveryBlock(files);
        Damage.DELETED.inflict(disk, FIRST.get(0), new SplittableRandom(1));
        assertEveryBlock(files);
    }

    @Test
    void damageOfBothIsToldWithFilesAndBytes() throws IOException {
        for (String name : FIRST) {
            byte[] bytes = disk.content(name);
            bytes[(16 + 4096 * 8) * 7 + 100] ^= 1;
            disk.replace(name, bytes);
        }
        IndexFiles files = started();
        for (int i = 0; i < BLOCKS; i++) {
            long handle = handles.get(i);
            if (i == 7) {
                assertThatThrownBy(() -> files.get(handle))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("index/1/000000000000.blocks")
                        .hasMessageContaining("index/1/000000000000.copy")
                        .hasMessageContaining("at bytes 229488 to 262272");
            } else {
                assertThat(files.get(handle)).isEqualTo(blocks.get(i));
            }
        }
    }

    /// Files of a version that made no copies.
    @Test
    void filesWithoutCopiesGetThem() {
        disk.delete("index/1/000000000000.copy");
        disk.delete("index/1/000000000001.copy");
        assertEveryBlock(started());
        disk.delete("index/1/000000000000.blocks");
        disk.delete("index/1/000000000001.blocks");
        assertEveryBlock(started());
    }

    @Test
    void whatNobodyUsesIsDeletedWithItsCopy() {
        IndexFiles files = started();
        handles.forEach(files::free);
        files.sync();
        files.snapshotDurable();
        assertThat(disk.list("index/1")).isEmpty();
    }
}
