package io.mainstay.kernel.group;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;

/// Links between all members that lose, delay, repeat and reorder frames, and are cut in one or both directions.
final class SimNetwork {

    /// Of a [Frame]; the group stands before it and the api behind.
    private static final int KIND_AT = 4;

    private final SimScheduler scheduler;
    private final RandomGenerator random;
    private final SimChecker.Counts counts;
    private final FaultMix mix;
    private final List<SimMember> members = new ArrayList<>();
    private final boolean[][] cut;

    /// Cuts that the sender notices, as with a refused connection.
    private final boolean[][] known;

    private final List<Sent> sent = new ArrayList<>();

    SimNetwork(
            SimScheduler scheduler,
            RandomGenerator random,
            FaultMix mix,
            SimChecker.Counts counts,
            int nodes) {
        this.scheduler = scheduler;
        this.random = random;
        this.mix = mix;
        this.counts = counts;
        this.cut = new boolean[nodes + 1][nodes + 1];
        this.known = new boolean[nodes + 1][nodes + 1];
    }

    void add(SimMember member) {
        members.add(member);
    }

    PeerLink linkOf(SimMember from) {
        int life = from.life;
        return new PeerLink() {
            @Override
            public boolean send(int to, ByteBuffer frame) {
                return from.life != life || SimNetwork.this.send(from.id, to, frame);
            }

            @Override
            public void receiver(Receiver receiver) {
                from.receiver = receiver;
            }
        };
    }

    private boolean send(int from, int to, ByteBuffer frame) {
        SimMember target = members.get(to - 1);
        if (cut[from][to] && known[from][to] || !target.up && target.life % 2 == 0) {
            return false;
        }
        sent.add(new Sent(from, to, frame));
        return true;
    }

    /// Puts on the way what a node has sent in one step. The engine's order among voters is that of a `Set`, which differs from JVM to JVM, and
    /// so do the correlation ids that it gives them and the lists of voters that it writes: none of that may decide what happens to a
    /// frame, or be part of the trace.
    void flush() {
        sent.sort(
                Comparator.comparingInt(Sent::to)
                        .thenComparingInt(each -> each.frame.getInt(0))
                        .thenComparingInt(each -> each.frame.get(KIND_AT))
                        .thenComparingInt(each -> each.frame.getShort(KIND_AT + 1)));
        for (Sent each : sent) {
            pass(each.from, each.to, each.frame);
        }
        sent.clear();
    }

    private void pass(int from, int to, ByteBuffer frame) {
        counts.frames++;
        scheduler.mix(from * 31L + to);
        scheduler.mix(frame.getLong(0));
        scheduler.mix(frame.limit());
        SimMember target = members.get(to - 1);
        if (cut[from][to] || !target.up || random.nextDouble() < mix.loss) {
            return;
        }
        deliver(from, target, frame);
        if (random.nextDouble() < mix.duplicates) {
            deliver(from, target, frame);
        }
    }

    private record Sent(int from, int to, ByteBuffer frame) {}

    private void deliver(int from, SimMember target, ByteBuffer frame) {
        double ms = 0.05 + random.nextDouble() * 0.5;
        if (mix.delayMs > 0 && random.nextInt(8) == 0) {
            ms += random.nextDouble() * mix.delayMs;
        }
        scheduler.in(
                (long) (ms * SimScheduler.MS),
                () -> {
                    if (!cut[from][target.id]) {
                        target.receive(from, frame.duplicate());
                    }
                });
    }

    /// Cuts something: one direction, one pair, one node from all.
    void cutSomething() {
        int a = 1 + random.nextInt(members.size());
        int b = 1 + random.nextInt(members.size());
        for (boolean[] row : known) {
            for (int to = 0; to < row.length; to++) {
                row[to] = random.nextBoolean();
            }
        }
        switch (random.nextInt(4)) {
            case 0 -> cut[a][b] = a != b;
            case 1 -> {
                cut[a][b] = a != b;
                cut[b][a] = a != b;
            }
            default -> isolate(a);
        }
    }

    void isolate(int node) {
        for (int other = 1; other < cut.length; other++) {
            cut[node][other] = other != node;
            cut[other][node] = other != node;
        }
    }

    void mend() {
        for (boolean[] row : cut) {
            java.util.Arrays.fill(row, false);
        }
    }
}
