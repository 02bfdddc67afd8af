package io.mainstay.kernel.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mainstay.kernel.journal.Journal.DamagedJournalException;
import io.mainstay.platform.real.RealPlatform;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

class SegmentedJournalTest {

    private static final JournalConfig SMALL = new JournalConfig(64 << 10, 0);

    @TempDir Path directory;

    private SegmentedJournal open(List<String> seen) throws IOException {
        SegmentedJournal journal = SegmentedJournal.open(SMALL, RealPlatform.at(directory));
        journal.replay(
                (type, group, baseOffset, lastOffset, epoch, recordEnd, payload) -> {
                    if (type == RecordType.BATCH) {
                        seen.add(group + ":" + StandardCharsets.UTF_8.decode(payload.duplicate()));
                    }
                });
        return journal;
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static long append(Journal journal, int group, long offset, String text) {
        return journal.append(RecordType.BATCH, group, offset, offset, 1, bytes(text), false);
    }

    @Test
    void whatWasAppendedComesBackInOrder() throws IOException {
        List<String> expected = new ArrayList<>();
        try (SegmentedJournal journal = open(new ArrayList<>())) {
            for (int i = 0; i < 5_000; i++) {
                String text = "entry " + i + " " + "x".repeat(i % 200);
                long end = append(journal, i % 3, i, text);
                expected.add(i % 3 + ":" + text);
                if (i % 7 == 0) {
                    journal.flush();
                    assertThat(journal.sync()).isEqualTo(end);
                    ByteBuffer read = ByteBuffer.allocate(text.length());
                    journal.read(end, read);
                    assertThat(StandardCharsets.UTF_8.decode(read.flip()).toString())
                            .isEqualTo(text);
                }
            }
        }
        List<String> seen = new ArrayList<>();
        try (SegmentedJournal journal = open(seen)) {
            assertThat(seen).isEqualTo(expected);
            assertThat(journal.stats().bytesCutAtStart()).isZero();
            append(journal, 0, 5_000, "after");
        }
        List<String> again = new ArrayList<>();
        open(again).close();
        assertThat(again).hasSize(5_001).last().isEqualTo("0:after");
    }

    @Test
    void segmentsThatNobodyNeedsAreUsedAgain() throws IOException {
        try (SegmentedJournal journal = open(new ArrayList<>())) {
            for (int i = 0; i < 20_000; i++) {
                long end = append(journal, 1, i, "entry " + i);
                if (i % 100 == 0) {
                    journal.flush();
                    journal.sync();
                    journal.release(1, end);
                }
            }
            assertThat(journal.stats().segments()).isLessThan(4);
            try (var files = Files.list(directory.resolve("journal"))) {
                assertThat(files.count()).isLessThan(7);
            }
        }
        List<String> seen = new ArrayList<>();
        open(seen).close();
        assertThat(seen).isNotEmpty().last().isEqualTo("1:entry 19999");
    }

    @Test
    void aTornTailIsCutAndDamageBelowTheMarkIsRefused() throws IOException {
        SegmentedJournal journal = open(new ArrayList<>());
        for (int i = 0; i < 10; i++) {
            append(journal, 1, i, "entry " + i);
            journal.flush();
            journal.sync();
        }
        long tail = append(journal, 1, 10, "tail");
        journal.flush();
        Path file = directory.resolve("journal/0000000000000001.seg");
        byte[] whole = Files.readAllBytes(file);
        int end = (int) (tail % SMALL.segmentBytes());

        byte[] torn = whole.clone();
        torn[end - 8] ^= 1;
        Files.write(file, torn);
        List<String> seen = new ArrayList<>();
        SegmentedJournal reopened = open(seen);
        assertThat(seen).hasSize(10);
        assertThat(reopened.stats().bytesCutAtStart()).isPositive();
        reopened.close();

        for (int at = Segment.BLOCK_BYTES; at < end - 200; at += 13) {
            byte[] flipped = whole.clone();
            flipped[at] ^= 4;
            Files.write(file, flipped);
            assertThatThrownBy(() -> open(new ArrayList<>()))
                    .isInstanceOf(DamagedJournalException.class)
                    .hasMessageContaining("0000000000000001.seg");
        }
    }
}
