package io.mainstay.messaging.queue.state;

import java.util.Collection;

/// Hears, on the apply thread, what became of queues since the last time.
public interface QueueListener {

    /// @param queues that were opened or whose content changed
    /// @param deleted ids of those that are gone
    void applied(Collection<QueueState> queues, Collection<Long> deleted);

    /// Delayed exchanges that were opened or where messages came or went; before [#applied].
    void delayed(Collection<DelayedState> exchanges);

    /// What full queues did not take; before [#applied].
    void refused(Collection<Refused> messages);

    /// Everything is as a snapshot has it.
    void restored(Collection<QueueState> queues);
}
