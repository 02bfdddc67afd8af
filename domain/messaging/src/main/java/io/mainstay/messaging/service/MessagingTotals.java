package io.mainstay.messaging.service;

import io.mainstay.messaging.api.Messaging;
import io.mainstay.messaging.api.QueueStats;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.api.VhostView;

import java.util.HashMap;
import java.util.Map;

/// Figures over all queues. What a queue counted stays in the totals after it is gone, so that they never fall. Thread-safe.
public final class MessagingTotals {

    /// Counted since the node started; a queue that begins anew to count (its leader changed) is added up.
    public record Counts(
            long published, long delivered, long acked, long redelivered, long duplicates) {

        private static final Counts NONE = new Counts(0, 0, 0, 0, 0);

        private Counts plus(QueueStats now, QueueStats before) {
            return new Counts(
                    published + grown(now.published(), before.published()),
                    delivered + grown(now.delivered(), before.delivered()),
                    acked + grown(now.acked(), before.acked()),
                    redelivered + grown(now.redelivered(), before.redelivered()),
                    duplicates + grown(now.duplicates(), before.duplicates()));
        }

        private static long grown(long now, long before) {
            return now >= before ? now - before : now;
        }
    }

    /// @param queues how many there are
    public record Now(
            long queues, long ready, long unacked, long bytes, long consumers, Counts counts) {}

    private final Messaging messaging;
    private Counts counts = Counts.NONE;
    private Map<Long, QueueStats> last = new HashMap<>();

    public MessagingTotals(Messaging messaging) {
        this.messaging = messaging;
    }

    /// Looks at every queue: for calls that people and their tools make, not for each message.
    public synchronized Now now() {
        Map<Long, QueueStats> seen = new HashMap<>();
        long ready = 0;
        long unacked = 0;
        long bytes = 0;
        long consumers = 0;
        for (VhostView vhost : messaging.topology().view().vhosts()) {
            for (QueueView queue : vhost.queues()) {
                QueueStats stats = messaging.stats(queue);
                counts = counts.plus(stats, last.getOrDefault(queue.id(), QueueStats.NONE));
                seen.put(queue.id(), stats);
                ready += stats.ready();
                unacked += stats.unacked();
                bytes += stats.bytes();
                consumers += stats.consumers();
            }
        }
        last = seen;
        return new Now(seen.size(), ready, unacked, bytes, consumers, counts);
    }
}
