package io.mainstay.bench.amqp;

/// One question to brokers.
interface Scenario {

    /// As given to `--only`.
    String name();

    /// How many loads of the plan's length it has in a round, its warm-up not among them; 0 if its length is its own.
    default int loads(Brokers brokers) {
        return 0;
    }

    void run(Brokers brokers, Plan plan) throws Exception;

    /// @param seconds of one load
    /// @param rounds turns of each broker
    /// @param backlog messages of a backlog
    /// @param delayed messages that wait for their time
    /// @param spreadSeconds in which all of them are due
    record Plan(int seconds, int rounds, int backlog, int delayed, int spreadSeconds) {}
}
