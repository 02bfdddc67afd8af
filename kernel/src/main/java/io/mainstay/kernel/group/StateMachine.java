package io.mainstay.kernel.group;

import java.nio.ByteBuffer;
import java.util.List;

/// What one state machine does with the commands that its raft group has agreed on.
///
/// Deterministic: the same commands at the same offsets give the same state, replies and effects on every member.
/// Time is the leader's, taken from the entry and monotonic per group; never read a clock, draw a random number, do I/O
/// or iterate over an unordered collection. All methods are called by the group's apply thread only; while a fenced group is rebuilt, by the
/// thread that does it instead. Never by two at once.
///
/// @param <C> the command after decoding, a sealed type of the domain
/// @param <R> the outcome that the proposer gets, a sealed type of the domain
public interface StateMachine<C, R> {

    MachineId id();

    /// Decodes a command. `version` is the one that the proposer wrote. An exception fences the group: commands are
    /// encoded by ourselves, so a command that cannot be read is damage or a broken assumption.
    C decode(int version, ByteBuffer command);

    /// As above, for a machine that finds bytes of its commands again later.
    ///
    /// @param address of the first byte of `command`, see [Bodies]
    default C decode(int version, ByteBuffer command, long address) {
        return decode(version, command);
    }

    /// Whether bytes of the command may be asked of [Bodies] later.
    default boolean holdsBody(C command) {
        return false;
    }

    /// The lowest address that may still be asked of [Bodies]; `Long.MAX_VALUE` if none.
    default long bodiesNeededFrom() {
        return Long.MAX_VALUE;
    }

    /// Names each body that may still be asked of [Bodies] and begins at or above `from` and below `to`; in any order, the same one more than once if
    /// several need it. A body has at least one byte. What a machine with bodies does not name is lost.
    default void bodies(long from, long to, BodySink sink) {}

    /// Bytes of all bodies that may still be asked of [Bodies], and [#BODY_OVERHEAD_BYTES] for each; one that several need may be counted for each.
    default long bodyBytes() {
        return 0;
    }

    /// What a body takes beside its bytes where it was moved to: a bound.
    int BODY_OVERHEAD_BYTES = 32;

    /// Applies one command.
    ///
    /// @param offset the raft offset of the entry; several commands may share it, their order is the order of calls
    /// @param timeMs the leader's Unix time in milliseconds, never decreasing
    Applied<R> apply(long offset, long timeMs, C command);

    /// Called after one or more entries were applied: publish immutable views now. `appliedOffset` is the last entry applied. During a rebuild
    /// it is not called before the state is as far as it was shown before.
    void publish(long appliedOffset);

    /// Writes the whole state; must give the same bytes for the same state on every member.
    void snapshot(SnapshotSink sink);

    /// Replaces the whole state, which may be half changed after an exception, by a section that [#snapshot] wrote. `publish` follows,
    /// in a rebuild after entries that were applied before.
    void restore(int version, ByteBuffer section);

    /// What [#snapshot] wrote last is durable, and no older snapshot is used again. Called once for each, some time after it.
    default void snapshotDurable() {}

    /// Version of what [#snapshot] writes.
    int snapshotVersion();

    /// A digest of the whole state, equal on every member at the same offset.
    long digest();

    /// Takes the place of one body.
    interface BodySink {
        void body(long address, int bytes);
    }

    /// Takes the bytes of a snapshot section in order.
    interface SnapshotSink {
        void write(ByteBuffer bytes);
    }

    /// @param reply goes to the proposer once, on the leader
    /// @param effects run on the leader after the view was published, in order; followers drop them
    record Applied<R>(R reply, List<Runnable> effects) {
        public static <R> Applied<R> of(R reply) {
            return new Applied<>(reply, List.of());
        }
    }
}
