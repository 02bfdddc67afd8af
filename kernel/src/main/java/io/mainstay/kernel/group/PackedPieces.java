package io.mainstay.kernel.group;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.function.Consumer;

/// Batches of the log that follow each other, both in the order of addresses and in the journal, in some ten bytes each: where messages come one by one,
/// a backlog has as many batches as messages. Immutable.
///
/// Of each batch, as numbers of seven bits a byte: bytes of addresses between it and the one before, bytes of its entries, bytes of the journal since the end of
/// the one before, bytes of the batch, offsets since the last one of the one before.
final class PackedPieces implements BodySpan {

    /// A run is given up as a whole: it must not hold much of the journal.
    private static final int MOST_BYTES = 64 << 10;

    private final long start;
    private final long end;
    private final long recordEnd;
    private final long firstRecordEnd;
    private final long position;
    private final long offset;
    private final long lastOffset;
    private final byte[] packed;

    private PackedPieces(Builder builder) {
        this.start = builder.start;
        this.end = builder.end;
        this.recordEnd = builder.beginRecordEnd;
        this.firstRecordEnd = builder.firstRecordEnd;
        this.position = builder.position;
        this.offset = builder.beginOffset;
        this.lastOffset = builder.lastOffset;
        this.packed = Arrays.copyOf(builder.packed, builder.length);
    }

    private PackedPieces(PackedPieces other, long start) {
        this.start = start;
        this.end = start + (other.end - other.start);
        this.recordEnd = other.recordEnd;
        this.firstRecordEnd = other.firstRecordEnd;
        this.position = other.position;
        this.offset = other.offset;
        this.lastOffset = other.lastOffset;
        this.packed = other.packed;
    }

    /// The same with another start: at a restart lengths are known before addresses are.
    PackedPieces at(long otherStart) {
        return new PackedPieces(this, otherStart);
    }

    @Override
    public long start() {
        return start;
    }

    @Override
    public long end() {
        return end;
    }

    @Override
    public long firstRecordEnd() {
        return firstRecordEnd;
    }

    @Override
    public long position() {
        return position;
    }

    /// The last offset of the last batch.
    long lastOffset() {
        return lastOffset;
    }

    /// What it takes of the heap, but for a fixed part.
    int packedBytes() {
        return packed.length;
    }

    /// The batch that holds `address`, or `null` if it lies between two.
    @Nullable BodyExtent pieceOf(long address) {
        for (Cursor cursor = new Cursor(); cursor.next(); ) {
            if (address < cursor.end) {
                return address < cursor.start ? null : cursor.piece();
            }
        }
        return null;
    }

    /// In order.
    void forEach(Consumer<BodyExtent> each) {
        for (Cursor cursor = new Cursor(); cursor.next(); ) {
            each.accept(cursor.piece());
        }
    }

    private final class Cursor {
        private int at;
        private long start;
        private long end = PackedPieces.this.start;
        private long recordEnd = PackedPieces.this.recordEnd;
        private int bytes;
        private long lastOffset = offset;

        boolean next() {
            if (at == packed.length) {
                return false;
            }
            start = end + number();
            end = start + number();
            recordEnd += number();
            bytes = (int) number();
            lastOffset += number();
            return true;
        }

        private long number() {
            long value = 0;
            for (int shift = 0; ; shift += 7) {
                byte part = packed[at++];
                value |= (long) (part & 0x7f) << shift;
                if (part >= 0) {
                    return value;
                }
            }
        }

        BodyExtent piece() {
            return new BodyExtent(start, end, recordEnd, bytes, lastOffset, null);
        }
    }

    /// Gathers batches. One thread.
    static final class Builder {
        private final int mostPieces;
        private byte[] packed = new byte[1024];
        private int length;
        private int count;
        private int bytes;
        private long start;
        private long end;
        private long beginRecordEnd;
        private long firstRecordEnd;
        private long position;
        private long beginOffset;
        private long recordEnd;
        private long lastOffset;

        Builder(int mostPieces) {
            this.mostPieces = mostPieces;
        }

        /// What comes next belongs into another run.
        boolean isFull() {
            return count >= mostPieces || bytes >= MOST_BYTES;
        }

        boolean isEmpty() {
            return count == 0;
        }

        /// Later in the order of addresses, positions and offsets than the one before.
        void add(BodyExtent piece) {
            if (count == 0) {
                start = piece.start();
                end = start;
                firstRecordEnd = piece.recordEnd();
                position = piece.position();
                beginRecordEnd = position;
                recordEnd = position;
                beginOffset = piece.lastOffset();
                lastOffset = beginOffset;
            }
            number(piece.start() - end);
            number(piece.end() - piece.start());
            number(piece.recordEnd() - recordEnd);
            number(piece.payloadBytes());
            number(piece.lastOffset() - lastOffset);
            end = piece.end();
            recordEnd = piece.recordEnd();
            lastOffset = piece.lastOffset();
            bytes += piece.payloadBytes();
            count++;
        }

        private void number(long value) {
            if (packed.length - length < Long.BYTES + 2) {
                packed = Arrays.copyOf(packed, 2 * packed.length);
            }
            long rest = value;
            while (rest > 0x7f || rest < 0) {
                packed[length++] = (byte) (rest | 0x80);
                rest >>>= 7;
            }
            packed[length++] = (byte) rest;
        }

        /// The run; the builder is empty then.
        PackedPieces build() {
            PackedPieces built = new PackedPieces(this);
            length = 0;
            count = 0;
            bytes = 0;
            return built;
        }
    }
}
