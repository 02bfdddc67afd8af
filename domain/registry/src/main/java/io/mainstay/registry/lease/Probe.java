package io.mainstay.registry.lease;

import java.util.function.Consumer;

/// A second opinion on an instance whose beats stopped while many others' did too.
@FunctionalInterface
public interface Probe {

    /// Asks nobody: what protection holds stays held until it clears.
    Probe NONE = (_, _, done) -> done.accept(Verdict.NO_ANSWER);

    /// Tries to open a TCP connection. Does not block; `done` is called once, on any thread, within some seconds.
    void probe(String host, int port, Consumer<Verdict> done);

    enum Verdict {
        /// Connected: the process is there.
        ALIVE,
        /// Refused by its host: nobody listens, the process is gone.
        REFUSED,
        /// Time-out or unreachable: says nothing about the instance.
        NO_ANSWER
    }
}
