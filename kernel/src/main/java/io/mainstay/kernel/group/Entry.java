package io.mainstay.kernel.group;

import java.nio.ByteBuffer;

/// Bytes of one entry of a group's log.
///
/// ```
///  0        8       12
///  +--------+-------+----------------------- for each command ----------------+
///  | timeMs | count | length (4) | machine (1) | version (1) | command bytes   |
///  +--------+-------+----------------------------------------------------------+
/// ```
/// `timeMs` is the leader's Unix time, never decreasing within a group.
final class Entry {

    static final int HEADER_BYTES = 12;

    private Entry() {}

    /// Writes the first bytes of `entry`.
    static void header(ByteBuffer entry, long timeMs, int count) {
        entry.putLong(0, timeMs).putInt(Long.BYTES, count);
    }
}
