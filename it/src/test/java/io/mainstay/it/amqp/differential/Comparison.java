package io.mainstay.it.amqp.differential;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/// Does scripts at another broker and at a node and notes where they answer differently.
final class Comparison {

    private static final int AT_ONCE = 4;

    private final Peer theirs;
    private final Peer ours;
    private final Map<Long, List<Answer>> transcripts = new ConcurrentSkipListMap<>();
    private final AtomicInteger unsteady = new AtomicInteger();
    private final List<String> differences = Collections.synchronizedList(new ArrayList<>());

    Comparison(Peer theirs, Peer ours) {
        this.theirs = theirs;
        this.ours = ours;
    }

    void compare(List<Script> scripts) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Future<?>> running = new ArrayList<>();
            for (Script script : scripts) {
                running.add(
                        threads.submit(
                                () -> {
                                    compare(script);
                                    return null;
                                }));
            }
            for (Future<?> one : running) {
                one.get();
            }
        }
    }

    private void compare(Script script) throws Exception {
        List<Answer> expected = Scripts.answers(script, theirs);
        String difference = "";
        // Where messages expire it may happen between two steps.
        int tries = script.patienceMs() > 0 ? 3 : 1;
        do {
            difference = Scripts.firstDifference(script, expected, ours);
        } while (!difference.isEmpty() && --tries > 0);
        // Where they do not say the same twice there is nothing to compare with.
        if (!Scripts.firstDifference(script, expected, theirs).isEmpty()) {
            unsteady.incrementAndGet();
        } else if (!difference.isEmpty()) {
            differences.add(difference);
        } else if (script.patienceMs() == 0) {
            transcripts.put(script.seed(), expected);
        }
    }

    /// Of each script that has one, the steps up to the first difference, and it.
    List<String> differences() {
        return differences;
    }

    /// Scripts to which the other broker did not give the same answers twice.
    int unsteady() {
        return unsteady.get();
    }

    /// What was answered alike, by seed, where time plays no part.
    Map<Long, List<Answer>> transcripts() {
        return transcripts;
    }
}
