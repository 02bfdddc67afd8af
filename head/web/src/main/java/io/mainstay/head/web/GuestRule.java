package io.mainstay.head.web;

import io.mainstay.access.api.AccessLimits;
import io.vertx.core.net.SocketAddress;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/// The user `guest`, whose password everybody knows, enters from this machine only: RabbitMQ's rule, and here that of every port.
public final class GuestRule {

    private GuestRule() {}

    /// @param remote who sent the request; `null` or without an IP address: not over a network
    public static boolean passes(String user, java.net.@Nullable SocketAddress remote) {
        return !user.equals(AccessLimits.GUEST)
                || !(remote instanceof InetSocketAddress address)
                || (address.getAddress() != null && address.getAddress().isLoopbackAddress());
    }

    static boolean passes(String user, @Nullable SocketAddress remote) {
        if (!user.equals(AccessLimits.GUEST) || remote == null || remote.hostAddress() == null) {
            return true;
        }
        try {
            // An IP address in text: nothing is looked up.
            return InetAddress.getByName(remote.hostAddress()).isLoopbackAddress();
        } catch (UnknownHostException noAddress) {
            return false;
        }
    }

    /// For heads with requests of HTTP that do not enter by [AuthGate].
    public static boolean passes(String user, io.vertx.core.http.HttpServerRequest request) {
        return passes(user, request.remoteAddress());
    }
}
