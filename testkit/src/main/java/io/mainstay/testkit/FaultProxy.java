package io.mainstay.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/// A TCP proxy on loopback that stands between a client and a node and does what networks do: it cuts,
/// refuses, holds back, slows down, or swallows everything without a word.
///
/// Faults may be combined. Each method returns when its fault is in force; bytes that were on their way
/// may still arrive. Two virtual threads serve each connection. Receive buffers are small
/// ([#RECEIVE_BUFFER_BYTES]), so that the sender soon feels that nobody reads.
public final class FaultProxy implements AutoCloseable {
    /// The kernel may round it up.
    public static final int RECEIVE_BUFFER_BYTES = 64 * 1024;

    private static final int BACKLOG = 1024;

    private final InetSocketAddress target;
    private final ProxyGate gate = new ProxyGate();
    private final Set<ProxiedConnection> connections = ConcurrentHashMap.newKeySet();
    private final int port;
    private ServerSocket listener;
    private Thread acceptor;
    private volatile boolean halfOpen;
    private boolean closed;

    private FaultProxy(int targetPort) throws IOException {
        this.target = new InetSocketAddress(InetAddress.getLoopbackAddress(), targetPort);
        this.listener = listen(0);
        this.port = listener.getLocalPort();
        this.acceptor = serve(listener);
    }

    /// Starts one on a free port.
    ///
    /// @param targetPort of loopback; a client whose connection cannot be passed on gets an RST
    public static FaultProxy open(int targetPort) {
        try {
            return new FaultProxy(targetPort);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen on loopback", e);
        }
    }

    /// Where clients connect; it stays over [#refuse()] and [#accept()].
    public int port() {
        return port;
    }

    /// Connections that are open now.
    public int connections() {
        return connections.size();
    }

    /// Resets all connections (RST to both sides). New ones are served.
    public void cut() {
        each(ProxiedConnection::reset);
    }

    /// Ends all connections with a FIN to both sides, after what was already passed on. New ones are served.
    public void finish() {
        each(ProxiedConnection::finish);
    }

    /// New connections are refused, as by a port where nobody listens; those that are open go on.
    public synchronized void refuse() {
        stopListening();
    }

    /// New connections are accepted again.
    public synchronized void accept() {
        if (closed || !listener.isClosed()) {
            return;
        }
        try {
            listener = listen(port);
        } catch (IOException e) {
            throw new UncheckedIOException("port " + port + " cannot be had again", e);
        }
        acceptor = serve(listener);
    }

    /// From now on all that comes is swallowed, on open and on new connections, in both directions, a FIN
    /// and an RST too: no side learns that the other is out of reach.
    public void halfOpen() {
        halfOpen = true;
        each(ProxiedConnection::swallow);
    }

    /// Ends [#halfOpen()]: connections of which something may be lost are reset, new ones are served.
    public void heal() {
        halfOpen = false;
        each(
                connection -> {
                    if (connection.swallows()) {
                        connection.reset();
                    }
                });
    }

    /// Nothing is passed on, neither bytes nor a FIN; nothing is lost.
    public void stall() {
        gate.shut();
    }

    /// Ends [#stall()]: what was held is delivered, in order.
    public void resume() {
        gate.open();
    }

    /// What each connection may carry towards its client, as if the client read slowly.
    ///
    /// @param bytes 1 or more; 0: no limit
    public void bytesPerSecond(int bytes) {
        gate.bytesPerSecond(bytes);
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            stopListening();
        }
        cut();
        gate.open();
    }

    private void each(Consumer<ProxiedConnection> action) {
        connections.forEach(action);
    }

    private static ServerSocket listen(int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.setReceiveBufferSize(RECEIVE_BUFFER_BYTES);
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
        return socket;
    }

    private Thread serve(ServerSocket from) {
        return Thread.ofVirtual()
                .name("fault proxy " + from.getLocalPort())
                .start(() -> acceptAll(from));
    }

    private void acceptAll(ServerSocket from) {
        while (true) {
            Socket client;
            try {
                client = from.accept();
            } catch (IOException e) {
                return; // refuse() or close()
            }
            Thread.ofVirtual().start(() -> connect(client));
        }
    }

    private void connect(Socket client) {
        ProxiedConnection connection =
                new ProxiedConnection(client, target, gate, connections::remove);
        // Known first, then asked: a fault that comes in between finds the connection in the set.
        connections.add(connection);
        boolean late;
        synchronized (this) {
            late = closed;
        }
        if (late) {
            connection.reset();
            return;
        }
        if (halfOpen) {
            connection.swallow();
        }
        connection.run();
    }

    private void stopListening() {
        try {
            listener.close();
            // The kernel takes connections until the thread that accepts has let the socket go.
            acceptor.join();
        } catch (IOException e) {
            throw new UncheckedIOException("the listener cannot be closed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
