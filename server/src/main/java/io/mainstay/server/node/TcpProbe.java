package io.mainstay.server.node;

import io.mainstay.platform.Threads;
import io.mainstay.registry.lease.Probe;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.function.Consumer;

/// Asks an instance's port whether somebody listens.
record TcpProbe(Threads threads) implements Probe {

    private static final Logger LOG = LoggerFactory.getLogger(TcpProbe.class);
    private static final int TIMEOUT_MS = 1_000;

    @Override
    public void probe(String host, int port, Consumer<Verdict> done) {
        threads.startVirtual("probe", () -> done.accept(verdict(host, port)));
    }

    private static Verdict verdict(String host, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), TIMEOUT_MS);
            return Verdict.ALIVE;
        } catch (ConnectException refused) {
            return Verdict.REFUSED;
        } catch (IOException | IllegalArgumentException noAnswer) {
            LOG.debug("probe of {}:{}", host, port, noAnswer);
            return Verdict.NO_ANSWER;
        }
    }
}
