package io.mainstay.kernel.group;

import io.mainstay.platform.Platform;

import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/// One life of a node of a simulation, as what runs on its groups sees it: from a start to the end of the process.
public final class SimHost {

    private final SimMember member;
    private final int life;
    private final Platform platform;
    private final RandomGenerator random;

    SimHost(SimMember member, Platform platform, RandomGenerator random) {
        this.member = member;
        this.life = member.life;
        this.platform = platform;
        this.random = random;
    }

    /// Throws if it does not hold: the run has failed.
    public static void require(boolean holds, String message, Object... args) {
        SimChecker.require(holds, message, args);
    }

    /// From 1 on.
    public int node() {
        return member.id;
    }

    /// Whether it goes on.
    public boolean lives() {
        return member.up && member.life == life;
    }

    public Platform platform() {
        return platform;
    }

    public RandomGenerator random() {
        return random;
    }

    /// Simulated time, everybody's.
    public long nanos() {
        return member.now();
    }

    public RaftGroup group(int id) {
        return member.group(id);
    }

    /// The term in which the node takes commands of the group, or -1.
    public int leadingTerm(int group) {
        return lives() ? member.group(group).leadingTerm() : -1;
    }

    /// The last offset that the node's views show.
    public long shown(int group) {
        return member.shown[group];
    }

    /// Whether the group took over a snapshot of another member, whose bodies did not travel with it.
    public boolean isForeign(int group) {
        return member.isForeign(group);
    }

    /// Runs `body` after so long, unless the process has ended.
    public void in(long nanos, Runnable body) {
        if (lives()) {
            member.in(nanos, body);
        }
    }

    /// Runs `body` after so long, whatever becomes of the node.
    public void outside(long nanos, Runnable body) {
        member.outside(nanos, body);
    }

    /// Runs `body` again and again, at once for the first time.
    public void every(long nanos, Runnable body) {
        in(
                0,
                () -> {
                    body.run();
                    in(nanos, () -> every(nanos, body));
                });
    }

    /// Something that runs one task after the other, each a moment later.
    public Executor eventLoop(int longestNanos) {
        // In an array, for the lambda.
        long[] last = {0};
        return task -> {
            last[0] = Math.max(last[0], nanos() + random.nextInt(longestNanos));
            in(last[0] - nanos(), task);
        };
    }

    /// What was asked of the kernel from outside of its own events is taken up.
    public void asked() {
        if (lives()) {
            member.afterStep();
        }
    }
}
