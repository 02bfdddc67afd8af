package io.mainstay.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Ports of loopback that the system gives to nobody else while this JVM lives: a process that is about to start, or to start again, finds its
/// own free.
///
/// Such a port is bound here and nobody listens on it, so that a server, which binds with `SO_REUSEADDR` as all do, may.
public final class HeldPorts {
    private static final Set<Socket> SOCKETS = ConcurrentHashMap.newKeySet();

    private HeldPorts() {}

    /// A free port.
    public static int take() {
        try {
            Socket socket = new Socket();
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            SOCKETS.add(socket);
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("no port can be held", e);
        }
    }
}
