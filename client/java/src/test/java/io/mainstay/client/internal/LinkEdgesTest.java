package io.mainstay.client.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.mainstay.client.ClientOptions;
import io.mainstay.client.ClientState.Phase;
import io.mainstay.client.Credentials;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.concurrent.atomic.AtomicBoolean;

/// Where a connection begins and ends, in virtual time.
class LinkEdgesTest {
    private final VirtualLoop loop = new VirtualLoop();
    private final PlayedNode node = new PlayedNode(loop);
    private final Callbacks callbacks = new Callbacks();
    private final Link link = new Link(ClientOptions.builder().build(), loop, node, callbacks);

    @AfterEach
    void close() {
        callbacks.close();
    }

    @Test
    void aConnectionThatCannotBeBegunIsTriedAgain() {
        node.broken = new IllegalStateException("no token today");
        link.start();
        loop.pass(20_000);
        assertThat(link.state().phase()).isEqualTo(Phase.WAITING);
        assertThat(link.state().problem()).contains("no token today");
        assertThat(node.opened).hasSizeBetween(5, 20);
        node.broken = null;
        loop.pass(6_000);
        assertThat(link.state().connected()).isTrue();
    }

    @Test
    void credentialsThatThrowLeaveNoChannelBehind() {
        AtomicBoolean asked = new AtomicBoolean();
        GrpcTransport transport =
                new GrpcTransport(
                        loop,
                        Credentials.token(
                                () -> {
                                    asked.set(true);
                                    throw new IllegalStateException("no token today");
                                }),
                        null);
        Link real = new Link(ClientOptions.builder().build(), loop, transport, callbacks);
        real.start();
        loop.pass(1);
        assertThat(asked).isTrue();
        assertThat(transport.openStreams()).isZero();
        assertThat(real.state().phase()).isEqualTo(Phase.WAITING);
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:8701", "10.0.0.7:8701", "[::1]:8701", "node.example:1"})
    void everyKindOfAddressHasAChannel(String address) {
        NettyChannelBuilder.forTarget(GrpcTransport.target(address)).build().shutdownNow();
    }

    @Test
    void aNodeThatDoesNotEndTheStreamIsLeft() {
        link.start();
        loop.pass(10);
        node.stays = true;
        var gone = link.finish();
        loop.pass(1_000);
        assertThat(gone).isNotDone();
        loop.pass(1_500);
        assertThat(gone).isCompleted();
        assertThat(node.closed).isTrue();
    }
}
