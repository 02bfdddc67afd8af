package io.mainstay.messaging.queue.dispatch;

import io.mainstay.kernel.group.Outcome;
import io.mainstay.messaging.api.ExchangeView;
import io.mainstay.messaging.api.QueueSession;
import io.mainstay.messaging.api.QueueSession.PublishOutcome;
import io.mainstay.messaging.api.QueueStats;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.api.VhostView;
import io.mainstay.messaging.message.DelayHeader;
import io.mainstay.messaging.message.FieldTable;
import io.mainstay.messaging.message.FieldTableException;
import io.mainstay.messaging.message.MessageProperties;
import io.mainstay.messaging.message.StoredMessage;
import io.mainstay.messaging.queue.command.QueueCommand;
import io.mainstay.messaging.queue.command.QueueCommandCodec;
import io.mainstay.messaging.queue.state.DelayedState;
import io.mainstay.messaging.queue.state.Pending;

import org.agrona.collections.Long2LongHashMap;
import org.agrona.collections.LongHashSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// A delayed exchange at its leader: routes what is due, by the bindings of that moment. A message is settled when all queues have it, so a crash in
/// between makes it come twice rather than never. Apply thread only.
final class LeaderDelay {

    private static final Logger LOG = LoggerFactory.getLogger(LeaderDelay.class);

    /// What is read and routed in one go: at least one message, whatever its size.
    private static final int BATCH_MESSAGES = 1_024;

    private static final long BATCH_BYTES = 1 << 20;

    private final Dispatcher dispatcher;
    private final Delays delays;
    private final QueueSession session;
    private final QueueView view;
    private @Nullable DelayedState state;
    private long duplicatesBefore;

    /// Size by address of what is being read, routed or settled.
    private final Long2LongHashMap underWay = new Long2LongHashMap(-1);

    private long bytesUnderWay;

    /// Addresses of what cannot be read.
    private final LongHashSet aside = new LongHashSet();

    private boolean reading;
    private boolean settling;
    private boolean ended;
    private long[] done = new long[64];
    private int doneSize;
    private long nextDueMs = Long.MAX_VALUE;

    private record Wanted(Pending message, long[] pieces) {}

    /// @param bytes `null` if it cannot be read
    private record Loaded(Pending message, @Nullable ByteBuffer bytes) {}

    LeaderDelay(Dispatcher dispatcher, Delays delays, QueueSession session, QueueView view) {
        this.dispatcher = dispatcher;
        this.delays = delays;
        this.session = session;
        this.view = view;
    }

    long id() {
        return view.id();
    }

    /// What waits is known from now on.
    void opened(DelayedState opened) {
        state = opened;
    }

    /// As [LedQueue#takenOver].
    void takenOver(DelayedState held) {
        duplicatesBefore = held.duplicates();
        opened(held);
    }

    /// The exchange is gone, or nobody leads it.
    void end() {
        ended = true;
        state = null;
    }

    QueueStats stats() {
        DelayedState waiting = state;
        return waiting == null
                ? QueueStats.NONE
                : new QueueStats(
                        waiting.messages(),
                        0,
                        waiting.bytes(),
                        0,
                        0,
                        0,
                        0,
                        0,
                        0,
                        waiting.duplicates() - duplicatesBefore);
    }

    /// Sends off what is due, and settles what has arrived.
    void work() {
        DelayedState waiting = state;
        if (waiting == null) {
            return;
        }
        nextDueMs = Long.MAX_VALUE;
        boolean more = true;
        while (more
                && !reading
                && underWay.size() <= BATCH_MESSAGES
                && bytesUnderWay <= BATCH_BYTES) {
            List<Wanted> batch = due(waiting);
            more = !batch.isEmpty();
            if (more) {
                fire(batch);
            }
        }
        settle();
    }

    /// When there is something to do that nothing else calls for.
    long nextDueMs() {
        return nextDueMs;
    }

    /// The next ones that are due; notes when the one behind them is.
    private List<Wanted> due(DelayedState waiting) {
        long now = dispatcher.nowMs();
        List<Wanted> batch = new ArrayList<>();
        // In an array, for the lambda.
        long[] bytes = {0};
        waiting.forEach(
                message -> {
                    if (underWay.containsKey(message.address())
                            || aside.contains(message.address())) {
                        return true;
                    }
                    if (message.dueMs() > now) {
                        nextDueMs = message.dueMs();
                        return false;
                    }
                    bytes[0] += size(message);
                    if (!batch.isEmpty() && bytes[0] > BATCH_BYTES) {
                        return false;
                    }
                    batch.add(new Wanted(message, dispatcher.piecesOf(message.entry())));
                    return batch.size() < BATCH_MESSAGES;
                });
        return batch;
    }

    private static int size(Pending message) {
        return Math.max(message.bytes(), message.bodyBytes());
    }

    private void fire(List<Wanted> batch) {
        List<Loaded> hot = new ArrayList<>(batch.size());
        for (Wanted one : batch) {
            underWay.put(one.message.address(), size(one.message));
            bytesUnderWay += size(one.message);
            ByteBuffer bytes = dispatcher.cached(one.message.entry());
            if (bytes != null) {
                hot.add(new Loaded(one.message, bytes));
            }
        }
        if (hot.size() == batch.size()) {
            route(hot);
        } else {
            reading = true;
            dispatcher.read(() -> load(batch));
        }
    }

    /// Reader thread. In the order of addresses, so that messages that were published together are read together; they are routed in the order of `batch`.
    private void load(List<Wanted> batch) {
        Integer[] order = new Integer[batch.size()];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparingLong(i -> batch.get(i).message.address()));
        Loaded[] loaded = new Loaded[batch.size()];
        for (int i : order) {
            Wanted one = batch.get(i);
            ByteBuffer bytes = null;
            try {
                bytes = dispatcher.load(one.message.entry(), one.pieces);
            } catch (IOException | RuntimeException e) {
                LOG.error(
                        "exchange '{}' in vhost '{}': a delayed message cannot be read and is put aside; it waits until the node is started again. Run"
                                + " 'mainstay journal verify': {}",
                        view.name(),
                        view.vhost(),
                        e.toString());
            }
            loaded[i] = new Loaded(one.message, bytes);
        }
        dispatcher.submit(
                () -> {
                    reading = false;
                    if (!ended) {
                        route(List.of(loaded));
                        delays.touch(this);
                    }
                });
    }

    private void route(List<Loaded> batch) {
        for (Loaded one : batch) {
            if (one.bytes == null) {
                aside.add(one.message.address());
                forget(one.message.address());
            } else {
                route(one.message, new StoredMessage(one.bytes));
            }
        }
        session.flush();
    }

    private void route(Pending message, StoredMessage stored) {
        MessageProperties properties = properties(stored);
        FieldTable headers = DelayHeader.negated(properties.headers());
        Set<QueueView> targets = targets(stored, headers);
        if (targets.isEmpty()) {
            arrived(message);
            return;
        }
        MessageProperties after = properties.withHeaders(headers);
        session.publish(
                new StoredCopy(
                        stored.exchange(),
                        stored.routingKey(),
                        after.stored(),
                        stored.body(),
                        ttlMs(after),
                        Math.max(0, after.priority()),
                        after.persistent(),
                        0),
                List.copyOf(targets),
                (sequence, outcome) -> published(message, outcome),
                0);
    }

    private Set<QueueView> targets(StoredMessage message, FieldTable headers) {
        Set<QueueView> targets = new LinkedHashSet<>();
        VhostView vhost = dispatcher.topology().vhost(view.vhost());
        ExchangeView exchange = vhost == null ? null : vhost.exchange(view.name());
        if (vhost != null && exchange != null) {
            List<String> keys = new ArrayList<>(List.of(message.routingKey()));
            keys.addAll(Deaths.carbonCopies(headers, "CC"));
            keys.addAll(Deaths.carbonCopies(headers, "BCC"));
            vhost.route(exchange, keys, () -> headers, targets);
        }
        return targets;
    }

    private static MessageProperties properties(StoredMessage message) {
        try {
            return MessageProperties.ofStored(message.storedProperties());
        } catch (FieldTableException e) {
            // Checked when it was published.
            throw new IllegalStateException(e);
        }
    }

    /// Its time to live begins now.
    private static long ttlMs(MessageProperties properties) {
        String expiration = properties.expiration();
        // Checked when it was published.
        return expiration == null ? -1 : Long.parseLong(expiration);
    }

    private void published(Pending message, PublishOutcome outcome) {
        if (ended) {
            return;
        }
        if (outcome == PublishOutcome.FAILED) {
            dispatcher.at(
                    dispatcher.nowMs() + Dispatcher.AGAIN_MS,
                    () -> {
                        forget(message.address());
                        delays.touch(this);
                    });
        } else {
            // A full queue that refuses has had its chance; the others have it.
            arrived(message);
        }
    }

    private void arrived(Pending message) {
        if (doneSize == done.length) {
            done = Arrays.copyOf(done, doneSize * 2);
        }
        done[doneSize++] = message.dueMs();
        done[doneSize++] = message.address();
        delays.touch(this);
    }

    /// Nothing is asked of the log while an earlier one is under way, so what arrives meanwhile goes together.
    private void settle() {
        if (settling || doneSize == 0) {
            return;
        }
        settling = true;
        int size = Math.min(doneSize, QueueCommandCodec.MAX_NUMBERS & ~1);
        long[] keys = Arrays.copyOf(done, size);
        System.arraycopy(done, size, done, 0, doneSize - size);
        doneSize -= size;
        dispatcher.control(
                new QueueCommand.SettleDelayed(view.id(), keys),
                outcome -> dispatcher.submit(() -> settled(keys, outcome)));
    }

    private void settled(long[] keys, Outcome outcome) {
        if (ended) {
            return;
        }
        if (outcome instanceof Outcome.Applied) {
            settling = false;
            for (int i = 1; i < keys.length; i += 2) {
                forget(keys[i]);
            }
            delays.touch(this);
        } else {
            // Nothing is lost by settling twice.
            dispatcher.at(
                    dispatcher.nowMs() + Dispatcher.AGAIN_MS,
                    () ->
                            dispatcher.control(
                                    new QueueCommand.SettleDelayed(view.id(), keys),
                                    again -> dispatcher.submit(() -> settled(keys, again))));
        }
    }

    private void forget(long address) {
        long size = underWay.remove(address);
        bytesUnderWay -= Math.max(0, size);
    }
}
