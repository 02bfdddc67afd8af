package io.mainstay.kernel.journal;

import io.mainstay.platform.Disk;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/// One file of the journal: a block that names it, then records.
///
/// ```
///  0       8         12           16         24     32    36              64
///  +-------+---------+------------+----------+------+-----+----- ... -----+--------
///  | magic | version | totalBytes | sequence | salt | crc | zeros         | records
///  +-------+---------+------------+----------+------+-----+----- ... -----+--------
/// ```
/// Zero-filled once; a file that is not needed any more gets a new name, sequence and salt, so an fdatasync of it writes no metadata.
record Segment(String name, Disk.File file, long sequence, long salt) {

    static final String DIRECTORY = "journal";
    static final String SUFFIX = ".seg";
    static final String SPARE_PREFIX = "spare-";
    static final int BLOCK_BYTES = 64;

    /// "MAINSTAY" in ASCII.
    private static final long MAGIC = 0x4D41494E53544159L;

    private static final int VERSION = 1;
    private static final int CRC_AT = 32;

    static String nameOf(long sequence) {
        return DIRECTORY + "/" + String.format("%016d", sequence) + SUFFIX;
    }

    /// Writes the block that starts a new life of `file`.
    static Segment begin(String name, Disk.File file, long sequence, long salt, int totalBytes)
            throws IOException {
        ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);
        block.putLong(MAGIC).putInt(VERSION).putInt(totalBytes).putLong(sequence).putLong(salt);
        block.putInt(crc(block));
        block.position(BLOCK_BYTES).flip();
        file.write(block, 0);
        return new Segment(name, file, sequence, salt);
    }

    /// Reads the block, or returns `null` if it is not whole.
    static @Nullable Block readBlock(Disk.File file) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);
        if (file.read(block, 0) < BLOCK_BYTES
                || block.getLong(0) != MAGIC
                || block.getInt(CRC_AT) != crc(block)) {
            return null;
        }
        return new Block(block.getInt(8), block.getInt(12), block.getLong(16), block.getLong(24));
    }

    private static int crc(ByteBuffer block) {
        CRC32C crc = new CRC32C();
        crc.update(block.duplicate().clear().slice(0, CRC_AT));
        return (int) crc.getValue();
    }

    record Block(int version, int totalBytes, long sequence, long salt) {

        boolean isKnownVersion() {
            return version == VERSION;
        }
    }
}
