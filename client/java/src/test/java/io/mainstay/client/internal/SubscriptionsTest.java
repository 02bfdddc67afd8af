package io.mainstay.client.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.mainstay.client.ClientOptions;
import io.mainstay.client.Selector;
import io.mainstay.client.ServiceView.Freshness;
import io.mainstay.client.Subscription;
import io.mainstay.registry.v1.Instance;
import io.mainstay.registry.v1.Update;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a view says when subscriptions change, and when a node says odd things.
class SubscriptionsTest {
    private final VirtualLoop loop = new VirtualLoop();
    private final PlayedNode node = new PlayedNode(loop);
    private final Callbacks callbacks = new Callbacks();
    private final Link link = new Link(ClientOptions.builder().build(), loop, node, callbacks);

    @BeforeEach
    void connect() {
        link.start();
        loop.pass(10);
    }

    @AfterEach
    void close() {
        callbacks.close();
    }

    private Subscription subscribe(Selector selector) {
        Subscription made = link.subscribe("orders", selector);
        loop.pass(1);
        return made;
    }

    private static Instance.Builder instance(String id) {
        return Instance.newBuilder().setService("ORDERS").setInstanceId(id).setHost("h");
    }

    private static Update.Builder update(long from, long to) {
        return Update.newBuilder()
                .setService("ORDERS")
                .setFromRevision(from)
                .setToRevision(to)
                .setFull(from == 0);
    }

    @Test
    void anInstanceThatCannotBeIsLeftOutAndTheOthersStay() {
        Subscription orders = subscribe(Selector.ALL);
        node.push(
                update(0, 7)
                        .addPut(instance("a"))
                        .addPut(instance("b").setWeight(1_000_000))
                        .addPut(instance("c"))
                        .build());
        assertThat(orders.view().instances()).extracting("instanceId").containsExactly("a", "c");
        assertThat(orders.view().live()).isTrue();
        node.push(update(7, 8).addPut(instance("a").setWeight(-1)).build());
        assertThat(orders.view().instances()).extracting("instanceId").containsExactly("c");
        assertThat(link.state().connected()).isTrue();
    }

    @Test
    void whoWantsMoreThanIsKnownIsNotToldAPartOfIt() {
        Subscription east = subscribe(Selector.zone("east"));
        node.push(update(0, 7).addPut(instance("a").setZone("east")).build());
        Subscription all = subscribe(Selector.ALL);
        assertThat(all.view().freshness()).isEqualTo(Freshness.UNKNOWN);
        assertThat(east.view().instances()).hasSize(1);
        node.breakConnection();
        assertThat(all.view().freshness()).isEqualTo(Freshness.UNKNOWN);
        assertThat(east.view().freshness()).isEqualTo(Freshness.STALE);
        loop.pass(1_000);
        node.push(update(0, 8).addPut(instance("a").setZone("east")).addPut(instance("b")).build());
        assertThat(all.view().instances()).hasSize(2);
        assertThat(east.view().instances()).hasSize(1);
    }

    @Test
    void whatWasUnderWayWhenASubscriptionClosedDoesNotBreakTheNextOne() {
        Subscription first = subscribe(Selector.ALL);
        node.push(update(0, 7).addPut(instance("a")).build());
        first.close();
        Subscription second = subscribe(Selector.ALL);
        node.push(update(7, 8).addPut(instance("b")).build());
        assertThat(link.state().connected()).isTrue();
        assertThat(second.view().known()).as("nothing was told to it").isFalse();
        node.push(update(0, 8).addPut(instance("a")).addPut(instance("b")).build());
        assertThat(second.view().instances()).hasSize(2);
        assertThat(second.view().live()).isTrue();
        assertThat(node.opened).hasSize(1);
    }

    @Test
    void anOlderUpdateDoesNotMakeAViewLive() {
        Subscription orders = subscribe(Selector.ALL);
        node.push(update(0, 7).addPut(instance("a")).build());
        node.breakConnection();
        loop.pass(1_000);
        node.push(update(0, 5).build());
        assertThat(orders.view().revision()).isEqualTo(7);
        assertThat(orders.view().freshness()).isEqualTo(Freshness.STALE);
        node.push(update(7, 7).build());
        assertThat(orders.view().live()).isTrue();
    }

    @Test
    void aNameThatANodeDoesNotTakeIsRefusedHere() {
        assertThatIllegalArgumentException().isThrownBy(() -> link.subscribe(" ", Selector.ALL));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> link.subscribe("x".repeat(257), Selector.ALL));
        assertThat(link.subscribe("x".repeat(256), Selector.ALL).view().known()).isFalse();
    }
}
