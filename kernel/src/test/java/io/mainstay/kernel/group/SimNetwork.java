package io.mainstay.kernel.group;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32C;

/// Links between all members that lose, delay, repeat and reorder frames, and are cut in one or both directions.
final class SimNetwork {

    private final SimScheduler scheduler;
    private final RandomGenerator random;
    private final SimChecker.Counts counts;
    private final FaultMix mix;
    private final List<SimMember> members = new ArrayList<>();
    private final boolean[][] cut;

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
        counts.frames++;
        CRC32C crc = new CRC32C();
        crc.update(frame.duplicate());
        scheduler.mix(crc.getValue() * 31 + from * 7L + to);
        SimMember target = members.get(to - 1);
        if (cut[from][to] || !target.up) {
            // Sometimes the sender knows, as with a refused connection, sometimes not.
            return random.nextBoolean();
        }
        if (random.nextDouble() < mix.loss) {
            return true;
        }
        deliver(from, target, frame);
        if (random.nextDouble() < mix.duplicates) {
            deliver(from, target, frame);
        }
        return true;
    }

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
