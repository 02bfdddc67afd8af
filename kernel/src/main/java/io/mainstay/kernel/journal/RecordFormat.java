package io.mainstay.kernel.journal;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/// Bytes of a record.
///
/// ```
///  0       4           8          16     17      20      24           32           40      44             48           52     56
///  +-------+-----------+----------+------+-------+-------+------------+------------+-------+--------------+------------+------+---------
///  | magic | headerCrc | sequence | type | zeros | group | baseOffset | lastOffset | epoch | payloadBytes | payloadCrc | zero | payload
///  +-------+-----------+----------+------+-------+-------+------------+------------+-------+--------------+------------+------+---------
/// ```
/// Big-endian; a record starts at a multiple of eight. `headerCrc` is CRC32C over the segment's salt, the record's place in the segment
/// and bytes 8 to 56: a record of the segment's earlier life, a copy in another place, or one that a client smuggled into a payload
/// is never taken for a record.
final class RecordFormat {

    /// "MSJ1": changes with the format.
    static final int MAGIC = 0x4D534A31;

    static final int HEADER_BYTES = 56;
    static final int ALIGNMENT = 8;

    /// No segment is larger.
    private static final int MAX_PAYLOAD_BYTES = 1 << 30;

    private RecordFormat() {}

    /// Bytes that a record with such a payload takes.
    static int recordBytes(int payloadBytes) {
        return HEADER_BYTES + ((payloadBytes + ALIGNMENT - 1) & -ALIGNMENT);
    }

    static void putHeader(ByteBuffer target, long salt, int place, Header header) {
        int at = target.position();
        target.putInt(MAGIC).putInt(0).putLong(header.sequence());
        target.put((byte) header.type().number()).put((byte) 0).putShort((short) 0);
        target.putInt(header.group()).putLong(header.baseOffset()).putLong(header.lastOffset());
        target.putInt(header.epoch()).putInt(header.payloadBytes()).putInt(header.payloadCrc());
        target.putInt(0);
        target.putInt(at + 4, headerCrc(target.slice(at, HEADER_BYTES), salt, place));
    }

    /// The header at the buffer's position, or `null` if there is none of this segment's life and `place`. Does not move the position.
    static @org.jspecify.annotations.Nullable Header header(
            ByteBuffer source, long salt, long sequence, int place) {
        int at = source.position();
        if (source.remaining() < HEADER_BYTES
                || source.getInt(at) != MAGIC
                || source.getLong(at + 8) != sequence) {
            return null;
        }
        RecordType type = RecordType.of(source.get(at + 16));
        int payloadBytes = source.getInt(at + 44);
        if (type == null
                || payloadBytes < 0
                || payloadBytes > MAX_PAYLOAD_BYTES
                || source.getInt(at + 4)
                        != headerCrc(source.slice(at, HEADER_BYTES), salt, place)) {
            return null;
        }
        return new Header(
                sequence,
                type,
                source.getInt(at + 20),
                source.getLong(at + 24),
                source.getLong(at + 32),
                source.getInt(at + 40),
                payloadBytes,
                source.getInt(at + 48));
    }

    private static int headerCrc(ByteBuffer header, long salt, int place) {
        CRC32C crc = new CRC32C();
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            crc.update((int) (salt >>> shift) & 0xff);
        }
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            crc.update(place >>> shift & 0xff);
        }
        crc.update(header.slice(8, HEADER_BYTES - 8));
        return (int) crc.getValue();
    }

    static int payloadCrc(ByteBuffer payload) {
        CRC32C crc = new CRC32C();
        crc.update(payload.duplicate());
        return (int) crc.getValue();
    }

    record Header(
            long sequence,
            RecordType type,
            int group,
            long baseOffset,
            long lastOffset,
            int epoch,
            int payloadBytes,
            int payloadCrc) {

        /// The position below which everything was durable before this record was written, or -1 if it does not say.
        long durableBelow() {
            return switch (type) {
                case SYNC_MARK, CLEAN_STOP -> baseOffset;
                case BATCH,
                        TRUNCATE,
                        START_AT,
                        RESET_TO_SNAPSHOT,
                        ELECTION_STATE,
                        SEGMENT_END,
                        BODIES ->
                        -1;
            };
        }

        /// The oldest segment that was needed when this record was written, or -1 if it does not say.
        long oldestSegment() {
            return durableBelow() < 0 ? -1 : lastOffset;
        }
    }
}
