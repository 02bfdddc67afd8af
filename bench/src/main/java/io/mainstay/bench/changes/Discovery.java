package io.mainstay.bench.changes;

/// A registry with subscribers of one service, and instances that come and go. Each call of a change returns the monotonic nanoseconds at
/// which it began, before anything was sent.
public interface Discovery extends AutoCloseable {

    /// How an instance comes or goes.
    enum Change {
        REGISTER,
        CANCEL,
        /// The connection of its process is closed, with no word before.
        KILL,
        /// Its process says nothing more while its connection stays; from the end of its lease.
        SILENCE
    }

    /// Subscribers report to it from now on. One at a time.
    void watch(Sighting sighting);

    int subscribers();

    /// Registers an instance whose process is alive.
    long register(String id) throws Exception;

    long cancel(String id) throws Exception;

    /// Registers an instance that is killed later, and returns when that is done.
    void registerMortal(String id) throws Exception;

    long kill(String id) throws Exception;

    /// Registers an instance that says nothing after this, and returns the moment at which its lease ends.
    long registerSilent(String id) throws Exception;

    boolean knows(Change change);
}
