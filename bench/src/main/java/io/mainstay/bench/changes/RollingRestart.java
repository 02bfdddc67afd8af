package io.mainstay.bench.changes;

import io.mainstay.bench.stream.Registrations;
import io.mainstay.bench.stream.StreamLine;
import io.mainstay.bench.stream.StreamLoop;
import io.mainstay.registry.v1.Cancel;
import io.mainstay.registry.v1.ClientFrame;
import io.mainstay.registry.v1.Drain;
import io.mainstay.registry.v1.Hello;
import io.mainstay.registry.v1.Result;
import io.mainstay.registry.v1.ServerFrame;
import io.mainstay.registry.v1.Subscribe;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/// A service whose instances are all replaced, one after another, before the eyes of many subscribers. Every instance is a process with a
/// stream of its own: it drains, a little later it cancels and goes, and a little later its successor registers. All on one thread.
public final class RollingRestart implements AutoCloseable {

    private static final long GIVE_UP_NANOS = TimeUnit.SECONDS.toNanos(60);

    /// From draining to the end, and from there to the successor.
    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private static final long DRAIN = 1;
    private static final long CANCEL = 2;
    private static final long REGISTER = 3;

    private final int port;
    private final String service;
    private final StreamLoop loop = new StreamLoop();
    private final List<StreamLine> owners = new ArrayList<>();
    private final List<CountedView> views = new ArrayList<>();
    private final List<StreamLine> watchers = new ArrayList<>();
    private int registered;
    private int cancelled;
    private int drained;
    private long lastRevision;

    /// What the subscribers saw.
    ///
    /// @param changes what happened to instances: each drains, goes and comes
    /// @param updates pushes that all subscribers got together, `entries` instances in them, `bytes` all that came over their connections
    /// @param fullBytes one subscriber's full list
    /// @param finalNanos from the last acknowledgement until the last subscriber had the last change; 0 if it was not later
    public record Seen(
            long changes,
            long updates,
            long entries,
            long bytes,
            long fullBytes,
            long finalNanos) {}

    /// Registers and subscribes.
    public RollingRestart(int port, String service, int instances, int subscribers)
            throws IOException {
        this.port = port;
        this.service = service;
        for (int i = 0; i < instances; i++) {
            owners.add(owner(i, "old"));
            loop.turn(1);
        }
        turnUntil("registrations", () -> registered == instances);
        for (int i = 0; i < subscribers; i++) {
            CountedView view = new CountedView();
            views.add(view);
            StreamLine line = stream(view);
            line.send(
                    ClientFrame.newBuilder()
                            .setSubscribe(Subscribe.newBuilder().setService(service)));
            watchers.add(line);
            loop.turn(1);
        }
        turnUntil("first lists", this::allThere);
    }

    private boolean allThere() {
        return views.stream().allMatch(view -> view.revision() >= lastRevision);
    }

    private StreamLine stream(StreamLine.Listener listener) throws IOException {
        return loop.add(
                new StreamLine(
                        port,
                        // The lease is longer than the restart: beats are no part of this.
                        Hello.newBuilder()
                                .setClientId(UUID.randomUUID().toString())
                                .setLeaseMs(3_600_000)
                                .setGraceMs(0),
                        listener));
    }

    /// A process with its instance; `version` makes the successor another one.
    private StreamLine owner(int number, String version) throws IOException {
        StreamLine line = stream(this::answered);
        ClientFrame.Builder frame = Registrations.of(service, "i" + number, REGISTER);
        frame.getRegisterBuilder().getInstanceBuilder().putMetadata("version", version);
        line.send(frame);
        return line;
    }

    private void answered(StreamLine line, ServerFrame frame) throws IOException {
        if (!frame.hasResult()) {
            return;
        }
        Result result = frame.getResult();
        if (result.getCode() != Result.Code.DONE) {
            throw new IOException("a change was answered " + result);
        }
        lastRevision = Math.max(lastRevision, result.getRevision());
        if (result.getRequestId() == DRAIN) {
            drained++;
        } else if (result.getRequestId() == CANCEL) {
            cancelled++;
            line.close();
        } else {
            registered++;
        }
    }

    private interface Condition {
        boolean holds();
    }

    private void turnUntil(String what, Condition condition) throws IOException {
        long deadline = System.nanoTime() + GIVE_UP_NANOS;
        while (!condition.holds()) {
            loop.turn(1);
            if (System.nanoTime() > deadline) {
                throw new IOException("the %s did not come in 60 s".formatted(what));
            }
        }
    }

    /// Replaces all instances, evenly spread over `nanos`, and waits until everybody knows.
    public Seen run(long nanos) throws IOException {
        views.forEach(CountedView::startCounting);
        long bytes = bytesIn();
        int instances = owners.size();
        long spacing = nanos / instances;
        long start = System.nanoTime();
        int draining = 0;
        int cancelling = 0;
        int coming = 0;
        while (coming < instances) {
            long now = System.nanoTime() - start;
            for (; draining < instances && now >= draining * spacing; draining++) {
                owners.get(draining)
                        .send(
                                ClientFrame.newBuilder()
                                        .setDrain(Drain.newBuilder().setRequestId(DRAIN)));
            }
            for (;
                    cancelling < draining && now >= cancelling * spacing + STEP_NANOS;
                    cancelling++) {
                owners.get(cancelling).send(cancel(cancelling));
            }
            for (; coming < cancelled && now >= coming * spacing + 2 * STEP_NANOS; coming++) {
                owners.set(coming, owner(coming, "new"));
            }
            loop.turn(1);
        }
        turnUntil("registrations", () -> registered == 2 * instances);
        long acknowledged = System.nanoTime();
        boolean waited = !allThere();
        turnUntil("last changes", this::allThere);
        long finalNanos = waited ? System.nanoTime() - acknowledged : 0;
        for (CountedView view : views) {
            view.check(instances);
        }
        return new Seen(
                drained + cancelled + registered - instances,
                views.stream().mapToLong(CountedView::updates).sum(),
                views.stream().mapToLong(CountedView::entries).sum(),
                bytesIn() - bytes,
                views.getFirst().fullBytes(),
                finalNanos);
    }

    private ClientFrame.Builder cancel(int number) {
        return ClientFrame.newBuilder()
                .setCancel(
                        Cancel.newBuilder()
                                .setRequestId(CANCEL)
                                .setService(service)
                                .setInstanceId("i" + number));
    }

    private long bytesIn() {
        return watchers.stream().mapToLong(StreamLine::bytesIn).sum();
    }

    @Override
    public void close() throws IOException {
        for (StreamLine line : owners) {
            line.close();
        }
        for (StreamLine line : watchers) {
            line.close();
        }
        loop.close();
    }
}
