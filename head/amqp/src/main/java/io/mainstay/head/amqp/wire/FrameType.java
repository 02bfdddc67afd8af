package io.mainstay.head.amqp.wire;

/// Types and sizes of frames.
///
/// ```
/// +----------+-------------+-----------+---------+------------+
/// | type (1) | channel (2) | bytes (4) | payload | 0xCE  (1)  |
/// +----------+-------------+-----------+---------+------------+
/// ```
public final class FrameType {

    public static final int METHOD = 1;
    public static final int HEADER = 2;
    public static final int BODY = 3;
    public static final int HEARTBEAT = 8;

    public static final int END = 0xCE;

    /// Bytes in front of the payload.
    public static final int HEAD_BYTES = 7;

    /// Bytes of a frame that are not payload.
    public static final int FRAMING_BYTES = HEAD_BYTES + 1;

    private FrameType() {}

    static boolean known(int type) {
        return type == METHOD || type == HEADER || type == BODY || type == HEARTBEAT;
    }
}
