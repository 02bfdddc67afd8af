package io.mainstay.kernel.group;

/// One raft group of this node: the door through which a domain changes and reads state. Thread-safe.
public interface RaftGroup {

    /// 0 is `meta`; 1 and up are data groups.
    int id();

    /// What users are shown: `meta`, the number of a data group, or `memory` for what need not survive a start.
    String name();

    /// Appends the proposal to the log if this node leads the group. Never blocks; the completion is called exactly once.
    void propose(Proposal proposal);

    /// As [#propose], for commands that free space (cancel, delete, settle) and few others that whoever leads must not be without: taken from the reserve
    /// when the disk watermark refuses others, and however many bytes are under way.
    void proposeFreeing(Proposal proposal);

    /// A linearizable read without a log entry: calls `ready` on the apply thread when this member's views show everything
    /// that was acknowledged before this call, or `failed` if that cannot be known (no leader, time-out).
    void awaitReadable(Runnable ready, java.util.function.Consumer<Outcome> failed);

    /// Runs a task on the apply thread, after what was applied before and in the order of calls: for what belongs to the state but not into the log. If the
    /// group is fenced or the node stops, `dropped` runs instead, on any thread.
    void execute(Runnable task, Runnable dropped);

    /// The bytes of commands that were applied.
    Bodies bodies();

    GroupStatus status();

    /// Whether the group is fenced and does not come back by itself: a restart of the node, another version or a backup is needed.
    boolean staysFenced();

    /// Told of leadership changes on the apply thread, after all entries of earlier terms are applied; told at once of the
    /// present state when added.
    void addListener(LeadershipListener listener);

    interface LeadershipListener {
        /// This member leads from now on and has applied everything of earlier terms.
        void gained(int term);

        /// This member leads no more (or the group is fenced).
        void lost(int term);
    }

    /// A moment of a group; may be old when read.
    ///
    /// @param name as [RaftGroup#name]
    /// @param leader id of the leading node, or -1
    /// @param rebuilds how often the group was fenced and brought back in this process
    record GroupStatus(
            int id,
            String name,
            Role role,
            int term,
            int leader,
            java.util.List<Integer> voters,
            long appliedOffset,
            long highWatermark,
            long endOffset,
            long snapshotOffset,
            long logStartOffset,
            long bytesUnderWay,
            long rebuilds) {}

    enum Role {
        LEADER,
        FOLLOWER,
        CANDIDATE,
        OBSERVER,
        FENCED,
        STARTING
    }
}
