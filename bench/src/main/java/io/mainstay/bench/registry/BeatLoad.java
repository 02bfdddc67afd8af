package io.mainstay.bench.registry;

import java.io.IOException;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/// Heartbeats of `instances` ids over `connections` sockets, on the calling thread: in a closed loop, or paced.
final class BeatLoad implements AutoCloseable {

    private static final long SELECT_MS = 10_000;

    private final Selector selector = Selector.open();
    private final List<BeatConnection> connections = new ArrayList<>();
    private final int instances;
    private int next;

    /// @param instances ids `i0` to `i(n-1)` of `app`, spread over the connections
    BeatLoad(int port, int connections, String app, int instances) throws IOException {
        this(port, connections, connection -> app, instances);
    }

    /// @param appOf service of the instances that beat over a connection
    BeatLoad(int port, int connections, IntFunction<String> appOf, int instances)
            throws IOException {
        this.instances = instances;
        for (int i = 0; i < connections; i++) {
            this.connections.add(new BeatConnection(port, appOf.apply(i), selector));
        }
    }

    /// @param answered beats that were answered
    /// @param failed of them, those not answered with 200
    /// @param skipped beats that were not sent because the connection still waited for its last answer
    record Result(long answered, long failed, long skipped) {}

    /// Each connection sends its next beat when the last one was answered, until `beats` were sent or `nanos` have passed.
    Result closedLoop(long beats, long nanos) throws IOException {
        Result before = result(0);
        long start = System.nanoTime();
        long sent = 0;
        for (BeatConnection connection : connections) {
            connection.send(nextInstance());
            sent++;
        }
        long waiting = connections.size();
        while (waiting > 0) {
            if (selector.select(SELECT_MS) == 0) {
                throw new IOException("no answer for 10 s");
            }
            var keys = selector.selectedKeys().iterator();
            while (keys.hasNext()) {
                BeatConnection connection = (BeatConnection) keys.next().attachment();
                keys.remove();
                connection.receive();
                if (connection.waiting()) {
                    continue;
                }
                if (sent < beats && System.nanoTime() - start < nanos) {
                    connection.send(nextInstance());
                    sent++;
                } else {
                    waiting--;
                }
            }
        }
        return since(before, 0);
    }

    /// Each instance beats once a second, evenly spread, for `seconds`.
    Result paced(int seconds) throws IOException {
        Result before = result(0);
        long skipped = 0;
        long start = System.nanoTime();
        long beats = (long) seconds * instances;
        double nanosPerBeat = 1e9 / instances;
        for (long beat = 0; beat < beats; ) {
            long due = (long) ((System.nanoTime() - start) / nanosPerBeat);
            for (; beat < Math.min(due, beats); beat++) {
                BeatConnection connection = connections.get((int) (beat % connections.size()));
                if (connection.waiting()) {
                    skipped++;
                } else {
                    connection.send((int) (beat % instances));
                }
            }
            receive(1);
        }
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(SELECT_MS);
        while (connections.stream().anyMatch(BeatConnection::waiting)) {
            receive(100);
            if (System.nanoTime() > deadline) {
                throw new IOException("no answer for 10 s");
            }
        }
        return since(before, skipped);
    }

    private void receive(long mostMs) throws IOException {
        selector.select(mostMs);
        var keys = selector.selectedKeys().iterator();
        while (keys.hasNext()) {
            BeatConnection connection = (BeatConnection) keys.next().attachment();
            keys.remove();
            connection.receive();
        }
    }

    private int nextInstance() {
        next = (next + 1) % instances;
        return next;
    }

    private Result result(long skipped) {
        long answered = 0;
        long failed = 0;
        for (BeatConnection connection : connections) {
            answered += connection.answered();
            failed += connection.failed();
        }
        return new Result(answered, failed, skipped);
    }

    private Result since(Result before, long skipped) {
        Result now = result(skipped);
        return new Result(now.answered - before.answered, now.failed - before.failed, skipped);
    }

    @Override
    public void close() throws IOException {
        for (BeatConnection connection : connections) {
            connection.close();
        }
        selector.close();
    }
}
