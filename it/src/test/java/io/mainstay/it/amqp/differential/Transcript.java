package io.mainstay.it.amqp.differential;

import java.util.ArrayList;
import java.util.List;

/// What another broker answered to scripts, as text: `script SEED`, and for each step `> step`, `= result` and `| seen` lines.
///
/// @param seed of the script
/// @param steps their texts, as the script had them when it was recorded
record Transcript(long seed, List<String> steps, List<Answer> answers) {

    static final List<String> HEAD =
            List.of(
                    "# What RabbitMQ answers to scripts of ScriptMaker: > what the client does, = the answer, | what it sees then (of each queue",
                    "# ready messages + consumers). Written by RabbitMqDifferentialTest with -Dmainstay.write-transcript=FILE.");

    private static final String SCRIPT = "script ";

    static List<String> lines(Script script, List<Answer> answers) {
        List<String> lines = new ArrayList<>();
        lines.add(SCRIPT + script.seed());
        for (int i = 0; i < answers.size(); i++) {
            lines.add("> " + script.steps().get(i));
            lines.addAll(answers.get(i).lines());
        }
        return lines;
    }

    static List<Transcript> read(List<String> lines) {
        List<Transcript> read = new ArrayList<>();
        List<String> seen = new ArrayList<>();
        String result = "";
        for (String line : lines) {
            boolean step = line.startsWith("> ");
            if ((step || line.startsWith(SCRIPT)) && !result.isEmpty()) {
                read.getLast().answers.add(new Answer(result, seen));
                result = "";
                seen.clear();
            }
            if (line.startsWith(SCRIPT)) {
                long seed = Long.parseLong(line.substring(SCRIPT.length()));
                read.add(new Transcript(seed, new ArrayList<>(), new ArrayList<>()));
            } else if (step) {
                read.getLast().steps.add(line.substring(2));
            } else if (line.startsWith("= ")) {
                result = line.substring(2);
            } else if (line.startsWith("| ")) {
                seen.add(line.substring(2));
            }
        }
        read.getLast().answers.add(new Answer(result, seen));
        return read;
    }
}
