package io.mainstay.kernel.journal;

import org.jspecify.annotations.Nullable;

/// What a journal record says. Numbers are on disk and are never used again.
public enum RecordType {
    /// One batch of a group's log, as the engine built it.
    BATCH(1),
    /// The group's log ends at `baseOffset` from here on: all later offsets are void.
    TRUNCATE(2),
    /// The group's log starts at `baseOffset` (epoch in `epoch`): everything below is in a durable snapshot.
    START_AT(3),
    /// The group's log is empty and starts at the snapshot (`baseOffset`, `epoch`).
    RESET_TO_SNAPSHOT(4),
    /// The group's vote, term and leader; payload is the group package's own.
    ELECTION_STATE(5),
    /// Written by the journal itself in front of a commit block: the position that was synced before (`baseOffset`) and
    /// the oldest segment that is still needed (`lastOffset`).
    SYNC_MARK(6),
    /// Written by the journal itself as the last record of an orderly stop, with the fields of a mark.
    CLEAN_STOP(7),
    /// Written by the journal itself: the rest of this segment is not used; the next one was made durable before.
    SEGMENT_END(8),
    /// Bodies of the group that were moved out of older records: what is needed of the addresses from `baseOffset` up to (without) `lastOffset`; payload is
    /// the group package's own.
    BODIES(9);

    private final int number;

    RecordType(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    /// The type with that number, or `null` for a number that no version has used.
    static @Nullable RecordType of(int number) {
        return switch (number) {
            case 1 -> BATCH;
            case 2 -> TRUNCATE;
            case 3 -> START_AT;
            case 4 -> RESET_TO_SNAPSHOT;
            case 5 -> ELECTION_STATE;
            case 6 -> SYNC_MARK;
            case 7 -> CLEAN_STOP;
            case 8 -> SEGMENT_END;
            case 9 -> BODIES;
            default -> null;
        };
    }
}
