package io.mainstay.kernel.group;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Predicate;

/// Proposals whose durability level lets them be answered before they are applied, in the order in which they were appended. Driver thread
/// only.
final class EarlyAnswers {

    private final LocalGroup group;
    private final Queue<Appended> received = new ArrayDeque<>();
    private final Queue<Appended> synced = new ArrayDeque<>();

    EarlyAnswers(LocalGroup group) {
        this.group = group;
    }

    void add(Durability level, long offset, int term) {
        Appended appended = new Appended(offset, term);
        switch (level) {
            case QUORUM_MEMORY -> received.add(appended);
            case LEADER_FSYNC -> synced.add(appended);
            case QUORUM_FSYNC, LEADER_MEMORY -> {}
        }
    }

    /// Answers what has reached its level, after the journal was flushed: what is told to be in memory is in the operating system's, so the
    /// end of this process does not take it.
    void answer() {
        // Followers sync before they acknowledge, so this is later than the level asks for; a lone
        // voter answers what it has written.
        answer(received, batch -> batch.lastOffset < group.log.committedEnd());
        answer(synced, batch -> batch.recordEnd <= group.journal.synced());
    }

    /// True if somebody waits for a sync of the journal.
    boolean waitForSync() {
        return !synced.isEmpty();
    }

    private void answer(Queue<Appended> waiting, Predicate<BatchRef> reached) {
        for (Appended first = waiting.peek(); first != null; first = waiting.peek()) {
            if (group.isPending(first.offset, first.term)) {
                BatchRef batch = group.log.batchWith(first.offset);
                if (batch == null || batch.epoch != first.term || !reached.test(batch)) {
                    return;
                }
                group.accept(first.offset);
            }
            waiting.remove();
        }
    }

    private record Appended(long offset, int term) {}
}
