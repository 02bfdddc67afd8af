package io.mainstay.demo;

import java.io.PrintStream;

/// Says what is being done: a bar and the time since the start with each step, and a sign of life while a
/// step takes long: on a terminal the seconds in the last line, elsewhere a line now and then.
final class Progress implements AutoCloseable {
    private static final int WIDTH = 20;
    private static final String INDENT = " ".repeat(WIDTH + 13);
    private static final String CLEAR_LINE = "\r\033[K";
    private static final long LOOK_EVERY_MS = 1_000;
    private static final double QUIET_SECONDS = 15;

    private final PrintStream out;
    private final int steps;
    private final long startNanos = System.nanoTime();
    private final Thread signs;
    private final boolean terminal = System.console() != null && System.console().isTerminal();
    private int step;
    private double saidAt;

    Progress(PrintStream out, int steps) {
        this.out = out;
        this.steps = steps;
        this.signs = Thread.ofPlatform().daemon().name("progress").start(this::signsOfLife);
    }

    /// The next step begins.
    synchronized void step(String what) {
        int full = WIDTH * step / steps;
        step++;
        say(
                "[%s%s] %5.1f s  %s"
                        .formatted("#".repeat(full), ".".repeat(WIDTH - full), seconds(), what));
    }

    /// Something was seen.
    synchronized void seen(String what) {
        say(INDENT + what);
    }

    double seconds() {
        return (System.nanoTime() - startNanos) / 1e9;
    }

    private void say(String line) {
        out.println(terminal ? CLEAR_LINE + line : line);
        out.flush();
        saidAt = seconds();
    }

    private void signsOfLife() {
        try {
            while (true) {
                Thread.sleep(LOOK_EVERY_MS);
                synchronized (this) {
                    if (terminal) {
                        out.printf("%s%s... %.0f s", CLEAR_LINE, INDENT, seconds() - saidAt);
                        out.flush();
                    } else if (seconds() - saidAt > QUIET_SECONDS) {
                        say("%s... still at it, %.0f s".formatted(INDENT, seconds()));
                    }
                }
            }
        } catch (InterruptedException e) {
            // Closed: nothing more is going on.
            return;
        }
    }

    /// Ends the signs of life.
    @Override
    public synchronized void close() {
        signs.interrupt();
        if (terminal) {
            out.print(CLEAR_LINE);
            out.flush();
        }
    }
}
