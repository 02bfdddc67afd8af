package io.mainstay.messaging.queue.dispatch;

import io.mainstay.common.Check;
import io.mainstay.messaging.api.Delivery;
import io.mainstay.messaging.api.QueueSession.ConsumerSpec;
import io.mainstay.messaging.api.QueueSession.CountOutcome;
import io.mainstay.messaging.api.QueueSession.GetOutcome;
import io.mainstay.messaging.api.QueueSession.Settlement;
import io.mainstay.messaging.api.QueueSettings;
import io.mainstay.messaging.api.QueueStats;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.api.TopologyOutcome;
import io.mainstay.messaging.api.TopologyOutcome.Reason;
import io.mainstay.messaging.message.StoredMessage;
import io.mainstay.messaging.queue.command.QueueCommand;
import io.mainstay.messaging.queue.command.Sequences;
import io.mainstay.messaging.queue.state.Entry;
import io.mainstay.messaging.queue.state.QueueState;
import io.mainstay.messaging.queue.state.Refused;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// One queue at its leader: who consumes, what is ready, what is in hand. Apply thread only.
///
/// A message is ready, or in hand of a holder, or dying (on its way to a dead letter exchange), or settled; it is settled here at once and in the log a
/// moment later.
final class LeaderQueue extends LedQueue {

    /// Deliveries in one turn: other queues have theirs.
    private static final int DELIVERIES_PER_TURN = 1_000;

    /// Messages that go for their age or number in one turn: other queues have theirs.
    static final int GONE_PER_TURN = 4_096;

    /// A reservation reaches so far ahead, and is renewed when half is used.
    private static final long RESERVE_AHEAD = 8_192;

    private static final long DELETE_AGAIN_MS = 1_000;

    private @Nullable QueueState state;
    private @Nullable ReadyMessages ready;
    private final Consumers consumers = new Consumers();
    private final InHand inHand;

    /// How often messages came back that did so under this leader.
    private final Map<Long, Integer> notedReturns = new java.util.HashMap<>();

    private final Bodies bodies;

    /// See [#entry].
    private @Nullable Entry asked;

    private long askedSequence;
    private final BooleanSupplier wanted = this::isWantedNow;

    /// What cannot be read.
    private final Set<Long> aside = new LinkedHashSet<>();

    private final ArrayDeque<Waiting> gets = new ArrayDeque<>();
    private final DeadLetters dead;
    private final Expiry expiry;
    private final FallingBehind fallingBehind = new FallingBehind();

    /// Reservations that were asked for and are not applied yet, by lane.
    private final Map<Integer, Long> reserving = new java.util.HashMap<>();

    private boolean hadConsumer;
    private boolean deletingItself;
    private boolean hadState;
    private final long ledSinceMs;
    private long published;
    private long delivered;
    private long acked;
    private long redelivered;

    private record Waiting(Getting getting, boolean autoAck, Consumer<GetOutcome> done) {}

    LeaderQueue(Dispatcher dispatcher, QueueView view) {
        super(dispatcher, view);
        this.inHand = new InHand(dispatcher, this);
        this.bodies = new Bodies(dispatcher, this);
        this.dead = new DeadLetters(dispatcher, this);
        this.ledSinceMs = dispatcher.nowMs();
        this.expiry = new Expiry(dispatcher, this);
    }

    @Override
    void opened(QueueState opened) {
        if (state != opened) {
            state = opened;
            hadState = true;
            ready = new ReadyMessages(opened, ledSinceMs);
            asked = null;
        }
    }

    @Override
    void takenOver(QueueState held) {
        super.takenOver(held);
        if (ready != null) {
            ready.takenOver();
        }
    }

    @Override
    void applied() {
        ReadyMessages messages = ready;
        if (messages != null) {
            published += messages.refresh();
            // Who waits for a message gets it, however few the queue may keep.
            if (consumers.isEmpty() && gets.isEmpty()) {
                dropSurplus(messages);
            }
        }
    }

    @Override
    void changed() {
        used();
        if (ready != null) {
            dropSurplus(ready);
        }
    }

    /// Lets the oldest messages go that are too many, [#GONE_PER_TURN] at most.
    ///
    /// @return whether there are more of them: the next turn goes on
    private boolean dropSurplus(ReadyMessages messages) {
        QueueSettings settings = view.settings();
        if (settings.overflow() != QueueSettings.Overflow.DROP_HEAD) {
            return false;
        }
        int left = GONE_PER_TURN;
        while (settings.maxLength() >= 0 && messages.count() > settings.maxLength()
                || settings.maxBytes() >= 0 && messages.bytes() > settings.maxBytes()) {
            long sequence = messages.oldest();
            if (sequence == ReadyMessages.NONE || dead.isFull()) {
                // The dead letters under way call again.
                return false;
            }
            if (left-- == 0) {
                return true;
            }
            messages.take(sequence);
            die(sequence, DeadReason.MAX_LENGTH);
        }
        return false;
    }

    @Override
    void refused(Refused message) {
        if (view.settings().overflow() == QueueSettings.Overflow.REJECT_PUBLISH_DLX
                && view.settings().deadLetterExchange() != null
                && !ended()) {
            dead.add(message);
        }
    }

    private void die(long sequence, DeadReason reason) {
        if (ended()) {
            return;
        }
        notedReturns.remove(sequence);
        bodies.forget(sequence);
        if (view.settings().deadLetterExchange() == null) {
            settles.add(sequence);
            dispatcher.settleNow();
        } else {
            dead.add(sequence, reason);
        }
    }

    /// The message cannot be read: it stays until the queue is purged.
    void putAside(long sequence) {
        aside.add(sequence);
    }

    /// Remembered until another one is asked for: each turn asks for the first, and a queue that lags behind may not have it in the heap.
    Entry entry(long sequence) {
        Entry entry = asked;
        if (entry == null || sequence != askedSequence) {
            entry =
                    Check.present(state, "queue %d", view.id())
                            .laneOf(sequence)
                            .entry(Sequences.number(sequence));
            asked = entry;
            askedSequence = sequence;
        }
        return entry;
    }

    List<Long> upcoming(int max, long maxBytes) {
        return ready == null ? List.of() : ready.upcoming(max, maxBytes);
    }

    @Override
    List<Peek.Upcoming> peek(int max, long maxBytes) {
        ReadyMessages messages = ready;
        if (messages == null) {
            return List.of();
        }
        return messages.upcoming(max, maxBytes).stream()
                .map(
                        sequence ->
                                new Peek.Upcoming(
                                        sequence,
                                        messages.redelivered(sequence),
                                        returns(sequence),
                                        entry(sequence)))
                .toList();
    }

    // --- delivering ------------------------------------------------------------------------------

    @Override
    boolean deliver() {
        ReadyMessages messages = ready;
        if (messages == null) {
            answerAll(new GetOutcome.Empty());
            return false;
        }
        int left = DELIVERIES_PER_TURN;
        // Where nobody has room, nothing is looked at or read: such a queue takes no heap.
        boolean room = messages.count() == 0 || isWantedNow();
        while (left > 0 && room && (!gets.isEmpty() || !consumers.isEmpty())) {
            long sequence = messages.peek();
            if (sequence == ReadyMessages.NONE) {
                answerAll(new GetOutcome.Empty());
                break;
            }
            if (bodies.takeUnreadable(sequence)) {
                // It stays in the queue and is not delivered by this leader.
                messages.take(sequence);
                aside.add(sequence);
                continue;
            }
            Entry entry = entry(sequence);
            // A new message is offered once, however short it may live: who waits for it gets it.
            if (messages.offered(sequence) && expiry.expired(entry)) {
                if (!expire(messages, sequence)) {
                    break;
                }
                left--;
                continue;
            }
            ByteBuffer body = reserve(sequence) ? bodies.of(sequence, entry, wanted) : null;
            if (body == null && !isWantedNow()) {
                break;
            }
            if (body == null) {
                holdPublishers(messages);
                // Goes on in a moment: what waits for that has not expired for want of a consumer.
                return false;
            }
            if (!give(messages, sequence, entry, body)) {
                break;
            }
            bodies.forget(sequence);
            left--;
        }
        boolean more = left == 0;
        if (left > 0) {
            messages.offeredAll();
            more = dropSurplus(messages);
        }
        more |= expiry.expireHeads(messages);
        holdPublishers(messages);
        return more;
    }

    /// Whether somebody would take a message now. Consumers who have no room make the queue's turn when they have some.
    private boolean isWantedNow() {
        return !gets.isEmpty() || consumers.hasRoom(view.settings().singleActiveConsumer());
    }

    private void holdPublishers(ReadyMessages messages) {
        boolean falling =
                fallingBehind.update(dispatcher.monotonicMs(), messages.count(), acked)
                        && !consumers.isEmpty();
        dispatcher.flowing().set(view.id(), falling);
    }

    private void answerAll(GetOutcome outcome) {
        for (Waiting get : gets) {
            get.getting.outlet.add(() -> get.done.accept(outcome));
            // It may have waited for a read, since turns ago.
            dispatcher.hasEvents(get.getting.outlet);
        }
        gets.clear();
    }

    private boolean give(ReadyMessages messages, long sequence, Entry entry, ByteBuffer body) {
        boolean again = messages.redelivered(sequence);
        int returns = returns(sequence);
        // Consumers first: had the message come before the question, one of them would have it.
        Consuming consumer =
                consumers.takeRoom(entry.bodyBytes(), view.settings().singleActiveConsumer());
        if (consumer != null) {
            messages.take(sequence);
            hold(consumer, sequence, consumer.spec.autoAck(), again);
            consumer.deliver(new Delivery(sequence, again, returns, new StoredMessage(body)));
            dispatcher.hasEvents(consumer.outlet);
            return true;
        }
        Waiting get = gets.poll();
        if (get == null) {
            return false;
        }
        messages.take(sequence);
        Delivery delivery = new Delivery(sequence, again, returns, new StoredMessage(body));
        hold(get.getting, sequence, get.autoAck, again);
        if (view.type() == QueueView.Type.CLASSIC) {
            // As in RabbitMQ, whose quorum queues count what has expired and is still there.
            expiry.expireHeads(messages);
        }
        long left = messages.count();
        get.getting.outlet.add(() -> get.done.accept(new GetOutcome.Got(delivery, left)));
        return true;
    }

    private void hold(Holder holder, long sequence, boolean autoAck, boolean again) {
        delivered++;
        redelivered += again ? 1 : 0;
        if (autoAck) {
            acked++;
            notedReturns.remove(sequence);
            settles.add(sequence);
        } else {
            inHand.add(sequence, holder);
        }
        dispatcher.hasEvents(holder.outlet);
    }

    /// Whether the message may be delivered: a later leader will know that it may have been. Asks for more in time.
    private boolean reserve(long sequence) {
        int lane = Sequences.lane(sequence);
        long number = Sequences.number(sequence);
        long reserved = Check.present(state, "queue").laneOf(sequence).reserved();
        if (number + RESERVE_AHEAD / 2 >= reserved
                && reserving.getOrDefault(lane, 0L) <= number + RESERVE_AHEAD / 2) {
            long upTo = number + RESERVE_AHEAD;
            reserving.put(lane, upTo);
            dispatcher.log(new QueueCommand.Reserve(view.id(), Sequences.of(lane, upTo)));
        }
        return number < reserved;
    }

    // --- time ------------------------------------------------------------------------------------

    /// The message goes for its age, unless too many dead letters are under way.
    boolean expire(ReadyMessages messages, long sequence) {
        if (dead.isFull()) {
            return false;
        }
        messages.take(sequence);
        die(sequence, DeadReason.EXPIRED);
        return true;
    }

    @Override
    void woken() {
        inHand.timeOut();
        if (consumers.isEmpty() && !ended()) {
            expiry.deleteUnused();
        }
    }

    private boolean hasLostItsConsumers() {
        return view.autoDelete() && consumers.isEmpty();
    }

    void deleteUnused() {
        deleteItself(() -> consumers.isEmpty() && expiry.isUnused(), () -> {});
    }

    /// The topology may take no changes for a moment: then it tries again, as long as `due` says so.
    ///
    /// @param tried runs, on any thread, after the first time
    /// @return false if it is under way already: then `tried` does not run
    private boolean deleteItself(BooleanSupplier due, Runnable tried) {
        if (deletingItself) {
            return false;
        }
        deletingItself = true;
        dispatcher.deleteQueue(
                view,
                () -> {
                    tried.run();
                    dispatcher.at(
                            dispatcher.nowMs() + DELETE_AGAIN_MS,
                            () -> {
                                deletingItself = false;
                                if (dispatcher.leads(this) && due.getAsBoolean()) {
                                    deleteItself(due, () -> {});
                                }
                            });
                },
                tried);
        return true;
    }

    @Override
    void used() {
        expiry.used();
    }

    // --- what clients ask ------------------------------------------------------------------------

    @Override
    TopologyOutcome.@Nullable Refused refusal(ConsumerSpec consumer) {
        boolean refused =
                view.settings().singleActiveConsumer()
                        // RabbitMQ's quorum queues do not look at it, and one is served alone
                        // anyway.
                        ? consumer.exclusive() && view.type() != QueueView.Type.QUORUM
                        : consumers.anyExclusive()
                                || (consumer.exclusive() && !consumers.isEmpty());
        return refused
                ? new TopologyOutcome.Refused(Reason.ACCESS_REFUSED, shown() + " in exclusive use")
                : null;
    }

    @Override
    void add(Consuming consumer) {
        used();
        consumers.add(consumer);
        hadConsumer = true;
        know(consumer.outlet);
        consumer.subscribed();
        dispatcher.hasEvents(consumer.outlet);
    }

    @Override
    boolean remove(Consuming consumer, Runnable gone) {
        boolean removed = consumers.remove(consumer);
        if (removed) {
            used();
        }
        boolean goes = removed && consumers.isEmpty() && hadConsumer && view.autoDelete();
        return !goes || !deleteItself(this::hasLostItsConsumers, gone);
    }

    @Override
    void windowOpened(Consuming consumer) {
        consumers.roomAgain(consumer);
    }

    @Override
    void get(Getting getting, boolean autoAck, Consumer<GetOutcome> done) {
        used();
        know(getting.outlet);
        gets.add(new Waiting(getting, autoAck, done));
        dispatcher.hasEvents(getting.outlet);
    }

    @Override
    void settle(Holder holder, long first, long last, Settlement settlement) {
        // Unsigned: between lanes the difference may be more than a signed number holds.
        if (Long.compareUnsigned(last - first, inHand.size()) > 0) {
            inHand.between(first, last)
                    .forEach(sequence -> settleOne(holder, sequence, settlement));
        } else {
            for (long sequence = first; sequence <= last; sequence++) {
                settleOne(holder, sequence, settlement);
            }
        }
    }

    @Override
    boolean logsAcks() {
        return true;
    }

    @Override
    boolean takeInHand(Outlet outlet, long sequence) {
        Holder holder = inHand.holderOf(sequence);
        if (holder == null || holder.outlet != outlet) {
            return false;
        }
        letGo(sequence, holder);
        acked++;
        notedReturns.remove(sequence);
        return true;
    }

    @Override
    void giveInHandBack(long sequence) {
        comeBack(sequence);
    }

    @Override
    void settle(Outlet outlet, long sequence, Settlement settlement) {
        Holder holder = inHand.holderOf(sequence);
        if (holder != null && holder.outlet == outlet) {
            settleOne(holder, sequence, settlement);
        }
    }

    private void settleOne(Holder holder, long sequence, Settlement settlement) {
        if (inHand.holderOf(sequence) != holder || !holder.knows(sequence)) {
            return;
        }
        letGo(sequence, holder);
        switch (settlement) {
            case ACK -> {
                acked++;
                notedReturns.remove(sequence);
                settles.add(sequence);
            }
            case REQUEUE -> comeBack(sequence);
            case REJECT -> die(sequence, DeadReason.REJECTED);
        }
    }

    private void letGo(long sequence, Holder holder) {
        inHand.remove(sequence);
        if (holder instanceof Consuming consumer) {
            consumers.roomAgain(consumer);
        }
    }

    private void comeBack(long sequence) {
        if (ended()) {
            return;
        }
        ReadyMessages messages = Check.present(ready, "queue");
        messages.giveBack(sequence);
        long limit = view.settings().deliveryLimit();
        if (view.type() == QueueView.Type.QUORUM) {
            dispatcher.log(new QueueCommand.Return(view.id(), new long[] {sequence}));
            int returns = returns(sequence) + 1;
            notedReturns.put(sequence, returns);
            if (limit >= 0 && returns > limit) {
                messages.take(sequence);
                die(sequence, DeadReason.DELIVERY_LIMIT);
            }
        }
        dropSurplus(messages);
    }

    /// How often it came back, with what is not in the log yet.
    int returns(long sequence) {
        Integer noted = notedReturns.get(sequence);
        return noted != null
                ? noted
                : Check.present(state, "queue")
                        .laneOf(sequence)
                        .returns(Sequences.number(sequence));
    }

    @Override
    void close(Outlet outlet, Countdown left) {
        gets.removeIf(get -> get.getting.outlet == outlet);
        for (long sequence : inHand.of(outlet)) {
            inHand.remove(sequence);
            comeBack(sequence);
        }
        consumers.copy().stream()
                .filter(consumer -> consumer.outlet == outlet)
                .forEach(consumer -> end(consumer, left.oneMore()));
    }

    private void end(Consuming consumer, Runnable done) {
        if (remove(consumer, done)) {
            done.run();
        }
    }

    @Override
    void end(TopologyOutcome.Refused why) {
        for (Consuming consumer : consumers.copy()) {
            consumers.remove(consumer);
            consumer.cancelled(why.message());
            dispatcher.hasEvents(consumer.outlet);
        }
        answerAll(new GetOutcome.Failed(why.reason(), why.message()));
        dispatcher.flowing().set(view.id(), false);
        // Timers, readers and sessions may still know it: there is nothing left for them.
        inHand.clear();
        aside.clear();
        bodies.end();
        ready = null;
        state = null;
        asked = null;
        forgetSessions();
    }

    boolean ended() {
        return state == null && hadState;
    }

    @Override
    CountOutcome purge() {
        ReadyMessages messages = ready;
        if (messages == null) {
            return new CountOutcome.Done(0);
        }
        long count = messages.count();
        for (long sequence = messages.peek();
                sequence != ReadyMessages.NONE;
                sequence = messages.peek()) {
            messages.take(sequence);
            notedReturns.remove(sequence);
            settles.add(sequence);
        }
        bodies.forgetAll();
        count += aside.size();
        aside.forEach(settles::add);
        aside.clear();
        dispatcher.settleNow();
        return new CountOutcome.Done(count);
    }

    @Override
    String objection(boolean ifUnused, boolean ifEmpty) {
        if (ifUnused && !consumers.isEmpty()) {
            return "in use";
        }
        return ifEmpty && ready != null && ready.count() > 0 ? "not empty" : "";
    }

    /// Whether the message is there and not settled.
    boolean holds(long sequence) {
        QueueState held = state;
        long number = Sequences.number(sequence);
        return held != null
                && held.lane(Sequences.lane(sequence)) != null
                && number < held.laneOf(sequence).tail()
                && held.laneOf(sequence).nextLive(number) == number;
    }

    /// Its dead letter is stored; it is done with.
    void buried(long sequence) {
        settles.add(sequence);
        // After a crash before that the dead letter would be there twice.
        dispatcher.settleNow();
    }

    @Override
    QueueStats stats() {
        ReadyMessages messages = ready;
        QueueState held = state;
        if (messages == null || held == null) {
            return new QueueStats(0, 0, 0, consumers.size(), 0, 0, 0, 0, 0, 0);
        }
        return new QueueStats(
                messages.count(),
                inHand.size(),
                held.bytes(),
                consumers.size(),
                0,
                published,
                delivered,
                acked,
                redelivered,
                duplicates(held));
    }
}
