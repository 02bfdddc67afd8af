package io.mainstay.kernel.group;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;

import io.mainstay.kernel.group.RaftGroup.Role;

import org.apache.kafka.raft.LeaderAndEpoch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;

/// A group that is fenced comes back in the running process, and the others do not notice.
class RebuildTest {

    private static final Duration FIRST_WAIT = Duration.ofMillis(1_100);

    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private SteppedNode node;

    @BeforeEach
    void open() throws IOException {
        node = new SteppedNode();
        logged.start();
        ((Logger) LoggerFactory.getLogger("io.mainstay.kernel.group")).addAppender(logged);
    }

    @AfterEach
    void close() throws IOException {
        ((Logger) LoggerFactory.getLogger("io.mainstay.kernel.group")).detachAppender(logged);
        node.close();
    }

    private long logged(String part) {
        return logged.list.stream().filter(e -> e.getFormattedMessage().contains(part)).count();
    }

    private void apply(int group, int commands) {
        for (int i = 0; i < commands; i++) {
            CompletableFuture<Outcome> one = node.propose(group, i);
            node.settle();
            assertThat(one.join()).isInstanceOf(Outcome.Applied.class);
        }
    }

    @Test
    void aMachineThatThrowsOnceIsBroughtBackWithEverythingThatWasAcknowledged() {
        apply(1, 10);
        node.machines.get(1).breaker.arm(Breaker.Part.APPLY);
        CompletableFuture<Outcome> caught = node.propose(1, 77);
        node.settle();
        assertThat(caught.join()).isInstanceOf(Outcome.Unknown.class);
        assertThat(node.role(1)).isEqualTo(Role.FENCED);
        assertThat(node.propose(1, 1).join())
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused -> assertThat(refused.message()).contains("group 1 is fenced"));
        assertThat(node.machines.get(1).publishedCount).isEqualTo(10);
        assertThat(node.groups.group(1).staysFenced()).isFalse();
        apply(2, 3);

        node.pass(FIRST_WAIT);
        assertThat(node.role(1)).isEqualTo(Role.LEADER);
        assertThat(node.groups.group(1).status().rebuilds()).isEqualTo(1);
        // What was unknown had happened.
        assertThat(node.machines.get(1).publishedCount).isEqualTo(11);
        apply(1, 5);
        apply(2, 3);
        assertThat(node.machines.get(1).publishedCount).isEqualTo(16);
    }

    @ParameterizedTest
    @EnumSource(
            value = Breaker.Part.class,
            names = {"APPEND", "APPENDED"})
    void anEngineThatThrowsOnceIsReplaced(Breaker.Part part) {
        apply(1, 10);
        node.logs.get(1).arm(part);
        CompletableFuture<Outcome> caught = node.propose(1, 77);
        node.settle();
        assertThat(caught.join()).isInstanceOf(Outcome.Unknown.class);
        apply(2, 3);
        node.pass(FIRST_WAIT);
        assertThat(node.machines.get(1).publishedCount)
                .isEqualTo(part == Breaker.Part.APPEND ? 10 : 11);
        apply(1, 5);
    }

    @Test
    void aRebuildFromASnapshotShowsNothingOlderThanWhatWasShown() throws IOException {
        node.snapshotEvery(1_000);
        apply(1, 40);
        assertThat(node.groups.group(1).status().snapshotOffset()).isPositive();
        long before = node.machines.get(1).published;
        node.machines.get(1).breaker.arm(Breaker.Part.APPLY);
        node.propose(1, 1);
        for (int i = 0; i < 100; i++) {
            node.clock.advance(Duration.ofMillis(20));
            node.turn();
            assertThat(node.machines.get(1).published).isGreaterThanOrEqualTo(before);
            assertThat(node.machines.get(1).publishedCount).isGreaterThanOrEqualTo(40);
        }
        assertThat(node.machines.get(1).publishedCount).isEqualTo(41);
        assertThat(node.role(1)).isEqualTo(Role.LEADER);
    }

    @Test
    void leadershipIsLostAndThenGainedAndALaterListenerHearsItToo() {
        List<String> heard = new ArrayList<>();
        node.groups.group(1).addListener(listener(heard));
        node.settle();
        node.machines.get(1).breaker.arm(Breaker.Part.APPLY);
        node.propose(1, 1);
        node.settle();
        List<String> heardLater = new ArrayList<>();
        node.groups.group(1).addListener(listener(heardLater));
        node.pass(FIRST_WAIT);
        assertThat(heard).hasSize(3);
        String term = heard.getFirst().substring("gained ".length());
        assertThat(heard.get(1)).isEqualTo("lost " + term);
        assertThat(heard.get(2)).startsWith("gained ").isNotEqualTo(heard.getFirst());
        assertThat(heardLater).containsExactly(heard.get(2));
    }

    private static RaftGroup.LeadershipListener listener(List<String> heard) {
        return new RaftGroup.LeadershipListener() {
            @Override
            public void gained(int term) {
                heard.add("gained " + term);
            }

            @Override
            public void lost(int term) {
                heard.add("lost " + term);
            }
        };
    }

    @Test
    void aTermThatFollowsAtOnceEndsTheOneBefore() {
        List<String> heard = new ArrayList<>();
        node.groups.group(1).addListener(listener(heard));
        node.settle();
        int term = node.groups.group(1).status().term();
        CompletableFuture<Outcome> underWay = node.propose(1, 1);
        node.groups.drive();
        node.groups
                .engines
                .get(1)
                .handleLeaderChange(new LeaderAndEpoch(OptionalInt.of(1), term + 1));
        assertThat(underWay.join()).isInstanceOf(Outcome.Unknown.class);
        node.settle();
        assertThat(heard).containsExactly("gained " + term, "lost " + term, "gained " + (term + 1));
    }

    @Test
    void everybodyWhoWaitsIsAnsweredOnce() {
        List<CompletableFuture<Outcome>> all = new ArrayList<>();
        List<String> reads = new ArrayList<>();
        node.machines.get(1).breaker.arm(Breaker.Part.APPLY);
        for (int i = 0; i < 50; i++) {
            all.add(node.propose(1, i));
            node.groups.group(1).awaitReadable(() -> reads.add("ready"), no -> reads.add("no"));
            if (i % 10 == 0) {
                node.groups.drive();
            }
        }
        CompletableFuture<List<Long>> digests = node.groups.digests(1);
        node.settle();
        assertThat(node.role(1)).isEqualTo(Role.FENCED);
        assertThat(all).allMatch(CompletableFuture::isDone);
        assertThat(reads).hasSize(50);
        assertThat(digests).isDone();
        CompletableFuture<List<Long>> whileFenced = node.groups.digests(1);
        node.settle();
        assertThat(whileFenced).isCompletedExceptionally();
        node.pass(FIRST_WAIT);
        all.forEach(one -> assertThat(one.join()).isNotNull());
        assertThat(reads).hasSize(50);
        assertThat(node.groups.group(1).status().bytesUnderWay()).isZero();
        assertThat(node.groups.digests(1)).isNotCompletedExceptionally();
    }

    @Test
    void anEntryThatFailsEachTimeStaysFencedAndIsNotTriedForEver() {
        apply(1, 3);
        CompletableFuture<Outcome> poison = node.propose(1, Long.MIN_VALUE);
        node.settle();
        assertThat(poison.join()).isInstanceOf(Outcome.Unknown.class);
        long offset = node.groups.group(1).status().endOffset() - 1;
        node.pass(Duration.ofSeconds(10));
        assertThat(node.role(1)).isEqualTo(Role.FENCED);
        assertThat(node.groups.group(1).status().rebuilds()).isEqualTo(2);
        assertThat(logged("raft group 1 stays fenced: its entry at offset " + offset)).isOne();
        assertThat(node.groups.group(1).staysFenced()).isTrue();
        int lines = logged.list.size();
        node.pass(Duration.ofMinutes(3));
        assertThat(logged.list).hasSize(lines);
        assertThat(node.propose(1, 1).join()).isInstanceOf(Outcome.Refused.class);
        assertThat(node.machines.get(1).publishedCount).isEqualTo(3);
        apply(2, 3);
    }

    @Test
    void aGroupThatFailsAgainAndAgainIsTriedTheLessOften() {
        node.logs.get(1).arm(Breaker.Part.APPENDED);
        node.propose(1, 1);
        for (int i = 0; i < 12_000; i++) {
            node.logs.get(1).arm(Breaker.Part.APPENDED);
            node.clock.advance(Duration.ofMillis(50));
            node.turn();
        }
        // Ten minutes: 1, 2, 4 ... 32 s, then once a minute.
        assertThat(logged("raft group 1 is rebuilt in")).isBetween(10L, 16L);
        assertThat(logged("is rebuilt in 60000 ms")).isPositive();
        node.logs.get(1).disarm();
        node.pass(Duration.ofSeconds(61));
        apply(1, 3);
    }

    @Test
    void aRebuildThatFailsIsTriedAgain() {
        apply(1, 3);
        node.machines.get(1).breaker.arm(Breaker.Part.APPLY);
        node.propose(1, 1);
        node.settle();
        node.machines.get(1).breaker.arm(Breaker.Part.RESTORE);
        node.pass(FIRST_WAIT);
        assertThat(logged("raft group 1 could not be rebuilt")).isOne();
        assertThat(node.role(1)).isEqualTo(Role.FENCED);
        node.pass(Duration.ofSeconds(3));
        assertThat(node.role(1)).isEqualTo(Role.LEADER);
        assertThat(node.machines.get(1).publishedCount).isEqualTo(4);
    }

    @Test
    void aJournalThatFailedIsNotRebuilt() {
        apply(1, 3);
        node.disk.failNextSync();
        CompletableFuture<Outcome> caught = node.propose(1, 1);
        node.pass(Duration.ofMinutes(3));
        assertThat(caught.join()).isInstanceOf(Outcome.Unknown.class);
        assertThat(node.role(1)).isEqualTo(Role.FENCED);
        assertThat(logged("is rebuilt in")).isZero();
        assertThat(node.propose(2, 1).join())
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused ->
                                assertThat(refused.reason())
                                        .isEqualTo(Outcome.Reason.JOURNAL_FAILED));
        assertThat(node.machines.get(1).publishedCount).isEqualTo(3);
    }

    @Test
    void aDamagedJournalIsToldAndNotServed() throws IOException {
        apply(1, 200);
        String first =
                node.disk.list("journal").stream()
                        .filter(n -> n.matches("[0-9]+.seg"))
                        .findFirst()
                        .orElseThrow();
        byte[] bytes = node.disk.content("journal/" + first);
        bytes[3_000] ^= 1;
        node.disk.replace("journal/" + first, bytes);
        node.machines.get(1).breaker.arm(Breaker.Part.APPLY);
        node.propose(1, 1);
        node.pass(Duration.ofMinutes(3));
        assertThat(node.role(1)).isEqualTo(Role.FENCED);
        assertThat(logged("mainstay journal verify")).isOne();
        assertThat(node.machines.get(1).publishedCount).isEqualTo(200);
        apply(2, 3);
    }
}
