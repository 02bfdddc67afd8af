package io.mainstay.kernel.group;

import io.mainstay.kernel.journal.Journal;
import io.mainstay.kernel.journal.RecordType;

import java.nio.ByteBuffer;
import java.util.List;

/// The replay of a node: each group takes its own records.
///
/// @param replays by group
record ReplayOfAll(List<Journal.Replay> replays) implements Journal.Replay {

    @Override
    public void record(
            RecordType type,
            int group,
            long baseOffset,
            long lastOffset,
            int epoch,
            long recordEnd,
            ByteBuffer payload) {
        replays.get(group).record(type, group, baseOffset, lastOffset, epoch, recordEnd, payload);
    }

    @Override
    public boolean damaged(
            RecordType type,
            int group,
            long baseOffset,
            long lastOffset,
            int epoch,
            long recordEnd,
            ByteBuffer payload) {
        return replays.get(group)
                .damaged(type, group, baseOffset, lastOffset, epoch, recordEnd, payload);
    }
}
