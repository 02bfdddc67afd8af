package io.mainstay.head.eureka;

/// What one request may hold, besides the limits of the listener. The registry has limits of its own on what it keeps.
///
/// A batch of 250 instances, the most that a Eureka server sends, is well below a megabyte with usual metadata.
final class EurekaLimits {

    static final int REGISTRATION_BYTES = 1 << 20;
    static final int BATCH_BYTES = 8 << 20;
    static final int BATCH_ITEMS = 1_000;
    static final int METADATA_KEYS = 1_000;

    /// Objects within objects; Eureka's own documents need four levels.
    static final int DEPTH = 32;

    /// Characters of a service name or an instance id.
    static final int NAME_LENGTH = 512;

    private EurekaLimits() {}
}
