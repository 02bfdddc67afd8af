package io.mainstay.kernel.journal;

import java.util.List;

/// What [JournalVerifier] found.
///
/// @param segments files read, `segmentBytes` size of one (0 if there is none that can be read)
/// @param firstPosition where the oldest file starts, `end` the position behind the last intact record
/// @param durableBelow the highest position that a mark calls durable, -1 without a mark
/// @param cleanStop the last record is the mark of an orderly stop
/// @param tailBytes bytes that the next start cuts, because no mark covers them
/// @param damages what is lost, by position
/// @param groups what each raft group has here, by group
public record VerifyReport(
        int segments,
        int segmentBytes,
        long firstPosition,
        long end,
        long durableBelow,
        boolean cleanStop,
        long records,
        long tailBytes,
        List<Damage> damages,
        List<GroupCount> groups) {

    public VerifyReport {
        damages = List.copyOf(damages);
        groups = List.copyOf(groups);
    }

    /// Nothing durable is lost.
    public boolean intact() {
        return damages.isEmpty();
    }

    /// @param file where, for people; `from` and `to` are bytes in it
    /// @param position of `from` in the journal
    public record Damage(String file, long position, long from, long to, String reason) {}

    /// @param bytes of records, headers and padding included
    public record GroupCount(int group, long records, long batches, long bytes, long lastOffset) {}
}
