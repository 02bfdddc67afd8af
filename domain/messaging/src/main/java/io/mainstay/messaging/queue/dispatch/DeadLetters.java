package io.mainstay.messaging.queue.dispatch;

import io.mainstay.messaging.api.ExchangeView;
import io.mainstay.messaging.api.QueueSession.PublishOutcome;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.api.VhostView;
import io.mainstay.messaging.message.DelayHeader;
import io.mainstay.messaging.message.FieldTable;
import io.mainstay.messaging.message.FieldTableException;
import io.mainstay.messaging.message.MessageProperties;
import io.mainstay.messaging.message.StoredMessage;
import io.mainstay.messaging.queue.state.Entry;
import io.mainstay.messaging.queue.state.Refused;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The messages of a queue that die: each is published to the dead letter exchange, and settled in its queue only when that is durable. So a crash in
/// between makes a second dead letter rather than none. Apply thread only.
final class DeadLetters {

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);

    /// Dying messages at a time; what expires, or is too much, waits in its queue as long, and of what was rejected no more letters are on their way.
    private static final int MAX_DYING = 1_024;

    /// Refused messages that wait: their publishers know that they were refused, so what comes beyond is gone.
    private static final int MAX_REFUSED = 65_536;

    private final Dispatcher dispatcher;
    private final LeaderQueue queue;
    private final ArrayDeque<Dying> waiting = new ArrayDeque<>();
    private int underWay;
    private boolean loading;

    /// @param refused the message, if the queue did not take it: then it has no sequence
    private record Dying(long sequence, DeadReason reason, @Nullable Refused refused) {}

    DeadLetters(Dispatcher dispatcher, LeaderQueue queue) {
        this.dispatcher = dispatcher;
        this.queue = queue;
    }

    boolean isFull() {
        return waiting.size() + underWay >= MAX_DYING;
    }

    void add(long sequence, DeadReason reason) {
        waiting.add(new Dying(sequence, reason, null));
        work();
    }

    /// The queue is full and did not take it.
    void add(Refused message) {
        if (waiting.size() < MAX_REFUSED) {
            waiting.add(new Dying(ReadyMessages.NONE, DeadReason.MAX_LENGTH, message));
            work();
        }
    }

    private void work() {
        if (queue.ended()) {
            waiting.clear();
            return;
        }
        while (!loading && !waiting.isEmpty() && underWay < MAX_DYING) {
            Dying next = waiting.peek();
            Refused refused = next.refused;
            Entry entry = refused == null ? queue.entry(next.sequence) : refused.entry();
            ByteBuffer bytes = dispatcher.cached(entry);
            if (bytes == null) {
                loading = true;
                long[] pieces = refused == null ? dispatcher.piecesOf(entry) : refused.pieces();
                dispatcher.read(() -> load(next, entry, pieces));
                return;
            }
            waiting.remove();
            bury(next, new StoredMessage(bytes));
        }
    }

    /// Reader thread.
    private void load(Dying next, Entry entry, long[] pieces) {
        try {
            ByteBuffer bytes = dispatcher.load(entry, pieces);
            dispatcher.submit(() -> loaded(next, bytes), queue);
        } catch (IOException | RuntimeException e) {
            LOG.error(
                    "queue '{}' in vhost '{}': dead message {} cannot be read and stays in its queue until that is purged or deleted: {}",
                    queue.view.name(),
                    queue.view.vhost(),
                    next.sequence,
                    e.toString());
            dispatcher.submit(
                    () -> {
                        waiting.remove(next);
                        loading = false;
                        if (next.refused == null) {
                            queue.putAside(next.sequence);
                        }
                        work();
                    },
                    queue);
        }
    }

    private void loaded(Dying next, ByteBuffer bytes) {
        loading = false;
        if (waiting.peek() == next) {
            waiting.remove();
            bury(next, new StoredMessage(bytes));
        }
        work();
    }

    private void bury(Dying dying, StoredMessage message) {
        underWay++;
        Set<QueueView> targets = new LinkedHashSet<>();
        StoredCopy letter = letter(dying, message, targets);
        if (targets.isEmpty()) {
            buried(dying);
            return;
        }
        dispatcher.publish(
                letter,
                List.copyOf(targets),
                (sequence, outcome) -> {
                    if (outcome == PublishOutcome.FAILED) {
                        underWay--;
                        dispatcher.later(
                                () -> {
                                    waiting.addFirst(dying);
                                    work();
                                },
                                queue);
                    } else {
                        buried(dying);
                        work();
                    }
                });
    }

    private void buried(Dying dying) {
        underWay--;
        if (dying.refused == null) {
            queue.buried(dying.sequence);
        }
        dispatcher.touch(queue);
    }

    private StoredCopy letter(Dying dying, StoredMessage message, Set<QueueView> targets) {
        MessageProperties properties = properties(message);
        FieldTable headers = properties.headers();
        List<String> keys = new ArrayList<>();
        keys.add(message.routingKey());
        keys.addAll(Deaths.carbonCopies(headers, "CC"));
        String expiration = properties.expiration();
        FieldTable dead =
                Deaths.with(
                        headers,
                        new Deaths.Death(
                                queue.view.name(),
                                dying.reason,
                                message.exchange(),
                                keys,
                                expiration == null ? "" : expiration,
                                dispatcher.nowMs()));
        String otherKey = queue.view.settings().deadLetterRoutingKey();
        if (otherKey != null) {
            keys = List.of(otherKey);
            dead = dead.without("CC").without("BCC");
        } else {
            keys.addAll(Deaths.carbonCopies(headers, "BCC"));
        }
        String exchange = queue.view.settings().deadLetterExchange();
        route(exchange == null ? "" : exchange, keys, dead, targets);
        if (dying.reason != DeadReason.REJECTED) {
            FieldTable history = dead;
            targets.removeIf(target -> Deaths.isCycle(history, target.name()));
        }
        MessageProperties after = properties.withHeaders(dead).withoutExpiration();
        return new StoredCopy(
                exchange == null ? "" : exchange,
                keys.getFirst(),
                after.stored(),
                message.body(),
                -1,
                Math.max(0, after.priority()),
                after.persistent(),
                DelayHeader.ms(dead));
    }

    private void route(String name, List<String> keys, FieldTable headers, Set<QueueView> targets) {
        VhostView vhost = dispatcher.topology().vhost(queue.view.vhost());
        ExchangeView exchange = vhost == null ? null : vhost.exchange(name);
        if (vhost != null && exchange != null) {
            vhost.route(exchange, keys, () -> headers, targets);
        }
    }

    private static MessageProperties properties(StoredMessage message) {
        try {
            return MessageProperties.ofStored(message.storedProperties());
        } catch (FieldTableException e) {
            // Checked when it was published.
            throw new IllegalStateException(e);
        }
    }
}
