package io.mainstay.head.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.net.SocketAddress;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.InetSocketAddress;

class GuestRuleTest {

    @Test
    void guestComesFromThisMachineOnlyAndOthersFromAnywhere() {
        for (String near : new String[] {"127.0.0.1", "127.8.8.8", "::1"}) {
            assertThat(GuestRule.passes("guest", SocketAddress.inetSocketAddress(1, near)))
                    .isTrue();
        }
        for (String far : new String[] {"10.0.0.1", "192.168.1.2", "2001:db8::1"}) {
            assertThat(GuestRule.passes("guest", SocketAddress.inetSocketAddress(1, far)))
                    .isFalse();
            assertThat(GuestRule.passes("ann", SocketAddress.inetSocketAddress(1, far))).isTrue();
        }
    }

    @Test
    void theSameHoldsForAddressesOfTheJdk() throws Exception {
        assertThat(
                        GuestRule.passes(
                                "guest",
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 1)))
                .isTrue();
        InetAddress far = InetAddress.getByAddress(new byte[] {10, 0, 0, 1});
        assertThat(GuestRule.passes("guest", new InetSocketAddress(far, 1))).isFalse();
        assertThat(GuestRule.passes("ann", new InetSocketAddress(far, 1))).isTrue();
    }
}
