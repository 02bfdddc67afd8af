package io.mainstay.messaging.topology.rules;

/// How much there may be. Everything is held in memory and in each snapshot; a queue
/// or a binding takes about half a KiB.
public final class TopologyLimits {

    /// Bytes of a name, a key, an owner: what AMQP's short strings hold.
    public static final int MAX_NAME_BYTES = 255;

    /// Bytes of arguments of one declaration, or of one policy's definition.
    public static final int MAX_TABLE_BYTES = 64 << 10;

    /// Characters of a virtual host's description.
    public static final int MAX_DESCRIPTION_LENGTH = 1024;

    public static final int MAX_VHOSTS = 1_000;

    /// Of all virtual hosts together.
    public static final int MAX_QUEUES = 200_000;

    /// Of all virtual hosts together.
    public static final int MAX_EXCHANGES = 100_000;

    /// Of all virtual hosts together.
    public static final int MAX_BINDINGS = 1_000_000;

    /// Of one virtual host; operator policies count by themselves.
    public static final int MAX_POLICIES = 1_000;

    /// Permissions, and by themselves topic permissions.
    public static final int MAX_PERMISSIONS = 10_000;

    /// Users that have limits.
    public static final int MAX_LIMITED_USERS = 10_000;

    private TopologyLimits() {}
}
