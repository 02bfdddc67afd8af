package io.mainstay.it.amqp.differential;

import java.util.ArrayList;
import java.util.List;

/// What a client sees of one step.
///
/// @param result the direct answer
/// @param seen what came and what is there afterwards: deliveries, returns, closes, and the counts of every queue
record Answer(String result, List<String> seen) {

    Answer {
        seen = List.copyOf(seen);
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("= " + result);
        seen.forEach(line -> lines.add("| " + line));
        return lines;
    }

    @Override
    public String toString() {
        return String.join("\n", lines());
    }
}
