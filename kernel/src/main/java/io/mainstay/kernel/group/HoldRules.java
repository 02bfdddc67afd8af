package io.mainstay.kernel.group;

import io.mainstay.kernel.journal.Journal;

import org.apache.kafka.common.protocol.ApiKeys;

/// What may leave this node, or be shown on it, before the journal is synced: the safety of the group commit, in one place.
///
/// Every message *needs* a journal position and leaves when [Journal#synced()] is at least that. The engine believes that what it wrote is
/// durable on return; these rules make that true for everybody who could notice.
class HoldRules {

    /// Rule 1: a request leaves when everything is synced that the journal held when it was made. A FETCH request is the acknowledgement of
    /// what was fetched before, a VOTE request carries our own vote, BEGIN and END tell of a term.
    long request(ApiKeys api, long journalEnd) {
        return journalEnd;
    }

    /// Rule 1 for answers: a granted vote, a term that was joined.
    long answer(ApiKeys api, long journalEnd) {
        return journalEnd;
    }

    /// Rule 2, the exception that lets followers write while the leader's own sync runs: a leader's batches may leave at once if everything
    /// below the high watermark that goes with them is synced here, and the group's last election state too. Without the latter this
    /// node could lead the same term a second time with another log.
    ///
    /// @param committed the position behind the last batch below the high watermark of the answer
    /// @param election the position behind the group's last election state
    long fetchAnswer(long committed, long election) {
        return Math.max(committed, election);
    }

    /// Rule 3: only what is synced here is applied, shown and answered. The leader counts its own unsynced end for the high watermark.
    long shownBelow(Journal journal) {
        return journal.synced();
    }

    /// The exception to rule 3: a lone voter shows what its proposer wanted kept in memory only, as nobody else has another log. What a power cut takes of it
    /// is the end of the log, so nothing stands behind a hole.
    boolean showsMemory(int voters) {
        return voters == 1;
    }

    /// Rule 5: a snapshot counts once the entries in it are synced; before that a power cut could take entries whose commands the snapshot holds.
    ///
    /// @param behind the position behind the last entry in it
    long snapshot(long behind) {
        return behind;
    }

    /// Rule 4: a read is served when so many of the voters, the leader included, say that it leads.
    int confirmations(int voters) {
        return voters / 2 + 1;
    }
}
