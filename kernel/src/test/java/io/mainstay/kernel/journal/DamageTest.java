package io.mainstay.kernel.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mainstay.kernel.journal.Journal.DamagedJournalException;
import io.mainstay.platform.sim.SimDisk;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// A corpus of damages: no wrong byte is served, and all damage below the last mark is told.
class DamageTest {

    private static final int SEGMENT_BYTES = JournalFixture.SMALL.segmentBytes();
    private static final int PAGE_BYTES = 4096;

    /// Several segments of synced records, then `tail` records that no mark covers.
    private static JournalFixture written(int tail) throws IOException {
        JournalFixture fixture = new JournalFixture(new SimDisk(1L << 30), 1);
        for (int i = 0; i < 150; i++) {
            fixture.append(i % 3, 1 + fixture.random.nextInt(2_000));
            if (i % 5 == 4) {
                fixture.sync();
            }
        }
        for (int i = 0; i < tail; i++) {
            fixture.append(0, 100);
        }
        fixture.journal.flush();
        fixture.disk.killProcess();
        return fixture;
    }

    private static String fileOf(long position) {
        return Segment.nameOf(position / SEGMENT_BYTES);
    }

    /// Opens a damaged copy. Returns true if the damage was told; else all that was served must be right.
    private static boolean isTold(JournalFixture fixture, SimDisk damaged) throws IOException {
        VerifyReport report = JournalVerifier.verify(damaged);
        TreeMap<Long, byte[]> replayed = new TreeMap<>();
        try (SegmentedJournal journal =
                JournalFixture.open(damaged, new SplittableRandom(2), replayed)) {
            assertThat(JournalFixture.isRunOf(fixture.written, replayed)).isTrue();
            assertThat(replayed.firstKey()).isEqualTo(fixture.written.firstKey());
            assertThat(report.damages()).isEmpty();
            for (var entry : replayed.entrySet()) {
                ByteBuffer read = ByteBuffer.allocate(entry.getValue().length);
                journal.read(entry.getKey(), read);
                assertThat(read.array()).isEqualTo(entry.getValue());
            }
            return false;
        } catch (DamagedJournalException told) {
            assertThat(told).hasMessageContaining(".seg").hasMessageContaining("position");
            assertThat(report.damages()).isNotEmpty();
            return true;
        }
    }

    @Test
    void everyCutInTheLastRecordsLeavesWholeRecordsOnly() throws IOException {
        JournalFixture fixture = written(6);
        long end = fixture.written.lastKey();
        byte[] whole = fixture.disk.content(fileOf(end));
        int behind = (int) (end % SEGMENT_BYTES);
        for (int length = behind; length > behind - 800; length--) {
            SimDisk damaged = fixture.disk.copy();
            byte[] bytes = whole.clone();
            Arrays.fill(bytes, length, bytes.length, (byte) 0);
            damaged.replace(fileOf(end), bytes);
            assertThat(isTold(fixture, damaged)).describedAs("cut at %d", length).isFalse();
        }
    }

    /// Segments are never shorter, so this is no torn write: what stood behind, marks too, is gone.
    @Test
    void aFileThatIsTooShortIsToldWhereverItWasCut() throws IOException {
        JournalFixture fixture = written(6);
        for (String name : JournalFiles.names(fixture.disk).values()) {
            byte[] whole = fixture.disk.content(name);
            for (int length = 0; length < SEGMENT_BYTES; length += 1 + length / 3) {
                SimDisk damaged = fixture.disk.copy();
                damaged.replace(name, Arrays.copyOf(whole, length));
                assertThat(isTold(fixture, damaged)).describedAs("%d of %s", length, name).isTrue();
            }
        }
    }

    @Test
    void flippedBitsBelowTheMarkAreToldAndAboveItServeNothingWrong() throws IOException {
        JournalFixture fixture = written(6);
        SplittableRandom random = new SplittableRandom(3);
        long mark = JournalVerifier.verify(fixture.disk).durableBelow();
        for (int i = 0; i < 600; i++) {
            long position = random.nextLong(SEGMENT_BYTES, fixture.written.lastKey());
            SimDisk damaged = fixture.disk.copy();
            byte[] bytes = damaged.content(fileOf(position));
            int at = (int) (position % SEGMENT_BYTES);
            bytes[at] ^= (byte) (1 << random.nextInt(8));
            damaged.replace(fileOf(position), bytes);
            boolean isUnused = isUnused(fixture, position);
            if (position < mark && !isUnused) {
                assertThat(isTold(fixture, damaged)).describedAs("bit at %d", position).isTrue();
            } else if (!isUnused || position >= mark) {
                isTold(fixture, damaged);
            }
        }
    }

    /// Bytes that no record uses: the rest of a block that names a segment, and what follows a closed segment's last record.
    private static boolean isUnused(JournalFixture fixture, long position) throws IOException {
        int at = (int) (position % SEGMENT_BYTES);
        byte[] bytes = fixture.disk.content(fileOf(position));
        boolean zerosToTheEnd = true;
        for (int i = at; i < bytes.length && zerosToTheEnd; i++) {
            zerosToTheEnd = bytes[i] == 0;
        }
        return zerosToTheEnd || (at >= 36 && at < Segment.BLOCK_BYTES);
    }

    @Test
    void aZeroedPageIsTold() throws IOException {
        JournalFixture fixture = written(0);
        long mark = JournalVerifier.verify(fixture.disk).durableBelow();
        for (long page = SEGMENT_BYTES; page + PAGE_BYTES < mark; page += PAGE_BYTES) {
            if (isUnused(fixture, page)) {
                continue;
            }
            SimDisk damaged = fixture.disk.copy();
            byte[] bytes = damaged.content(fileOf(page));
            int at = (int) (page % SEGMENT_BYTES);
            Arrays.fill(bytes, at, at + PAGE_BYTES, (byte) 0);
            damaged.replace(fileOf(page), bytes);
            assertThat(isTold(fixture, damaged)).describedAs("page at %d", page).isTrue();
        }
    }

    @Test
    void aTailThatIsThereTwiceIsServedOnce() throws IOException {
        JournalFixture fixture = written(6);
        long end = fixture.written.lastKey();
        int behind = (int) (end % SEGMENT_BYTES);
        for (int bytes = RecordFormat.ALIGNMENT; bytes < 1_000; bytes += RecordFormat.ALIGNMENT) {
            SimDisk damaged = fixture.disk.copy();
            byte[] content = damaged.content(fileOf(end));
            int count = Math.min(bytes, content.length - behind);
            System.arraycopy(content, behind - bytes, content, behind, count);
            damaged.replace(fileOf(end), content);
            assertThat(isTold(fixture, damaged)).isFalse();
        }
    }

    @Test
    void aMissingFileIsToldWhicheverItIs() throws IOException {
        JournalFixture fixture = written(0);
        var names = JournalFiles.names(fixture.disk);
        assertThat(names).hasSizeGreaterThan(2);
        for (String name : names.values()) {
            SimDisk damaged = fixture.disk.copy();
            damaged.delete(name);
            assertThat(isTold(fixture, damaged)).describedAs(name).isTrue();
        }
        SimDisk empty = fixture.disk.copy();
        names.values().forEach(empty::delete);
        assertThatThrownBy(
                        () -> JournalFixture.open(empty, new SplittableRandom(2), new TreeMap<>()))
                .isInstanceOf(DamagedJournalException.class)
                .hasMessageContaining("missing");
        assertThat(JournalVerifier.verify(empty).intact()).isFalse();
    }

    @Test
    void recordsOfAnEarlierLifeDoNotComeBack() throws IOException {
        JournalFixture fixture = recycled();
        fixture.disk.killProcess();
        assertThat(JournalFiles.names(fixture.disk).firstKey()).isGreaterThan(1);
        TreeMap<Long, byte[]> replayed = new TreeMap<>();
        SegmentedJournal journal =
                JournalFixture.open(fixture.disk, new SplittableRandom(5), replayed);
        assertThat(JournalFixture.isRunOf(fixture.written, replayed)).isTrue();
        assertThat(replayed.lastKey()).isEqualTo(fixture.written.lastKey());
        journal.close();
    }

    /// A journal that lives on files that it used before.
    private static JournalFixture recycled() throws IOException {
        JournalFixture fixture = new JournalFixture(new SimDisk(1L << 30), 4);
        for (int i = 0; i < 2_000; i++) {
            long end = fixture.append(1, 200);
            if (i % 10 == 9) {
                fixture.sync();
                fixture.journal.release(1, end);
            }
        }
        return fixture;
    }

    @Test
    void whatAnEarlierLifeLeftIsNoTornTailAfterAnOrderlyStop() throws IOException {
        JournalFixture fixture = recycled();
        fixture.journal.close();
        assertThat(JournalVerifier.verify(fixture.disk).tailBytes()).isZero();
        try (SegmentedJournal journal =
                JournalFixture.open(fixture.disk, new SplittableRandom(5), new TreeMap<>())) {
            assertThat(journal.stats().bytesCutAtStart()).isZero();
        }
    }

    @Test
    void afterAnOrderlyStopTheLastRecordIsBelowTheMarkToo() throws IOException {
        JournalFixture fixture = new JournalFixture(new SimDisk(1L << 30), 6);
        long end = fixture.append(1, 500);
        fixture.journal.close();
        assertThat(JournalVerifier.verify(fixture.disk).cleanStop()).isTrue();
        byte[] bytes = fixture.disk.content(fileOf(end));
        bytes[(int) (end % SEGMENT_BYTES) - 100] ^= 1;
        fixture.disk.replace(fileOf(end), bytes);
        assertThat(isTold(fixture, fixture.disk)).isTrue();
    }

    @Test
    void aReadOfBytesThatWentBadServesNothing() throws IOException {
        JournalFixture fixture = new JournalFixture(new SimDisk(1L << 30), 7);
        long end = fixture.append(1, 500);
        fixture.sync();
        byte[] bytes = fixture.disk.content(fileOf(end));
        bytes[(int) (end % SEGMENT_BYTES) - 100] ^= 1;
        fixture.disk.replace(fileOf(end), bytes);
        assertThatThrownBy(() -> fixture.journal.read(end, ByteBuffer.allocate(500)))
                .isInstanceOf(DamagedJournalException.class)
                .hasMessageContaining(fixture.disk.describe(fileOf(end)));
    }
}
