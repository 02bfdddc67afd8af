package io.mainstay.kernel.group;

import io.mainstay.common.Check;
import io.mainstay.kernel.group.Outcome.Reason;
import io.mainstay.kernel.journal.Journal;
import io.mainstay.platform.Clock;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// What a group's driver half ([GroupEngine]) and apply half ([GroupApply]) share, and the door for everybody else.
final class LocalGroup implements RaftGroup {

    private static final Logger LOG = LoggerFactory.getLogger(LocalGroup.class);

    final int id;
    final String name;
    final int nodeId;
    final Journal journal;
    final Clock clock;
    final Queue<Proposal> proposals = new ConcurrentLinkedQueue<>();
    final Queue<ReadIndex.Read> readers = new ConcurrentLinkedQueue<>();
    final ConcurrentHashMap<Long, Pending> pending = new ConcurrentHashMap<>();
    final List<LeadershipListener> listeners = new CopyOnWriteArrayList<>();
    final AtomicLong bytesUnderWay = new AtomicLong();
    final long snapshotLogBytes;
    private final long maxBytesUnderWay;
    final HoldRules rules;
    private final Wake driver;
    private final Wake apply;

    /// Set when the engine is made; another one after a rebuild.
    volatile @Nullable ReadIndex reads;

    /// Replaced by a rebuild, on the driver.
    volatile GroupLog log;

    /// As above.
    volatile GroupBodies bodies;

    /// The term that this member leads, or -1. Written by the driver.
    volatile int leaderTerm = -1;

    /// The term whose leadership the listeners know of, -1 if none: everything of earlier terms is applied. Written by the apply thread.
    volatile int announcedTerm = -1;

    volatile int term;
    volatile int leader = -1;
    volatile boolean stopping;
    private volatile @Nullable Fence fence;
    private volatile boolean givenUp;
    private volatile boolean closed;
    volatile long applied = -1;
    volatile long appliedTimeMs;
    volatile long snapshotOffset;

    /// Behind the last entry of [Durability#LEADER_MEMORY] that the operating system has and a lone voter may apply before it is synced. Written by the
    /// driver.
    volatile long memoryEnd;

    /// The last entry that the views show. After a rebuild the machines are behind it for a while.
    volatile long shown = -1;

    /// Bodies need less of the journal than it was told, and the driver has not seen it yet.
    final AtomicBoolean bodiesLetGo = new AtomicBoolean();

    /// How often the group was rebuilt. Written by the driver.
    volatile long rebuilds;

    /// Goes on over rebuilds.
    private final Bodies current =
            new Bodies() {
                @Override
                public @Nullable ByteBuffer cached(long address, int bytes) {
                    return bodies.cached(address, bytes);
                }

                @Override
                public ByteBuffer read(long address, int bytes) throws IOException {
                    return bodies.read(address, bytes);
                }
            };

    private final Queue<ApplyTask> applyTasks = new ConcurrentLinkedQueue<>();

    LocalGroup(
            int id,
            RaftGroupsConfig config,
            Journal journal,
            GroupLog log,
            GroupBodies bodies,
            Clock clock,
            HoldRules rules,
            Wake driver,
            Wake apply) {
        this.id = id;
        this.name = config.nameOf(id);
        this.nodeId = config.nodeId();
        this.snapshotLogBytes = config.snapshotLogBytes();
        this.maxBytesUnderWay = config.maxBytesUnderWay();
        this.journal = journal;
        this.log = log;
        this.bodies = bodies;
        this.clock = clock;
        this.rules = rules;
        this.driver = driver;
        this.apply = apply;
    }

    @Override
    public void execute(Runnable task, Runnable dropped) {
        whenApplied(-1, task, why -> dropped.run());
    }

    @Override
    public Bodies bodies() {
        return current;
    }

    @Override
    public int id() {
        return id;
    }

    @Override
    public String name() {
        return name;
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
        bytesUnderWay.addAndGet(proposal.bytes());
        proposals.add(proposal);
        if (closed) {
            // The node stopped between the question above and here: nobody else looks at the queue
            // any more.
            refuseProposals("the node is stopping");
        }
        driver.wake();
    }

    private Outcome.@org.jspecify.annotations.Nullable Refused refusal(
            Proposal proposal, boolean freeing) {
        if (journal.failed()) {
            return new Outcome.Refused(
                    Reason.JOURNAL_FAILED,
                    "this node's journal failed and takes nothing until the node is restarted");
        }
        if (fenced() || stopping) {
            return unavailable();
        }
        if (!freeing && journal.full()) {
            return new Outcome.Refused(
                    Reason.DISK_FULL,
                    "the disk is below its watermark (disk.watermark-bytes): only what frees space is taken");
        }
        if (!leads()) {
            return notLeader();
        }
        if (!freeing && bytesUnderWay.get() + proposal.bytes() > maxBytesUnderWay) {
            return new Outcome.Refused(
                    Reason.OVERLOADED,
                    "raft group "
                            + name
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
        if (fenced() || stopping || !leads()) {
            failed.accept(fenced() || stopping ? unavailable() : notLeader());
            return;
        }
        long deadline = clock.nanoTime() + ReadIndex.TIMEOUT_NANOS;
        readers.add(new ReadIndex.Read(deadline, ready, failed));
        if (closed) {
            refuseReaders(new Outcome.Refused(Reason.UNAVAILABLE, "the node is stopping"));
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

    private Outcome.Refused unavailable() {
        return new Outcome.Refused(
                Reason.UNAVAILABLE,
                "raft group " + name + (fenced() ? " is fenced" : " is stopping"));
    }

    private Outcome.Refused notLeader() {
        return new Outcome.Refused(
                Reason.NOT_LEADER,
                leaderTerm >= 0
                        ? "raft group "
                                + name
                                + " is applying its log and takes commands after that"
                        : "raft group " + name + " is led by node " + leader);
    }

    /// Runs `task` on the apply thread once `offset` is applied, or `failed` if that will not happen in this process.
    void whenApplied(long offset, Runnable task, Consumer<String> failed) {
        applyTasks.add(new ApplyTask(offset, task, failed));
        if (closed) {
            failApplyTasks("the node is stopping");
        }
        apply.wake();
        if (fenced()) {
            driver.wake();
        }
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
        announceLost(announcedTerm);
        failApplyTasks("raft group " + name + " is fenced");
        driver.wake();
    }

    void failApplyTasks(String why) {
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
    void announceLost(int led) {
        if (led >= 0 && led == announcedTerm) {
            announcedTerm = -1;
            listeners.forEach(listener -> guarded("a listener", () -> listener.lost(led)));
        }
    }

    /// Runs what a domain gave us: its failure is its own and harms neither the group nor who waits behind it.
    void guarded(String what, Runnable body) {
        try {
            body.run();
        } catch (RuntimeException e) {
            LOG.error("raft group {}: {} of a service failed; the group goes on", name, what, e);
        }
    }

    @Override
    public GroupStatus status() {
        Role role =
                fenced()
                        ? Role.FENCED
                        : leads()
                                ? Role.LEADER
                                : leader < 0 || leader == nodeId ? Role.STARTING : Role.FOLLOWER;
        ReadIndex index = reads;
        GroupLog present = log;
        return new GroupStatus(
                id,
                name,
                role,
                term,
                leader,
                index == null ? List.of(nodeId) : index.voters(),
                applied,
                present.committedEnd(),
                present.endOffset().offset(),
                snapshotOffset,
                present.startOffset(),
                bytesUnderWay.get(),
                rebuilds);
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
                why -> listeners.add(listener));
    }

    /// Takes the group out of service; the others go on. What waits is answered here and by the next turns of the driver and the
    /// apply thread, as one of them may be at work on it.
    ///
    /// @param what what failed, for the log
    /// @param applying the offset of the entry that could not be applied, or -1
    void fence(String what, Throwable cause, long applying) {
        fence(new Fence(what, cause, applying, false));
    }

    void fence(String what, Throwable cause) {
        fence(new Fence(what, cause, -1, false));
    }

    /// Takes the group out of service until the node is restarted.
    void fenceForGood(String what, Throwable cause) {
        fence(new Fence(what, cause, -1, true));
    }

    private void fence(Fence wanted) {
        synchronized (this) {
            Fence before = fence;
            if (before != null && (before.forGood || !wanted.forGood)) {
                return;
            }
            fence = wanted;
            leaderTerm = -1;
        }
        if (wanted.forGood || journal.failed()) {
            LOG.error(
                    "raft group {} is fenced until the node is restarted, after a failure in {}: {}",
                    name,
                    wanted.what,
                    wanted.cause.toString());
        } else {
            LOG.error(
                    "raft group {} is fenced after a failure in {}; the other groups go on",
                    name,
                    wanted.what,
                    wanted.cause);
        }
        abandon("raft group " + name + " was fenced: " + wanted.cause);
        apply.wake();
        driver.wake();
    }

    boolean fenced() {
        return fence != null;
    }

    @Override
    public boolean staysFenced() {
        Fence present = fence;
        return present != null && (present.forGood || givenUp);
    }

    /// Driver thread: nobody tries to bring the group back any more.
    void giveUp() {
        givenUp = true;
    }

    @Nullable Fence fence() {
        return fence;
    }

    /// Driver thread: the rebuild failed too.
    synchronized void rebuildFailed(Throwable cause) {
        Fence before = Check.present(fence, "group %d is not fenced", id);
        fence = new Fence("its rebuild", cause, -1, before.forGood);
    }

    /// Driver thread: the group begins anew with this log, as after a restart of the node; it is still fenced.
    void beginAnew(GroupLog fresh, GroupBodies freshBodies) {
        log = fresh;
        bodies = freshBodies;
        leaderTerm = -1;
        leader = -1;
        memoryEnd = 0;
    }

    /// Driver thread: back in service with new halves; false if meanwhile something happened that only a restart mends.
    synchronized boolean unfence() {
        Fence before = Check.present(fence, "group %d is not fenced", id);
        if (before.forGood) {
            return false;
        }
        fence = null;
        rebuilds++;
        return true;
    }

    /// After the threads have ended: answers whatever is left, and whatever still comes.
    void close() {
        closed = true;
        abandon("the node is stopping");
        failApplyTasks("the node is stopping");
        Outcome stopped = new Outcome.Refused(Reason.UNAVAILABLE, "the node is stopping");
        ReadIndex index = reads;
        if (index != null) {
            index.failAll(stopped);
        }
        refuseReaders(stopped);
    }

    /// Answers everything that is under way: what was appended may have happened, what was not did not.
    void abandon(String why) {
        refuseProposals(why);
        answerPending(why);
    }

    private void refuseProposals(String why) {
        for (Proposal p = proposals.poll(); p != null; p = proposals.poll()) {
            answered(p, new Outcome.Refused(Reason.UNAVAILABLE, why));
        }
    }

    void refuseReaders(Outcome outcome) {
        for (ReadIndex.Read read = readers.poll(); read != null; read = readers.poll()) {
            ReadIndex.Read refused = read;
            guarded("a read", () -> refused.failed().accept(outcome));
        }
    }

    void answered(Proposal proposal, Outcome outcome) {
        bytesUnderWay.addAndGet(-proposal.bytes());
        guarded("a completion", () -> proposal.completion().completed(outcome));
    }

    /// Bodies need less of the journal than before. Any thread.
    void bodiesLetGo() {
        bodiesLetGo.set(true);
        driver.wake();
    }

    /// The last word on what was appended. Who was answered early hears nothing more; only its bytes are not under way any more.
    void answered(Pending pending, Outcome outcome) {
        if (pending.answered) {
            bytesUnderWay.addAndGet(-pending.proposal.bytes());
        } else {
            answered(pending.proposal, outcome);
        }
    }

    boolean isPending(long offset, int term) {
        Pending waiting = pending.get(offset);
        return waiting != null && waiting.term == term;
    }

    /// Whether all entries of the batch may be applied before they are synced. What an earlier term or an earlier process left may not.
    boolean isOfMemory(BatchRef batch) {
        if (batch.lastOffset >= memoryEnd) {
            return false;
        }
        for (long offset = batch.baseOffset; offset <= batch.lastOffset; offset++) {
            Pending waiting = pending.get(offset);
            if (waiting == null
                    || waiting.term != batch.epoch
                    || waiting.proposal.durability().appliedWhenSynced()) {
                return false;
            }
        }
        return true;
    }

    /// Answers what is durable to the level that it asked for. Its bytes count as under way until it is applied: who asks for little is
    /// slowed down all the same.
    void accept(long offset) {
        Pending waiting = pending.get(offset);
        if (waiting != null
                && !waiting.answered
                && pending.replace(offset, waiting, waiting.asAnswered())) {
            Outcome accepted = new Outcome.Accepted(offset);
            guarded("a completion", () -> waiting.proposal.completion().completed(accepted));
        }
    }

    /// Whatever was appended may still be committed, by a later leader too: nobody here will know.
    void leadershipLost() {
        answerPending("leadership of raft group " + name + " was lost");
    }

    private void answerPending(String why) {
        for (Long offset : List.copyOf(pending.keySet())) {
            Pending lost = pending.remove(offset);
            if (lost != null) {
                answered(lost, new Outcome.Unknown(why));
            }
        }
    }

    /// @param term the term in which it was appended: another term's entry at its offset means that it is lost
    /// @param answered its proposer was told that it is accepted
    record Pending(Proposal proposal, int term, boolean answered) {

        Pending asAnswered() {
            return new Pending(proposal, term, true);
        }
    }

    /// Why a group is out of service.
    ///
    /// @param applying the offset of the entry that could not be applied, or -1
    /// @param forGood only a restart of the node may help
    record Fence(String what, Throwable cause, long applying, boolean forGood) {}

    private record ApplyTask(long offset, Runnable body, Consumer<String> failed) {}
}
