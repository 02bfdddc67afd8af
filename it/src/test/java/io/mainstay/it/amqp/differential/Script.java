package io.mainstay.it.amqp.differential;

import java.util.List;

/// A script for [ScriptClient].
///
/// @param prefix of every name, left out of what is said
/// @param counted which numbers of queues are compared
/// @param patienceMs how long what a step sets off may take, beside what comes at once: messages expire, streams are read
/// @param texts whether texts of refusals are compared, not their codes alone
/// @param policies names of policies that it may leave behind
record Script(
        long seed,
        String prefix,
        List<String> queues,
        List<String> exchanges,
        List<String> policies,
        List<ScriptChannel.Mode> modes,
        boolean texts,
        Counted counted,
        long patienceMs,
        List<Step> steps) {

    /// Numbers of a queue.
    enum Counted {
        ALL,
        /// RabbitMQ 3.10 counts those who hold messages of a quorum queue as its consumers.
        MESSAGES,
        /// RabbitMQ counts messages of streams now and then.
        NOTHING
    }

    /// @return a script without its prefix in what is said
    static List<Step> shown(String prefix, List<Step> steps) {
        return steps.stream()
                .map(step -> new Step(step.text().replace(prefix, ""), step.action()))
                .toList();
    }
}
