package io.mainstay.bench.amqp;

import java.util.List;

/// One question to all brokers, asked in turn.
interface Scenario {

    /// As given to `--only`.
    String name();

    void run(List<Target> targets, PerfTest load, Plan plan) throws Exception;

    /// @param seconds of one load
    /// @param rounds turns of each broker
    /// @param backlog messages of a backlog
    record Plan(int seconds, int rounds, int backlog) {}
}
