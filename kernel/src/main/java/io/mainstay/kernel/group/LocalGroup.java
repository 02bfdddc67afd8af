package io.mainstay.kernel.group;

import io.mainstay.common.Check;
import io.mainstay.kernel.group.Outcome.Reason;
import io.mainstay.kernel.journal.Journal;
import io.mainstay.platform.Clock;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// What a group's driver half ([GroupEngine]) and apply half ([GroupApply]) share, and the door for everybody else.
final class LocalGroup implements RaftGroup {

    private static final Logger LOG = LoggerFactory.getLogger(LocalGroup.class);

    final int id;
    final int nodeId;
    final Journal journal;
    final GroupLog log;
    final Clock clock;
    final Queue<Proposal> proposals = new ConcurrentLinkedQueue<>();
    final ConcurrentHashMap<Long, Pending> pending = new ConcurrentHashMap<>();
    final List<LeadershipListener> listeners = new CopyOnWriteArrayList<>();
    final AtomicLong bytesUnderWay = new AtomicLong();
    final long snapshotLogBytes;
    private final long maxBytesUnderWay;
    final HoldRules rules;
    private final Wake driver;
    private final Wake apply;

    /// Set when the engine is made, before any thread runs.
    @Nullable ReadIndex reads;

    /// The term that this member leads, or -1. Written by the driver.
    volatile int leaderTerm = -1;

    /// The term whose leadership the listeners know of, -1 if none: everything of earlier terms is applied. Written by the apply thread.
    volatile int announcedTerm = -1;

    volatile int term;
    volatile int leader = -1;
    volatile boolean fenced;
    volatile @Nullable Throwable fencedBy;
    volatile boolean stopping;
    private volatile boolean closed;
    volatile long applied = -1;
    volatile long appliedTimeMs;
    volatile long snapshotOffset;
    private final Queue<ApplyTask> applyTasks = new ConcurrentLinkedQueue<>();

    LocalGroup(
            int id,
            RaftGroupsConfig config,
            Journal journal,
            GroupLog log,
            Clock clock,
            HoldRules rules,
            Wake driver,
            Wake apply) {
        this.id = id;
        this.nodeId = config.nodeId();
        this.snapshotLogBytes = config.snapshotLogBytes();
        this.maxBytesUnderWay = config.maxBytesUnderWay();
        this.journal = journal;
        this.log = log;
        this.clock = clock;
        this.rules = rules;
        this.driver = driver;
        this.apply = apply;
    }

    @Override
    public int id() {
        return id;
    }

    @Override
    public void propose(Proposal proposal) {
        propose(proposal, false);
    }

    @Override
    public void proposeFreeing(Proposal proposal) {
        propose(proposal, true);
    }

    private void propose(Proposal proposal, boolean freeing) {
        Outcome.Refused refused = refusal(proposal, freeing);
        if (refused != null) {
            proposal.completion().completed(refused);
            return;
        }
        bytesUnderWay.addAndGet(proposal.encoded().remaining());
        proposals.add(proposal);
        if (fenced || closed) {
            // The group ended between the question above and here: nobody else looks at the queue
            // any more.
            abandon("raft group " + id + " takes no commands any more");
        }
        driver.wake();
    }

    private Outcome.@org.jspecify.annotations.Nullable Refused refusal(
            Proposal proposal, boolean freeing) {
        if (fenced || stopping) {
            return new Outcome.Refused(
                    Reason.UNAVAILABLE,
                    "raft group " + id + (fenced ? " is fenced" : " is stopping"));
        }
        if (journal.failed()) {
            return new Outcome.Refused(
                    Reason.JOURNAL_FAILED,
                    "this node's journal failed and takes nothing until the node is restarted");
        }
        if (!freeing && journal.full()) {
            return new Outcome.Refused(
                    Reason.DISK_FULL,
                    "the disk is below its watermark (disk.watermark-bytes): only what frees space is taken");
        }
        if (!leads()) {
            return notLeader();
        }
        if (bytesUnderWay.get() + proposal.encoded().remaining() > maxBytesUnderWay) {
            return new Outcome.Refused(
                    Reason.OVERLOADED,
                    "raft group "
                            + id
                            + " has "
                            + bytesUnderWay.get()
                            + " bytes of commands under way, at most "
                            + maxBytesUnderWay
                            + " are taken");
        }
        return null;
    }

    @Override
    public void awaitReadable(Runnable ready, Consumer<Outcome> failed) {
        if (!leads() || fenced || stopping) {
            failed.accept(notLeader());
            return;
        }
        ReadIndex index = Check.present(reads, "group %d: a read before the start", id);
        index.add(ready, failed);
        if (closed) {
            index.failAll(new Outcome.Refused(Reason.UNAVAILABLE, "the node is stopping"));
        }
        driver.wake();
    }

    /// Leads, and everything of earlier terms is applied: leader time and reads build on that.
    private boolean leads() {
        return leadingTerm() >= 0;
    }

    /// The term in which this member takes commands, or -1.
    int leadingTerm() {
        int led = leaderTerm;
        return announcedTerm == led ? led : -1;
    }

    private Outcome.Refused notLeader() {
        return new Outcome.Refused(
                Reason.NOT_LEADER,
                leaderTerm >= 0
                        ? "raft group " + id + " is applying its log and takes commands after that"
                        : "raft group " + id + " is led by node " + leader);
    }

    /// Runs `task` on the apply thread once `offset` is applied, or `failed` if that will not happen in this process.
    void whenApplied(long offset, Runnable task, Consumer<String> failed) {
        applyTasks.add(new ApplyTask(offset, task, failed));
        if (closed) {
            failApplyTasks("the node is stopping");
        }
        apply.wake();
    }

    /// Apply thread: runs what has become due.
    void runApplyTasks() {
        for (int i = applyTasks.size(); i > 0; i--) {
            ApplyTask task = applyTasks.poll();
            if (task == null) {
                return;
            }
            if (task.offset <= applied) {
                guarded("a task", task.body);
            } else {
                applyTasks.add(task);
            }
        }
    }

    /// Apply thread, of a group that is fenced: nothing that waits here comes any more.
    void endApplying() {
        failApplyTasks("raft group " + id + " is fenced");
        announceLost();
    }

    private void failApplyTasks(String why) {
        for (ApplyTask task = applyTasks.poll(); task != null; task = applyTasks.poll()) {
            ApplyTask failing = task;
            guarded("a task", () -> failing.failed.accept(why));
        }
    }

    /// Apply thread.
    void announceGained(int gained) {
        if (gained == leaderTerm) {
            announcedTerm = gained;
            listeners.forEach(listener -> guarded("a listener", () -> listener.gained(gained)));
        }
    }

    /// Apply thread.
    void announceLost() {
        int led = announcedTerm;
        if (led >= 0) {
            announcedTerm = -1;
            listeners.forEach(listener -> guarded("a listener", () -> listener.lost(led)));
        }
    }

    /// Runs what a domain gave us: its failure is its own and harms neither the group nor who waits behind it.
    void guarded(String what, Runnable body) {
        try {
            body.run();
        } catch (RuntimeException e) {
            LOG.error("raft group {}: {} of a service failed; the group goes on", id, what, e);
        }
    }

    @Override
    public GroupStatus status() {
        Role role =
                fenced
                        ? Role.FENCED
                        : leads()
                                ? Role.LEADER
                                : leader < 0 || leader == nodeId ? Role.STARTING : Role.FOLLOWER;
        return new GroupStatus(
                id,
                role,
                term,
                leader,
                reads == null ? List.of(nodeId) : reads.voters(),
                applied,
                log.committedEnd(),
                log.endOffset().offset(),
                snapshotOffset,
                log.startOffset(),
                bytesUnderWay.get(),
                0);
    }

    @Override
    public void addListener(LeadershipListener listener) {
        whenApplied(
                -1,
                () -> {
                    listeners.add(listener);
                    // Not leaderTerm: that is set before earlier terms are applied.
                    if (announcedTerm >= 0) {
                        listener.gained(announcedTerm);
                    }
                },
                why -> {});
    }

    /// Takes the group out of service; the others go on.
    void fence(String where, Throwable cause) {
        if (fenced) {
            return;
        }
        fencedBy = cause;
        fenced = true;
        leaderTerm = -1;
        LOG.error(
                "raft group {} is fenced after a failure in {}: restart the node; the other groups go on",
                id,
                where,
                cause);
        abandon("raft group " + id + " was fenced: " + cause);
        apply.wake();
    }

    /// After the threads have ended: answers whatever is left, and whatever still comes.
    void close() {
        closed = true;
        abandon("the node is stopping");
        failApplyTasks("the node is stopping");
        if (reads != null) {
            reads.failAll(new Outcome.Refused(Reason.UNAVAILABLE, "the node is stopping"));
        }
    }

    /// Answers everything that is under way: what was appended may have happened, what was not did not.
    void abandon(String why) {
        for (Proposal p = proposals.poll(); p != null; p = proposals.poll()) {
            answered(p, new Outcome.Refused(Reason.UNAVAILABLE, why));
        }
        answerPending(why);
    }

    void answered(Proposal proposal, Outcome outcome) {
        bytesUnderWay.addAndGet(-proposal.encoded().remaining());
        guarded("a completion", () -> proposal.completion().completed(outcome));
    }

    /// Whatever was appended may still be committed, by a later leader too: nobody here will know.
    void leadershipLost() {
        answerPending("leadership of raft group " + id + " was lost");
    }

    private void answerPending(String why) {
        for (Long offset : List.copyOf(pending.keySet())) {
            Pending lost = pending.remove(offset);
            if (lost != null) {
                answered(lost.proposal, new Outcome.Unknown(why));
            }
        }
    }

    /// @param term the term in which it was appended: another term's entry at its offset means that it is lost
    record Pending(Proposal proposal, int term) {}

    private record ApplyTask(long offset, Runnable body, Consumer<String> failed) {}
}
