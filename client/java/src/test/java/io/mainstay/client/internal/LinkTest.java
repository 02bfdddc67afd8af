package io.mainstay.client.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.client.ClientOptions;
import io.mainstay.client.ClientState.Phase;
import io.mainstay.client.Instance;
import io.mainstay.client.Registration;
import io.mainstay.client.Selector;
import io.mainstay.client.ServiceView.Freshness;
import io.mainstay.client.Subscription;
import io.mainstay.registry.v1.ClientFrame.FrameCase;
import io.mainstay.registry.v1.Result;
import io.mainstay.registry.v1.Update;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// The conversation with a node, in virtual time.
class LinkTest {
    @TempDir Path folder;

    private final VirtualLoop loop = new VirtualLoop();
    private final PlayedNode node = new PlayedNode(loop);
    private final Callbacks callbacks = new Callbacks();
    private Link link;

    @BeforeEach
    void connect() {
        link = new Link(ClientOptions.builder().build(), loop, node, callbacks);
        link.start();
        loop.pass(10);
    }

    @AfterEach
    void close() {
        callbacks.close();
    }

    private Registration register(String id) {
        Registration registration = link.register(Instance.of("orders", id, "h", 80).build());
        loop.pass(1);
        return registration;
    }

    private static Update full(long revision, String... ids) {
        Update.Builder update =
                Update.newBuilder().setService("ORDERS").setToRevision(revision).setFull(true);
        for (String id : ids) {
            update.addPut(
                    io.mainstay.registry.v1.Instance.newBuilder()
                            .setService("ORDERS")
                            .setInstanceId(id)
                            .setHost("h"));
        }
        return update.build();
    }

    @Test
    void itBeatsOnceAnIntervalAndAsksAfterAThirdOfTheLease() {
        loop.pass(30_000);
        assertThat(link.state().phase()).isEqualTo(Phase.CONNECTED);
        assertThat(node.count(FrameCase.BEAT)).isBetween(29L, 30L);
        long questions = node.frames.stream().filter(f -> f.getBeat().getAnswer()).count();
        assertThat(questions).isBetween(14L, 15L);
        assertThat(node.opened).hasSize(1);
    }

    @Test
    void aNodeThatFallsSilentIsGivenUpWithinTheLeaseAndABeat() {
        loop.pass(20_000);
        node.silent = true;
        loop.pass(3_000);
        assertThat(link.state().connected()).isTrue();
        loop.pass(4_000);
        assertThat(link.state().connected()).isFalse();
        node.silent = false;
        loop.pass(6_000);
        assertThat(link.state().connected()).isTrue();
        assertThat(node.first(FrameCase.HELLO).getHello().hasResume()).isTrue();
    }

    @Test
    void triesComeSlowerAndSlowerButNeverRarerThanTheBound() {
        node.silent = true;
        node.breakConnection();
        for (int i = 0; i < 40; i++) {
            loop.pass(1_000);
            node.breakConnection();
        }
        List<Long> at = node.opened;
        for (int i = 1; i < at.size(); i++) {
            assertThat(at.get(i) - at.get(i - 1)).isLessThanOrEqualTo(5_000 + 1_000);
        }
        assertThat(at.size()).isBetween(9, 25);
    }

    @Test
    void aRefusalIsSaidAndTriedRarely() {
        node.refusal = "Wrong password.";
        node.breakConnection();
        loop.pass(600_000);
        assertThat(link.state().phase()).isEqualTo(Phase.REFUSED);
        assertThat(link.state().problem()).isEqualTo("Wrong password.");
        assertThat(node.opened).hasSizeLessThan(50);
        node.refusal = null;
        loop.pass(30_000);
        assertThat(link.state().connected()).isTrue();
    }

    @Test
    void whatTheNodeHasIsNotRegisteredAgainByAResumedSession() {
        Registration one = register("a");
        assertThat(one.registered()).isTrue();
        assertThat(one.acknowledged()).isCompleted();
        node.breakConnection();
        loop.pass(1_000);
        assertThat(node.count(FrameCase.REGISTER)).isZero();
        node.knowsSessions = false;
        node.breakConnection();
        loop.pass(1_000);
        assertThat(node.count(FrameCase.REGISTER)).isEqualTo(1);
    }

    @Test
    void aCancelDuringALostConnectionIsSaidLater() {
        Registration one = register("a");
        node.breakConnection();
        var cancelled = one.cancel();
        loop.pass(1_000);
        assertThat(node.count(FrameCase.CANCEL)).isEqualTo(1);
        assertThat(cancelled).isCompleted();
        node.knowsSessions = false;
        node.breakConnection();
        loop.pass(1_000);
        assertThat(node.count(FrameCase.CANCEL) + node.count(FrameCase.REGISTER)).isZero();
    }

    @Test
    void whatFailsForAWhileIsAskedAgainAndWhatIsWrongIsNot() {
        node.code = Result.Code.UNAVAILABLE;
        Registration later = register("later");
        loop.pass(5_000);
        assertThat(node.count(FrameCase.REGISTER)).isBetween(3L, 11L);
        assertThat(later.acknowledged()).isNotDone();
        node.code = Result.Code.DONE;
        loop.pass(2_000);
        assertThat(later.acknowledged()).isCompleted();

        node.code = Result.Code.INVALID;
        node.frames.clear();
        Registration wrong = register("wrong");
        loop.pass(60_000);
        assertThat(wrong.acknowledged()).isCompletedExceptionally();
        assertThat(wrong.registered()).isFalse();
        assertThat(node.count(FrameCase.REGISTER)).isEqualTo(1);
    }

    @Test
    void aProcessThatStoodStillKnowsIt() {
        Subscription orders = link.subscribe("orders", Selector.ALL);
        loop.pass(1);
        node.push(full(7, "a"));
        assertThat(orders.view().live()).isTrue();
        node.silent = true;
        loop.standStill(60_000);
        loop.pass(10);
        assertThat(link.state().lastPauseMs()).isBetween(58_000L, 60_100L);
        assertThat(link.state().connected()).as("it may still be there").isTrue();
        assertThat(orders.view().freshness()).isEqualTo(Freshness.STALE);
        node.silent = false;
        loop.pass(2_000);
        assertThat(orders.view().live()).isTrue();
        assertThat(node.opened).hasSize(1);
    }

    @Test
    void aDeltaThatDoesNotFitStartsAnew() {
        Subscription orders = link.subscribe("orders", Selector.ALL);
        loop.pass(1);
        node.push(full(7, "a", "b"));
        node.push(
                Update.newBuilder()
                        .setService("ORDERS")
                        .setFromRevision(8)
                        .setToRevision(9)
                        .addRemoved("a")
                        .build());
        assertThat(orders.view().instances()).hasSize(2);
        assertThat(orders.view().freshness()).isEqualTo(Freshness.STALE);
        loop.pass(1_000);
        assertThat(node.first(FrameCase.SUBSCRIBE).getSubscribe().getKnownRevision()).isZero();
        node.push(full(9, "b"));
        assertThat(orders.view().instances()).hasSize(1);
        assertThat(orders.view().live()).isTrue();
    }

    @Test
    void aKnownRevisionIsSaidToItsClusterOnly() {
        link.subscribe("orders", Selector.ALL);
        loop.pass(1);
        node.push(full(7, "a"));
        node.breakConnection();
        loop.pass(1_000);
        assertThat(node.first(FrameCase.HELLO).getHello().getClusterId()).isEqualTo("c1");
        assertThat(node.first(FrameCase.SUBSCRIBE).getSubscribe().getKnownRevision()).isEqualTo(7);
    }

    @Test
    void whatIsLeftOfAnOldSelectionIsNotBuiltUpon() {
        link.subscribe("orders", Selector.zone("east"));
        loop.pass(1);
        node.push(full(7, "a"));
        Subscription all = link.subscribe("orders", Selector.ALL);
        loop.pass(1);
        node.push(
                Update.newBuilder()
                        .setService("ORDERS")
                        .setFromRevision(7)
                        .setToRevision(8)
                        .addRemoved("a")
                        .build());
        assertThat(link.state().connected()).isTrue();
        node.push(full(8));
        node.breakConnection();
        loop.pass(1_000);
        assertThat(node.first(FrameCase.SUBSCRIBE).getSubscribe().getKnownRevision()).isZero();
        assertThat(node.first(FrameCase.SUBSCRIBE).getSubscribe().hasSelector()).isFalse();
        node.push(full(9, "a", "b"));
        assertThat(all.view().instances()).hasSize(2);
    }

    @Test
    void moreServicesThanANodeTakesAreNotAskedFor() {
        for (int i = 0; i < Subscriptions.MAX_SERVICES + 5; i++) {
            link.subscribe("service" + i, Selector.ALL);
        }
        loop.pass(1);
        assertThat(node.count(FrameCase.SUBSCRIBE)).isEqualTo(Subscriptions.MAX_SERVICES);
        assertThat(link.state().connected()).isTrue();
    }

    @Test
    void whatWasUnderWayBeforeAPauseConfirmsNothing() {
        Subscription orders = link.subscribe("orders", Selector.ALL);
        loop.pass(1);
        node.push(full(7, "a"));
        node.silent = true;
        loop.standStill(60_000);
        loop.pass(10);
        node.push(full(8, "a", "b"));
        assertThat(orders.view().instances()).hasSize(2);
        assertThat(orders.view().freshness()).isEqualTo(Freshness.STALE);
        node.silent = false;
        loop.pass(2_000);
        assertThat(orders.view().live()).isTrue();
    }

    @Test
    void whatWasDrainedStaysOutOfTrafficOnTheNextStream() {
        Registration one = register("a");
        link.drain();
        loop.pass(1);
        node.knowsSessions = false;
        node.breakConnection();
        loop.pass(1_000);
        assertThat(node.first(FrameCase.REGISTER).getRegister().getInstance().getStatus())
                .isEqualTo(io.mainstay.registry.v1.Status.OUT_OF_SERVICE);
        node.frames.clear();
        one.update(one.instance());
        loop.pass(1);
        assertThat(node.first(FrameCase.REGISTER).getRegister().getInstance().getStatus())
                .isEqualTo(io.mainstay.registry.v1.Status.UP);
    }

    @Test
    void aLimitIsTriedAgainLaterAndAFrameThatNoNodeTakesIsNotSent() {
        node.code = Result.Code.LIMIT;
        Registration one = register("a");
        assertThat(one.acknowledged()).isCompletedExceptionally();
        node.code = Result.Code.DONE;
        loop.pass(31_000);
        assertThat(one.registered()).isTrue();

        node.frames.clear();
        Registration huge =
                link.register(
                        Instance.of("orders", "huge", "h", 80)
                                .metadata("text", "x".repeat(600 << 10))
                                .build());
        loop.pass(1);
        assertThat(huge.acknowledged()).isCompletedExceptionally();
        assertThat(node.count(FrameCase.REGISTER)).isZero();
    }

    @Test
    void aDamagedFileOfAViewIsPassedOver() throws Exception {
        ViewCache cache = new ViewCache(loop, callbacks, folder, "default");
        cache.save("orders", Selector.ALL, new ViewCache.Snapshot("c1", 5, full(7, "a")));
        loop.pass(1_000);
        org.awaitility.Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> cache.load("orders", Selector.ALL).isPresent());
        assertThat(cache.load("orders", Selector.ALL).orElseThrow().update())
                .isEqualTo(full(7, "a"));
        assertThat(cache.load("other", Selector.ALL)).isEmpty();
        Path file;
        try (var files = Files.list(folder)) {
            file = files.findFirst().orElseThrow();
        }
        byte[] whole = Files.readAllBytes(file);
        for (int at = 0; at < whole.length; at++) {
            byte[] flipped = whole.clone();
            flipped[at] ^= 0x10;
            Files.write(file, flipped);
            assertThat(cache.load("orders", Selector.ALL)).as("byte " + at).isEmpty();
            Files.write(file, java.util.Arrays.copyOf(whole, at));
            assertThat(cache.load("orders", Selector.ALL)).as("cut at " + at).isEmpty();
        }
    }
}
