package io.mainstay.kernel.group;

import io.mainstay.kernel.group.Outcome.Reason;

import org.apache.kafka.raft.KafkaRaftClient;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Linearizable reads without a log entry: the leader notes its high watermark, has a majority of the voters confirm that it still leads, and
/// serves the read once that much is applied.
///
/// One round is under way at a time and serves all reads that came before it began. The engine knows no high watermark until an entry of
/// the leader's own term is committed; reads wait until then.
final class ReadIndex {

    static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long ASK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final LocalGroup group;
    private final KafkaRaftClient<ByteBuffer> client;
    private final Supplier<Set<Integer>> voters;
    private final Outbox outbox;
    private final HoldRules rules;
    private final long incarnation;
    private final List<Read> waiting = new ArrayList<>();
    private @Nullable Round round;
    private int rounds;

    ReadIndex(
            LocalGroup group,
            KafkaRaftClient<ByteBuffer> client,
            Supplier<Set<Integer>> voters,
            Outbox outbox,
            HoldRules rules,
            long incarnation) {
        this.group = group;
        this.client = client;
        this.voters = voters;
        this.outbox = outbox;
        this.rules = rules;
        this.incarnation = incarnation;
    }

    /// Any thread.
    int voterCount() {
        return voters.get().size();
    }

    /// Ids of the voters, sorted. Any thread.
    List<Integer> voters() {
        return voters.get().stream().sorted().toList();
    }

    /// Does what is due; returns the nanoseconds until there is more. Driver thread only, as all that follows.
    long turn() {
        for (Read read = group.readers.poll(); read != null; read = group.readers.poll()) {
            waiting.add(read);
        }
        if (waiting.isEmpty() && round == null) {
            return Long.MAX_VALUE;
        }
        int term = leading();
        if (term < 0 || round != null && round.term != term) {
            failAll(
                    new Outcome.Refused(
                            Reason.NOT_LEADER,
                            "raft group " + group.name + " is led by node " + group.leader));
            return Long.MAX_VALUE;
        }
        dropLate();
        begin(term);
        settle();
        askAgain();
        return waiting.isEmpty() && round == null ? Long.MAX_VALUE : ASK_AGAIN_NANOS;
    }

    private int leading() {
        var leader = client.leaderAndEpoch();
        return leader.isLeader(group.nodeId) ? leader.epoch() : -1;
    }

    private void begin(int term) {
        OptionalLong highWatermark = client.highWatermark();
        if (round != null || waiting.isEmpty() || highWatermark.isEmpty()) {
            return;
        }
        Round begun =
                new Round(
                        ++rounds,
                        term,
                        highWatermark.getAsLong(),
                        List.copyOf(waiting),
                        new HashSet<>(Set.of(group.nodeId)));
        waiting.clear();
        round = begun;
        ask(begun);
    }

    private void ask(Round asking) {
        asking.askedAt = group.clock.nanoTime();
        for (int voter : voters()) {
            if (!asking.yes.contains(voter)) {
                // Nothing is told that a power cut could take back, so nothing is held.
                outbox.put(
                        voter,
                        Frame.readQuestion(group.id, asking.id, incarnation, asking.term),
                        0,
                        () -> {});
            }
        }
    }

    private void askAgain() {
        if (round != null && group.clock.nanoTime() - round.askedAt >= ASK_AGAIN_NANOS) {
            ask(round);
        }
    }

    private void settle() {
        Round confirmed = round;
        if (confirmed == null) {
            return;
        }
        Set<Integer> current = voters.get();
        long yes = confirmed.yes.stream().filter(current::contains).count();
        if (yes >= rules.confirmations(current.size())) {
            round = null;
            for (Read read : confirmed.reads) {
                group.whenApplied(
                        confirmed.index - 1,
                        read.ready,
                        why -> read.failed.accept(new Outcome.Refused(Reason.UNAVAILABLE, why)));
            }
            begin(confirmed.term);
        }
    }

    private void dropLate() {
        long now = group.clock.nanoTime();
        Outcome late =
                new Outcome.Refused(
                        Reason.UNAVAILABLE,
                        "a majority of raft group " + group.name + " did not answer in time");
        waiting.removeIf(
                read -> {
                    boolean isLate = read.deadline - now <= 0;
                    if (isLate) {
                        group.guarded("a read", () -> read.failed.accept(late));
                    }
                    return isLate;
                });
        if (round != null && round.reads.stream().allMatch(read -> read.deadline - now <= 0)) {
            failEach(round.reads, late);
            round = null;
        }
    }

    /// Fails what waits: this member cannot serve it.
    void failAll(Outcome outcome) {
        for (Read read = group.readers.poll(); read != null; read = group.readers.poll()) {
            waiting.add(read);
        }
        List<Read> all = new ArrayList<>(waiting);
        if (round != null) {
            all.addAll(round.reads);
        }
        waiting.clear();
        round = null;
        failEach(all, outcome);
    }

    private void failEach(List<Read> reads, Outcome outcome) {
        reads.forEach(read -> group.guarded("a read", () -> read.failed.accept(outcome)));
    }

    /// Another node asks whether it leads: yes if we follow it in that very term. Who says so has given no vote for a later term that
    /// anybody has heard of.
    void asked(int node, Frame question) {
        var leader = client.leaderAndEpoch();
        boolean yes = leader.epoch() == question.body().getInt() && leader.isLeader(node);
        outbox.put(node, question.readAnswer(yes), 0, () -> {});
    }

    void answered(int node, Frame answer) {
        if (round != null
                && answer.incarnation() == incarnation
                && answer.correlationId() == round.id
                && answer.api() == 1) {
            round.yes.add(node);
        }
    }

    record Read(long deadline, Runnable ready, Consumer<Outcome> failed) {}

    private static final class Round {
        final int id;
        final int term;
        final long index;
        final List<Read> reads;
        final Set<Integer> yes;
        long askedAt;

        Round(int id, int term, long index, List<Read> reads, Set<Integer> yes) {
            this.id = id;
            this.term = term;
            this.index = index;
            this.reads = reads;
            this.yes = yes;
        }
    }
}
