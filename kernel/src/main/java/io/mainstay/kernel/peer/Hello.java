package io.mainstay.kernel.peer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

import org.jspecify.annotations.Nullable;

/// The first frame of a connection.
///
/// ```
///  0       4      8    12
///  +-------+------+----+
///  | magic | from | to |
///  +-------+------+----+
/// ```
/// @param to whom the caller means: an address that belongs to somebody else now is noticed
record Hello(int from, int to) {

    /// "MSP1" in ASCII: changes with the format of frames.
    private static final int MAGIC = 0x4D535031;

    private static final int BYTES = 12;

    ByteBuf encode() {
        return Unpooled.buffer(BYTES, BYTES).writeInt(MAGIC).writeInt(from).writeInt(to);
    }

    /// Null if it is none.
    static @Nullable Hello decode(ByteBuf frame) {
        return frame.readableBytes() == BYTES && frame.readInt() == MAGIC
                ? new Hello(frame.readInt(), frame.readInt())
                : null;
    }
}
