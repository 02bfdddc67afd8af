package io.mainstay.bench.amqp;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// One way to load a broker: persistent, confirmed messages, and consumers that acknowledge one by one, as applications do.
///
/// @param bytes of a body
/// @param window publishes of each publisher that may be unconfirmed
/// @param prefetch of each consumer
record Shape(int bytes, Layout layout, int window, int prefetch) {

    private static final int MANY = 10;
    private static final String QUEUE = "bench";

    /// Publishers and queues.
    enum Layout {
        /// One publisher, one queue, one consumer.
        Q1,
        /// Ten publishers, ten queues, ten consumers.
        Q10,
        /// One publisher, a fanout exchange, ten queues with a consumer each.
        FANOUT
    }

    /// Every combination of size, layout, window and prefetch.
    static List<Shape> all() {
        List<Shape> all = new ArrayList<>();
        for (int bytes : new int[] {16, 1_024, 65_536}) {
            for (Layout layout : Layout.values()) {
                for (int window : new int[] {1, 100, 1_000}) {
                    for (int prefetch : new int[] {1, 100}) {
                        all.add(new Shape(bytes, layout, window, prefetch));
                    }
                }
            }
        }
        return all;
    }

    /// Those that fit a pattern such as `1KiB/q1/*/p100`.
    static List<Shape> matching(String pattern) {
        String[] wanted = pattern.split("/", -1);
        return all().stream().filter(shape -> fits(shape.name().split("/", -1), wanted)).toList();
    }

    private static boolean fits(String[] parts, String[] wanted) {
        boolean all = wanted.length == parts.length;
        for (int i = 0; all && i < parts.length; i++) {
            all = wanted[i].equals("*") || wanted[i].equalsIgnoreCase(parts[i]);
        }
        return all;
    }

    String name() {
        return "%s/%s/w%d/p%d"
                .formatted(
                        bytes < 1_024 ? bytes + "B" : bytes / 1_024 + "KiB",
                        layout.name().toLowerCase(Locale.ROOT),
                        window,
                        prefetch);
    }

    /// What a load leaves behind.
    List<String> queues() {
        if (layout == Layout.Q1) {
            return List.of(QUEUE);
        }
        List<String> queues = new ArrayList<>();
        for (int i = 1; i <= MANY; i++) {
            queues.add(QUEUE + "-" + i);
        }
        return queues;
    }

    /// For PerfTest.
    List<String> arguments() {
        List<String> arguments = new ArrayList<>(one(bytes, window, prefetch));
        switch (layout) {
            case Q1 -> arguments.addAll(List.of("--queue", QUEUE));
            case Q10 -> arguments.addAll(many("--producers", "10", "--consumers", "10"));
            case FANOUT ->
                    arguments.addAll(
                            many(
                                    "--type",
                                    "fanout",
                                    "--exchange",
                                    "bench-fanout",
                                    "--producers",
                                    "1",
                                    "--consumers",
                                    "10"));
        }
        return arguments;
    }

    /// One queue, with further arguments.
    static List<String> oneQueue(int bytes, int window, int prefetch, String... more) {
        List<String> arguments = new ArrayList<>(one(bytes, window, prefetch));
        arguments.addAll(List.of("--queue", QUEUE));
        arguments.addAll(List.of(more));
        return arguments;
    }

    private static List<String> many(String... more) {
        List<String> arguments = new ArrayList<>();
        arguments.addAll(List.of("--queue-pattern", QUEUE + "-%d"));
        arguments.addAll(List.of("--queue-pattern-from", "1"));
        arguments.addAll(List.of("--queue-pattern-to", Integer.toString(MANY)));
        arguments.addAll(List.of(more));
        return arguments;
    }

    private static List<String> one(int bytes, int window, int prefetch) {
        return List.of(
                "--size",
                Integer.toString(bytes),
                "--confirm",
                Integer.toString(window),
                "--qos",
                Integer.toString(prefetch));
    }
}
