package io.mainstay.head.grpc;

/// What a stranger may send.
final class GrpcLimits {

    /// Bytes of one frame; the registry's own limits on an instance lie below.
    static final int FRAME_BYTES = 512 << 10;

    static final int METADATA_BYTES = 16 << 10;

    /// Calls on one connection: a process needs one.
    static final int CALLS_PER_CONNECTION = 16;

    static final int SUBSCRIPTIONS = 1_000;
    static final int INSTANCES = 1_000;
    static final int CLIENT_ID_CHARS = 128;
    static final int DESCRIPTION_CHARS = 256;

    /// Until the first frame has come and its credentials are checked.
    static final long HELLO_MS = 10_000;

    private GrpcLimits() {}
}
