package io.mainstay.messaging.queue.dispatch;

import io.mainstay.messaging.api.QueueSession.ConsumerSpec;
import io.mainstay.messaging.api.QueueSession.CountOutcome;
import io.mainstay.messaging.api.QueueSession.GetOutcome;
import io.mainstay.messaging.api.QueueSession.Settlement;
import io.mainstay.messaging.api.QueueSession.StreamOffset;
import io.mainstay.messaging.api.QueueSettings;
import io.mainstay.messaging.api.QueueStats;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.api.TopologyOutcome;
import io.mainstay.messaging.api.TopologyOutcome.Reason;
import io.mainstay.messaging.queue.command.QueueCommand;
import io.mainstay.messaging.queue.state.Entry;
import io.mainstay.messaging.queue.state.Lane;
import io.mainstay.messaging.queue.state.QueueState;
import io.mainstay.messaging.queue.state.Refused;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// One stream at its leader: its messages stay for every reader until they are too old or too many. Apply thread only.
///
/// A message's offset is its number in the only lane, so it is the same on every member and after every restart. Readers share nothing but the disk: each has
/// its own place, and an acknowledgement gives room for the next delivery and is not logged.
final class StreamQueue extends LedQueue {

    /// Deliveries in one turn: other queues have theirs.
    private static final int DELIVERIES_PER_TURN = 1_000;

    /// Deliveries to one reader in one turn: other readers have theirs.
    private static final int DELIVERIES_TO_READER = 100;

    /// Reads of one stream that are under way: the threads that do them are there for all queues.
    private static final int MAX_READS = 2;

    /// Body bytes that are read ahead, about, for all readers together; but for each at least, and at most, so many.
    private static final long AHEAD_BYTES = 16 << 20;

    private static final long LEAST_AHEAD_BYTES = 64 << 10;
    private static final long MOST_AHEAD_BYTES = 1 << 20;

    private static final long RETENTION_EVERY_MS = 1_000;

    private @Nullable QueueState state;
    private final Map<Holder, StreamReader> readers = new LinkedHashMap<>();

    /// The readers for which something may be done, in the order in which they are served. The others wait for an acknowledgement, for room at their
    /// connection, for a read or for a message.
    private final ArrayDeque<StreamReader> turns = new ArrayDeque<>();

    private int reads;
    private final ArrayDeque<Runnable> waitingReads = new ArrayDeque<>();
    private long retainedAtMs;
    private long knownTail;
    private long published;
    private long delivered;
    private long acked;

    StreamQueue(Dispatcher dispatcher, QueueView view) {
        super(dispatcher, view);
    }

    @Override
    void opened(QueueState opened) {
        if (state != opened) {
            state = opened;
            readers.values().forEach(this::serve);
        }
    }

    @Override
    void takenOver(QueueState held) {
        super.takenOver(held);
        Lane lane = lane();
        knownTail = lane == null ? 0 : lane.tail();
    }

    @Override
    void applied() {
        Lane lane = lane();
        if (lane != null && lane.tail() > knownTail) {
            readers.values().forEach(this::serve);
            published += lane.tail() - knownTail;
            knownTail = lane.tail();
        }
    }

    /// What it holds; `null` as long as nothing came, and when it has ended.
    @Nullable Lane lane() {
        QueueState held = state;
        return held == null ? null : held.lane(0);
    }

    // --- delivering ------------------------------------------------------------------------------

    @Override
    boolean deliver() {
        Lane lane = lane();
        if (lane == null) {
            return false;
        }
        int left = DELIVERIES_PER_TURN;
        for (int i = turns.size(); i > 0 && left > 0; i--) {
            StreamReader reader = turns.remove();
            reader.inTurns = false;
            int most = Math.min(left, DELIVERIES_TO_READER);
            int given = reader.deliver(lane, most);
            if (given > 0) {
                dispatcher.hasEvents(reader.consumer.outlet);
            }
            if (given == most) {
                serve(reader);
            }
            delivered += given;
            left -= given;
        }
        retain(lane);
        return !turns.isEmpty();
    }

    /// Something may be done for that reader.
    void serve(StreamReader reader) {
        if (!reader.inTurns && readers.containsKey(reader.consumer)) {
            reader.inTurns = true;
            turns.add(reader);
        }
    }

    /// How much is read ahead for one reader.
    long aheadBytes() {
        return Math.clamp(
                AHEAD_BYTES / Math.max(1, readers.size()), LEAST_AHEAD_BYTES, MOST_AHEAD_BYTES);
    }

    /// Runs work on a reader thread when it is its turn; it ends with [#readDone].
    void read(Runnable work) {
        if (reads < MAX_READS) {
            reads++;
            dispatcher.read(work);
        } else {
            waitingReads.add(work);
        }
    }

    void readDone() {
        Runnable next = waitingReads.poll();
        if (next == null) {
            reads--;
        } else {
            dispatcher.read(next);
        }
    }

    // --- retention -------------------------------------------------------------------------------

    /// Lets go what is too old, and what is too much but for the newest message.
    private void retain(Lane lane) {
        if (lane.live() == 0) {
            return;
        }
        QueueSettings settings = view.settings();
        long now = dispatcher.nowMs();
        boolean tooMuch =
                settings.maxBytes() >= 0 && lane.bytes() > settings.maxBytes() && lane.live() > 1;
        long expiresMs =
                settings.maxAgeMs() < 0
                        ? Long.MAX_VALUE
                        : lane.entry(lane.floor()).timeMs() + settings.maxAgeMs();
        long dueMs = tooMuch ? now : expiresMs;
        if (dueMs == Long.MAX_VALUE) {
            return;
        }
        dueMs = Math.max(dueMs, retainedAtMs + RETENTION_EVERY_MS);
        if (dueMs > now) {
            dispatcher.wake(this, dueMs);
            return;
        }
        long upTo = lane.floor();
        if (tooMuch) {
            upTo = Math.min(lane.firstWithin(settings.maxBytes()), lane.tail() - 1);
        }
        if (expiresMs <= now) {
            upTo = Math.max(upTo, lane.firstSince(now - settings.maxAgeMs() + 1));
        }
        retainedAtMs = now;
        dispatcher.log(new QueueCommand.Truncate(view.id(), upTo));
        dispatcher.wake(this, now + RETENTION_EVERY_MS);
    }

    /// The turn that follows looks at what is to go.
    @Override
    void woken() {}

    // --- what clients ask ------------------------------------------------------------------------

    /// A stream does not expire.
    @Override
    void used() {}

    /// A stream takes everything.
    @Override
    void refused(Refused message) {}

    /// Nobody has it for himself.
    @Override
    TopologyOutcome.@Nullable Refused refusal(ConsumerSpec consumer) {
        return null;
    }

    @Override
    void add(Consuming consumer) {
        StreamReader reader =
                new StreamReader(dispatcher, this, consumer, begin(consumer.spec.offset()));
        readers.put(consumer, reader);
        serve(reader);
        know(consumer.outlet);
        consumer.subscribed();
        dispatcher.hasEvents(consumer.outlet);
    }

    /// A time to come means what comes next; an offset that is not there yet is waited for.
    private long begin(StreamOffset offset) {
        Lane lane = lane();
        if (lane == null) {
            return offset instanceof StreamOffset.At(long number) ? Math.max(0, number) : 0;
        }
        return switch (offset) {
            case StreamOffset.First _ -> lane.floor();
            case StreamOffset.Last _ -> Math.max(lane.floor(), lane.tail() - 1);
            case StreamOffset.Next _ -> lane.tail();
            case StreamOffset.At(long number) -> Math.max(number, lane.floor());
            case StreamOffset.Since(long timeMs) -> lane.firstSince(timeMs);
        };
    }

    @Override
    boolean remove(Consuming consumer, Runnable gone) {
        StreamReader reader = readers.remove(consumer);
        if (reader != null) {
            turns.remove(reader);
        }
        return true;
    }

    @Override
    void windowOpened(Consuming consumer) {
        StreamReader reader = readers.get(consumer);
        if (reader != null) {
            serve(reader);
        }
    }

    @Override
    void get(Getting getting, boolean autoAck, Consumer<GetOutcome> done) {
        GetOutcome refused =
                new GetOutcome.Failed(
                        Reason.PRECONDITION_FAILED,
                        "basic.get not supported by stream queues " + shown());
        getting.outlet.add(() -> done.accept(refused));
        dispatcher.hasEvents(getting.outlet);
    }

    /// However it ends, the delivery makes room for the next one.
    @Override
    void settle(Holder holder, long first, long last, Settlement settlement) {
        StreamReader reader = readers.get(holder);
        if (reader != null) {
            acked += reader.settle(first, last);
            serve(reader);
        }
    }

    @Override
    void settle(Outlet outlet, long sequence, Settlement settlement) {
        for (StreamReader reader : readers.values()) {
            if (reader.consumer.outlet == outlet && reader.settle(sequence, sequence) > 0) {
                acked++;
                serve(reader);
                return;
            }
        }
    }

    @Override
    boolean logsAcks() {
        return false;
    }

    @Override
    boolean takeInHand(Outlet outlet, long sequence) {
        return false;
    }

    @Override
    void giveInHandBack(long sequence) {}

    /// The oldest.
    @Override
    List<Peek.Upcoming> peek(int max, long maxBytes) {
        List<Peek.Upcoming> oldest = new ArrayList<>();
        Lane lane = lane();
        long bytes = 0;
        for (long number = lane == null ? 0 : lane.floor();
                lane != null && number < lane.tail() && oldest.size() < max && bytes < maxBytes;
                number++) {
            Entry entry = lane.entry(number);
            bytes += entry.bodyBytes();
            oldest.add(new Peek.Upcoming(number, false, 0, entry));
        }
        return oldest;
    }

    @Override
    CountOutcome purge() {
        return new CountOutcome.Refused(
                Reason.PRECONDITION_FAILED,
                "queue.purge not supported by stream queues " + shown());
    }

    /// A stream is deleted whoever reads and whatever it holds.
    @Override
    String objection(boolean ifUnused, boolean ifEmpty) {
        return "";
    }

    @Override
    void close(Outlet outlet, Countdown left) {
        for (StreamReader reader : List.copyOf(readers.values())) {
            if (reader.consumer.outlet == outlet) {
                remove(reader.consumer, () -> {});
            }
        }
    }

    @Override
    void end(TopologyOutcome.Refused why) {
        for (StreamReader reader : readers.values()) {
            reader.consumer.cancelled(why.message());
            dispatcher.hasEvents(reader.consumer.outlet);
        }
        turns.clear();
        readers.clear();
        waitingReads.clear();
        state = null;
        forgetSessions();
    }

    @Override
    QueueStats stats() {
        Lane lane = lane();
        QueueState held = state;
        return new QueueStats(
                lane == null ? 0 : lane.live(),
                0,
                lane == null ? 0 : lane.bytes(),
                readers.size(),
                lane == null ? 0 : lane.tail(),
                published,
                delivered,
                acked,
                0,
                held == null ? 0 : duplicates(held));
    }
}
