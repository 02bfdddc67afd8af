package io.mainstay.client.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.client.ClientOptions;
import io.mainstay.client.Instance;
import io.mainstay.client.InstanceStatus;
import io.mainstay.client.Registration;
import io.mainstay.registry.v1.ClientFrame;
import io.mainstay.registry.v1.ClientFrame.FrameCase;
import io.mainstay.registry.v1.Result;
import io.mainstay.registry.v1.Status;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Wishes that change fast, and nodes that change their mind.
class RegistrationsTest {
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

    private static Instance.Builder instance() {
        return Instance.of("orders", "a", "h", 80);
    }

    @Test
    void aStatusRightAfterAnUpdateBuildsOnIt() {
        Registration one = link.register(instance().build());
        loop.pass(1);
        one.update(instance().zone("east").build());
        var down = one.status(InstanceStatus.DOWN);
        assertThat(one.acknowledged()).as("of what is wanted now").isNotDone();
        assertThat(one.registered()).isFalse();
        loop.pass(1);
        assertThat(down).isCompleted();
        assertThat(one.registered()).isTrue();
        ClientFrame last =
                node.frames.stream()
                        .filter(f -> f.getFrameCase() == FrameCase.REGISTER)
                        .reduce((a, b) -> b)
                        .orElseThrow();
        assertThat(last.getRegister().getInstance().getZone()).isEqualTo("east");
        assertThat(last.getRegister().getInstance().getStatus()).isEqualTo(Status.DOWN);
    }

    @Test
    void whatIsRefusedAfterARestartOfTheNodeIsNotCalledRegistered() {
        Registration one = link.register(instance().build());
        loop.pass(1);
        assertThat(one.registered()).isTrue();
        node.knowsSessions = false;
        node.code = Result.Code.LIMIT;
        node.breakConnection();
        loop.pass(1_000);
        assertThat(one.registered()).isFalse();
    }

    @Test
    void nobodyWaitsForAClientThatWasClosed() {
        node.code = Result.Code.UNAVAILABLE;
        Registration one = link.register(instance().build());
        loop.pass(1);
        var waits = one.acknowledged();
        link.finish();
        loop.pass(10);
        assertThat(waits).isCompletedExceptionally();
        assertThat(one.cancel()).isCompletedExceptionally();
        assertThat(link.register(instance().build()).acknowledged()).isCompletedExceptionally();
        loop.pass(60_000);
        assertThat(one.registered()).isFalse();
    }
}
