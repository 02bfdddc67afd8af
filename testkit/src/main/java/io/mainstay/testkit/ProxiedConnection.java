package io.mainstay.testkit;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// One client's connection through a [FaultProxy], with a pump for each direction.
final class ProxiedConnection {
    private final Socket client;
    private final Socket node = new Socket();
    private final InetSocketAddress target;
    private final ProxyGate gate;
    private final Consumer<ProxiedConnection> whenGone;
    private final AtomicInteger pumps = new AtomicInteger(2);

    /// Nothing that comes is passed on any more.
    private volatile boolean deaf;

    /// [#deaf], and the end of a side is not passed on either.
    private volatile boolean swallows;

    ProxiedConnection(
            Socket client,
            InetSocketAddress target,
            ProxyGate gate,
            Consumer<ProxiedConnection> whenGone) {
        this.client = client;
        this.target = target;
        this.gate = gate;
        this.whenGone = whenGone;
    }

    /// Returns when the connection is over.
    void run() {
        try {
            client.setTcpNoDelay(true);
            if (swallows) {
                // The node is out of reach, so it is not even called.
                drain();
                return;
            }
            node.setReceiveBufferSize(FaultProxy.RECEIVE_BUFFER_BYTES);
            node.setTcpNoDelay(true);
            node.connect(target);
        } catch (IOException e) {
            reset();
            return;
        }
        Thread.ofVirtual().start(() -> pump(node, client, true));
        pump(client, node, false);
    }

    boolean swallows() {
        return swallows;
    }

    void swallow() {
        swallows = true;
        deaf = true;
    }

    void finish() {
        deaf = true;
        try {
            client.shutdownOutput();
            node.shutdownOutput();
        } catch (IOException e) {
            reset();
        }
    }

    void reset() {
        deaf = true;
        reset(client);
        reset(node);
        whenGone.accept(this);
    }

    private void pump(Socket from, Socket to, boolean towardsClient) {
        byte[] buffer = new byte[gate.pieceBytes(false)];
        try {
            while (true) {
                int size = Math.min(buffer.length, gate.pieceBytes(towardsClient));
                int read = from.getInputStream().read(buffer, 0, size);
                gate.pass(towardsClient, Math.max(read, 0));
                if (read < 0) {
                    break;
                }
                if (!deaf) {
                    to.getOutputStream().write(buffer, 0, read);
                }
            }
            if (!deaf) {
                to.shutdownOutput();
            }
            if (pumps.decrementAndGet() == 0 && !swallows) {
                client.close();
                node.close();
                whenGone.accept(this);
            }
        } catch (IOException e) {
            // One side was reset: the other learns it, unless nobody is to learn anything.
            if (!swallows) {
                reset();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            reset();
        }
    }

    private void drain() {
        byte[] buffer = new byte[gate.pieceBytes(false)];
        try {
            while (client.getInputStream().read(buffer) >= 0) {
                // Swallowed.
            }
        } catch (IOException e) {
            // The client gave up, or heal() reset it; either way nobody is to be told.
        }
    }

    private static void reset(Socket socket) {
        try {
            if (!socket.isClosed()) {
                socket.setSoLinger(true, 0);
            }
            socket.close();
        } catch (IOException e) {
            // It is gone already.
        }
    }
}
