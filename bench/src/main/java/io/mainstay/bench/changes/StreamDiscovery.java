package io.mainstay.bench.changes;

import io.mainstay.bench.stream.Registrations;
import io.mainstay.bench.stream.StreamLine;
import io.mainstay.bench.stream.StreamLoop;
import io.mainstay.registry.v1.Cancel;
import io.mainstay.registry.v1.ClientFrame;
import io.mainstay.registry.v1.Hello;
import io.mainstay.registry.v1.Instance;
import io.mainstay.registry.v1.Result;
import io.mainstay.registry.v1.ServerFrame;
import io.mainstay.registry.v1.Subscribe;
import io.mainstay.registry.v1.Update;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// A node by the streaming protocol: each subscriber is a stream, so is each instance that is killed or falls silent.
public final class StreamDiscovery implements Discovery {

    private static final int GIVE_UP_SECONDS = 60;
    private static final int PRESENT_INSTANCES = 20;

    private final int port;
    private final String service;
    private final int subscribers;
    private final int leaseMs;
    private final StreamLoop loop = new StreamLoop();
    private final Thread reader;
    private final StreamLine owner;
    private final StreamLine[] watchers;
    private final Map<Long, CountDownLatch> answers = new ConcurrentHashMap<>();
    private final Map<String, StreamLine> mortals = new ConcurrentHashMap<>();
    private final AtomicLong requests = new AtomicLong();
    private final CountDownLatch full;
    private volatile @Nullable Sighting sighting;
    private volatile boolean closing;
    private volatile @Nullable Exception broken;

    /// @param leaseMs of instances that fall silent
    public StreamDiscovery(int port, String service, int subscribers, int leaseMs)
            throws IOException, InterruptedException {
        this.port = port;
        this.service = service;
        this.subscribers = subscribers;
        this.leaseMs = leaseMs;
        this.full = new CountDownLatch(subscribers);
        reader = Thread.ofPlatform().name("bench-streams").daemon().start(this::read);
        owner = stream(3_600_000, this::frame);
        for (int i = 0; i < PRESENT_INSTANCES; i++) {
            register(owner, "present-" + i);
        }
        watchers = new StreamLine[subscribers];
        for (int i = 0; i < subscribers; i++) {
            int number = i;
            watchers[i] = stream(3_600_000, (line, frame) -> watched(number, frame));
            watchers[i].send(
                    ClientFrame.newBuilder()
                            .setSubscribe(Subscribe.newBuilder().setService(service)));
        }
        if (!full.await(GIVE_UP_SECONDS, TimeUnit.SECONDS)) {
            throw new IOException(full.getCount() + " subscribers were told nothing in 60 s");
        }
    }

    private StreamLine stream(int lease, StreamLine.Listener listener) throws IOException {
        return loop.add(
                new StreamLine(
                        port,
                        Hello.newBuilder()
                                .setClientId(UUID.randomUUID().toString())
                                .setBeatIntervalMs(Math.min(1_000, lease))
                                .setLeaseMs(lease)
                                .setGraceMs(0),
                        listener));
    }

    private void read() {
        try {
            while (!closing) {
                loop.turn(100);
            }
        } catch (IOException e) {
            broken = e;
        }
    }

    private void watched(int number, ServerFrame frame) {
        if (!frame.hasUpdate()) {
            return;
        }
        Update update = frame.getUpdate();
        if (update.getFull()) {
            full.countDown();
        }
        Sighting watched = sighting;
        if (watched == null) {
            return;
        }
        for (Instance put : update.getPutList()) {
            watched.report(number, put.getInstanceId(), true);
        }
        for (String removed : update.getRemovedList()) {
            watched.report(number, removed, false);
        }
    }

    private void frame(StreamLine line, ServerFrame frame) throws IOException {
        if (!frame.hasResult()) {
            return;
        }
        if (frame.getResult().getCode() != Result.Code.DONE) {
            throw new IOException(frame.getResult().getMessage());
        }
        CountDownLatch waiting = answers.remove(frame.getResult().getRequestId());
        if (waiting != null) {
            waiting.countDown();
        }
    }

    /// Registers over `line` and returns when it is done: the moment before it was sent.
    private long register(StreamLine line, String id) throws IOException, InterruptedException {
        long request = requests.incrementAndGet();
        return answered(request, line, Registrations.of(service, id, request));
    }

    private long answered(long request, StreamLine line, ClientFrame.Builder frame)
            throws IOException, InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        answers.put(request, done);
        long began = System.nanoTime();
        line.send(frame);
        if (!done.await(GIVE_UP_SECONDS, TimeUnit.SECONDS)) {
            throw new IOException("no answer in 60 s", broken);
        }
        return began;
    }

    @Override
    public void watch(Sighting next) {
        sighting = next;
    }

    @Override
    public int subscribers() {
        return subscribers;
    }

    @Override
    public long register(String id) throws Exception {
        return register(owner, id);
    }

    @Override
    public long cancel(String id) throws Exception {
        long request = requests.incrementAndGet();
        return answered(
                request,
                owner,
                ClientFrame.newBuilder()
                        .setCancel(
                                Cancel.newBuilder()
                                        .setRequestId(request)
                                        .setService(service)
                                        .setInstanceId(id)));
    }

    @Override
    public void registerMortal(String id) throws Exception {
        StreamLine line = stream(3_600_000, this::frame);
        mortals.put(id, line);
        register(line, id);
    }

    @Override
    public long kill(String id) throws Exception {
        StreamLine line = mortals.remove(id);
        long began = System.nanoTime();
        if (line != null) {
            line.close();
        }
        return began;
    }

    @Override
    public long registerSilent(String id) throws Exception {
        StreamLine line = stream(leaseMs, this::frame);
        mortals.put(id, line);
        register(line, id);
        long lastWord = System.nanoTime();
        line.beat();
        return lastWord + TimeUnit.MILLISECONDS.toNanos(leaseMs);
    }

    @Override
    public boolean knows(Change change) {
        return true;
    }

    @Override
    public void close() throws IOException, InterruptedException {
        closing = true;
        reader.join();
        for (StreamLine watcher : watchers) {
            watcher.close();
        }
        for (StreamLine mortal : mortals.values()) {
            mortal.close();
        }
        owner.close();
        loop.close();
    }
}
