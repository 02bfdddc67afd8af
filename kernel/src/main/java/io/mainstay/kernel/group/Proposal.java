package io.mainstay.kernel.group;

import io.mainstay.common.Check;

import java.nio.ByteBuffer;

/// Commands that enter a group's log together, with one completion for all of them.
///
/// Made by one thread, typically once per event-loop turn and group, then given to [RaftGroup#propose] and not touched
/// again. At most [#MAX_BYTES] of commands; a single larger one must be cut into chunks by its domain.
public final class Proposal {

    /// Bytes of all commands with their headers: 1 MiB.
    public static final int MAX_BYTES = 1 << 20;

    /// Bytes of a buffer that holds any proposal.
    public static final int ROOM_BYTES = Entry.HEADER_BYTES + MAX_BYTES;

    /// Bytes in front of each command: length (4), machine (1), version (1).
    public static final int COMMAND_HEADER_BYTES = 6;

    private Durability durability;
    private final Completion completion;

    /// Commands behind the room for the entry's header.
    private ByteBuffer commands;

    private int count;

    public Proposal(Durability durability, Completion completion) {
        this(durability, completion, 1024);
    }

    /// @param expectedBytes of all commands: what is right spares copies
    public Proposal(Durability durability, Completion completion, int expectedBytes) {
        this.durability = durability;
        this.completion = completion;
        this.commands =
                ByteBuffer.allocate(
                                Entry.HEADER_BYTES
                                        + Math.min(MAX_BYTES, Math.max(64, expectedBytes)))
                        .position(Entry.HEADER_BYTES);
    }

    /// A proposal that is written into a buffer of [#ROOM_BYTES] which belongs to the caller again when the proposal is applied.
    ///
    /// @param room whatever is in it is overwritten
    public Proposal(Durability durability, Completion completion, ByteBuffer room) {
        Check.that(room.capacity() == ROOM_BYTES, "a buffer of %d bytes", room.capacity());
        this.durability = durability;
        this.completion = completion;
        this.commands = room.clear().position(Entry.HEADER_BYTES);
    }

    /// True if a command of `bytes` still fits.
    public boolean fits(int bytes) {
        return bytes() + COMMAND_HEADER_BYTES + bytes <= MAX_BYTES;
    }

    /// Adds a command and returns its index among the outcomes. The bytes are copied.
    public int add(MachineId machine, int version, ByteBuffer command) {
        int bytes = command.remaining();
        Check.that(fits(bytes), "a proposal of %d bytes has no room for %d more", bytes(), bytes);
        Check.that(version >= 0 && version <= 255, "version %d", version);
        reserve(COMMAND_HEADER_BYTES + bytes);
        commands.putInt(bytes)
                .put((byte) machine.number())
                .put((byte) version)
                .put(command.duplicate());
        return count++;
    }

    /// Adds a command of `bytes` and returns where its owner has to write it before anything else is called here: spares a copy.
    public ByteBuffer begin(MachineId machine, int version, int bytes) {
        Check.that(fits(bytes), "a proposal of %d bytes has no room for %d more", bytes(), bytes);
        Check.that(version >= 0 && version <= 255, "version %d", version);
        reserve(COMMAND_HEADER_BYTES + bytes);
        commands.putInt(bytes).put((byte) machine.number()).put((byte) version);
        ByteBuffer target = commands.slice(commands.position(), bytes);
        commands.position(commands.position() + bytes);
        count++;
        return target;
    }

    /// Bytes of the commands so far, with their headers.
    public int bytes() {
        return commands.position() - Entry.HEADER_BYTES;
    }

    private void reserve(int bytes) {
        if (commands.remaining() < bytes) {
            int capacity = Math.max(commands.capacity() * 2, commands.position() + bytes);
            ByteBuffer larger =
                    ByteBuffer.allocate(Math.min(capacity, Entry.HEADER_BYTES + MAX_BYTES));
            commands = larger.put(commands.flip());
        }
    }

    public int count() {
        return count;
    }

    public Durability durability() {
        return durability;
    }

    /// Asks for another level than at first.
    public void durability(Durability wanted) {
        durability = wanted;
    }

    public Completion completion() {
        return completion;
    }

    /// The entry, whose header is written into the room in front of the commands: they are not copied.
    ByteBuffer entry(long timeMs) {
        Entry.header(commands, timeMs, count);
        return commands.duplicate().flip();
    }

    /// Told once what became of a proposal.
    @FunctionalInterface
    public interface Completion {
        /// Called on the group's apply or driver thread: hand over to your own thread, do not work here. With `APPLIED` the views
        /// already show the commands.
        void completed(Outcome outcome);
    }
}
