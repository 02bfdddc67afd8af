package io.mainstay.kernel.group;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

class PackedPiecesTest {

    private static List<Long> numbers(BodyExtent piece) {
        return List.of(
                piece.start(),
                piece.end(),
                piece.recordEnd(),
                (long) piece.payloadBytes(),
                piece.lastOffset());
    }

    @Test
    void whatWasPackedComesOutAgain() {
        SplittableRandom random = new SplittableRandom(1);
        for (int round = 0; round < 200; round++) {
            PackedPieces.Builder builder = new PackedPieces.Builder(1 + random.nextInt(50));
            List<BodyExtent> pieces = new ArrayList<>();
            long address = random.nextLong(1L << 50);
            long position = random.nextLong(1L << 50);
            long offset = random.nextLong(1L << 40);
            while (!builder.isFull()) {
                address += random.nextInt(4) == 0 ? random.nextInt(100_000) : 0;
                int length = 1 + random.nextInt(random.nextInt(10) == 0 ? 4 << 20 : 300);
                position += length + 60L + random.nextInt(1 << random.nextInt(25));
                offset += 1 + random.nextInt(3);
                BodyExtent piece =
                        new BodyExtent(
                                address, address + length, position, length + 61, offset, null);
                pieces.add(piece);
                builder.add(piece);
                address += length;
            }
            PackedPieces run = builder.build();
            assertThat(builder.isEmpty()).isTrue();
            List<List<Long>> found = new ArrayList<>();
            run.forEach(piece -> found.add(numbers(piece)));
            assertThat(found).isEqualTo(pieces.stream().map(PackedPiecesTest::numbers).toList());
            assertThat(run.start()).isEqualTo(pieces.getFirst().start());
            assertThat(run.end()).isEqualTo(pieces.getLast().end());
            assertThat(run.position()).isEqualTo(pieces.getFirst().position());
            assertThat(run.firstRecordEnd()).isEqualTo(pieces.getFirst().recordEnd());
            assertThat(run.lastOffset()).isEqualTo(pieces.getLast().lastOffset());
            for (BodyExtent piece : pieces) {
                for (long at : new long[] {piece.start(), piece.end() - 1}) {
                    BodyExtent of = run.pieceOf(at);
                    assertThat(of).isNotNull();
                    assertThat(numbers(of)).isEqualTo(numbers(piece));
                }
            }
            PackedPieces moved = run.at(7);
            assertThat(moved.start()).isEqualTo(7);
            assertThat(moved.end()).isEqualTo(7 + run.end() - run.start());
            BodyExtent last = moved.pieceOf(moved.end() - 1);
            assertThat(last).isNotNull();
            assertThat(last.recordEnd()).isEqualTo(pieces.getLast().recordEnd());
        }
    }

    @Test
    void whatLiesBetweenTwoPiecesIsNobodys() {
        PackedPieces.Builder builder = new PackedPieces.Builder(2);
        builder.add(new BodyExtent(100, 200, 1_000, 110, 5, null));
        builder.add(new BodyExtent(300, 400, 2_000, 110, 9, null));
        PackedPieces run = builder.build();
        assertThat(run.pieceOf(250)).isNull();
        assertThat(run.pieceOf(99)).isNull();
        assertThat(run.pieceOf(400)).isNull();
    }

    @Test
    void aSmallPieceTakesSomeTenBytes() {
        PackedPieces.Builder builder = new PackedPieces.Builder(BodyCache.USUAL_RUN);
        for (int i = 0; !builder.isFull(); i++) {
            builder.add(
                    new BodyExtent(i * 160L, i * 160L + 150, i * 320L + 5_000, 210, i * 2L, null));
        }
        assertThat(builder.build().packedBytes()).isLessThan(10 * BodyCache.USUAL_RUN);
    }
}
