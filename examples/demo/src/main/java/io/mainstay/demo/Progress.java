package io.mainstay.demo;

import java.io.PrintStream;

/// Says what is being done: numbered lines with the time since the start.
final class Progress {
    private static final int WIDTH = 20;

    private final PrintStream out;
    private final int steps;
    private final long startNanos = System.nanoTime();
    private int step;

    Progress(PrintStream out, int steps) {
        this.out = out;
        this.steps = steps;
    }

    /// The next step begins.
    void step(String what) {
        int full = WIDTH * step / steps;
        step++;
        out.printf(
                "[%s%s] %5.1f s  %s%n",
                "#".repeat(full), ".".repeat(WIDTH - full), seconds(), what);
        out.flush();
    }

    /// Something was seen.
    void seen(String what) {
        out.printf("%" + (WIDTH + 13) + "s%s%n", "", what);
        out.flush();
    }

    double seconds() {
        return (System.nanoTime() - startNanos) / 1e9;
    }
}
