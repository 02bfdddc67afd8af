package io.mainstay.it.amqp.differential;

import java.util.ArrayList;
import java.util.List;

/// Runs whole scripts.
final class Scripts {

    private Scripts() {}

    /// What a broker that sets the standard answers.
    static List<Answer> answers(Script script, Peer broker) throws Exception {
        List<Answer> answers = new ArrayList<>();
        try (ScriptClient client = new ScriptClient(broker, script)) {
            for (Step step : script.steps()) {
                answers.add(client.answer(step, script.patienceMs()));
            }
        } finally {
            ScriptClient.clean(broker, script);
        }
        return answers;
    }

    /// Does the script up to the first step whose answer is not the expected one.
    ///
    /// @return the steps so far and both answers, for people; empty if there is none
    static String firstDifference(Script script, List<Answer> expected, Peer broker)
            throws Exception {
        try (ScriptClient client = new ScriptClient(broker, script)) {
            for (int i = 0; i < expected.size(); i++) {
                Answer answer = client.answer(script.steps().get(i), expected.get(i));
                if (!answer.equals(expected.get(i))) {
                    return difference(script, expected, i, answer);
                }
            }
            return "";
        } finally {
            ScriptClient.clean(broker, script);
        }
    }

    private static String difference(Script script, List<Answer> expected, int at, Answer answer) {
        StringBuilder text = new StringBuilder();
        text.append("script ").append(script.seed()).append(' ').append(script.modes());
        for (int i = 0; i < at; i++) {
            text.append("\n> ").append(script.steps().get(i));
            expected.get(i).lines().forEach(line -> text.append("\n    ").append(line));
        }
        text.append("\n> ").append(script.steps().get(at)).append("\n  theirs:");
        expected.get(at).lines().forEach(line -> text.append("\n    ").append(line));
        text.append("\n  ours:");
        answer.lines().forEach(line -> text.append("\n    ").append(line));
        return text.append('\n').toString();
    }
}
