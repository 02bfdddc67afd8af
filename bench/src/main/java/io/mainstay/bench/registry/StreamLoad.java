package io.mainstay.bench.registry;

import io.mainstay.bench.stream.Line;
import io.mainstay.bench.stream.Registrations;
import io.mainstay.bench.stream.StreamLine;
import io.mainstay.bench.stream.StreamLoop;
import io.mainstay.registry.v1.Hello;
import io.mainstay.registry.v1.Result;
import io.mainstay.registry.v1.ServerFrame;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/// Many connections that beat, on the calling thread: streams of a node, or plain ones of a floor.
final class StreamLoad implements AutoCloseable {

    private static final long GIVE_UP_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final StreamLoop loop = new StreamLoop();
    private final List<Line> lines = new ArrayList<>();
    private int welcomes;
    private int registered;
    private int lost;

    StreamLoad() throws IOException {}

    /// Opens `count` connections that speak nothing.
    void plain(int port, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            lines.add(loop.add(new Line(port)));
        }
    }

    /// Opens `count` streams and waits for their welcomes.
    void streams(int port, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            Hello.Builder hello =
                    Hello.newBuilder().setClientId(UUID.randomUUID().toString()).setGraceMs(0);
            lines.add(loop.add(new StreamLine(port, hello, this::frame)));
            if (i % 100 == 0) {
                loop.turn(1);
            }
        }
        long deadline = System.nanoTime() + GIVE_UP_NANOS;
        while (welcomes < count) {
            turnUntil(deadline, welcomes + " of " + count + " streams were welcomed");
        }
    }

    /// Registers one instance for each stream, spread over `services`, and waits until all are there.
    void register(String service, int services) throws IOException {
        for (int i = 0; i < lines.size(); i++) {
            ((StreamLine) lines.get(i)).send(Registrations.of(service + i % services, "i" + i, i));
            if (i % 100 == 0) {
                loop.turn(1);
            }
        }
        long deadline = System.nanoTime() + GIVE_UP_NANOS;
        while (registered < lines.size()) {
            turnUntil(deadline, registered + " of " + lines.size() + " registrations were done");
        }
    }

    private void turnUntil(long deadline, String soFar) throws IOException {
        loop.turn(100);
        if (System.nanoTime() > deadline) {
            throw new IOException(soFar + " in 60 s");
        }
    }

    private void frame(StreamLine line, ServerFrame frame) throws IOException {
        switch (frame.getFrameCase()) {
            case WELCOME -> welcomes++;
            case RESULT -> {
                if (frame.getResult().getCode() != Result.Code.DONE) {
                    throw new IOException(frame.getResult().getMessage());
                }
                registered++;
            }
            case LOST -> lost += frame.getLost().getInstancesCount();
            case UPDATE, FRAME_NOT_SET -> {}
        }
    }

    /// One beat a second on each connection, evenly spread, for `seconds`. Returns the beats that were sent.
    long paced(int seconds) throws IOException {
        byte[] beat = StreamLine.beatBytes();
        long start = System.nanoTime();
        long beats = (long) seconds * lines.size();
        double nanosPerBeat = 1e9 / lines.size();
        for (long sent = 0; sent < beats; ) {
            long due = (long) ((System.nanoTime() - start) / nanosPerBeat);
            for (; sent < Math.min(due, beats); sent++) {
                lines.get((int) (sent % lines.size())).write(beat);
            }
            loop.turn(1);
        }
        return beats;
    }

    /// Connections that the server closed.
    long ended() {
        return lines.stream().filter(Line::ended).count();
    }

    /// Instances whose lease ended although they beat.
    int lost() {
        return lost;
    }

    long bytesIn() {
        return lines.stream().mapToLong(Line::bytesIn).sum();
    }

    long pings() {
        return lines.stream()
                .mapToLong(line -> line instanceof StreamLine stream ? stream.pings() : 0)
                .sum();
    }

    @Override
    public void close() throws IOException {
        for (Line line : lines) {
            line.close();
        }
        loop.close();
    }
}
