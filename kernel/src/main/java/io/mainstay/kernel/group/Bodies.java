package io.mainstay.kernel.group;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;

/// The bytes of commands that a group has applied, by address: payload is written once, into the journal, and read from there.
///
/// An *address* is a byte in the endless sequence of all entries of a group, the same on every member; a command learns its own when it is
/// decoded, see [StateMachine#decode(int, ByteBuffer, long)]. What a machine still needs it says by [StateMachine#bodiesNeededFrom()].
public interface Bodies {

    /// The bytes if they are in memory, else `null`. They are shared: not to be changed. Any thread.
    @Nullable ByteBuffer cached(long address, int bytes);

    /// The bytes, from memory or disk. Shared: not to be changed. May block: not for the driver, the apply thread or an event loop.
    ///
    /// @throws IOException if they cannot be read, or are not what was written; the message says where
    ByteBuffer read(long address, int bytes) throws IOException;
}
