package io.mainstay.platform;

import java.time.Duration;

/// Named threads and periodic work; the simulation runs both on its one thread in virtual time.
public interface Threads {

    /// Starts a platform thread. It is a daemon: the process ends by its shutdown order, not by waiting for threads.
    Running start(String name, Runnable body);

    /// Calls `work` every `period` on a thread of its own until closed. A late call is not made up for. An exception is
    /// logged under `name` and the next call still comes.
    Running every(String name, Duration period, Runnable work);

    /// A virtual thread for blocking administrative work.
    Running startVirtual(String name, Runnable body);

    /// A started thread or periodic work.
    interface Running extends AutoCloseable {
        /// Interrupts it and waits up to ten seconds for its end.
        @Override
        void close();
    }
}
