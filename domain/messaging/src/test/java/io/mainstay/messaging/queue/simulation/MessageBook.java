package io.mainstay.messaging.queue.simulation;

import static io.mainstay.kernel.group.SimHost.require;

import io.mainstay.kernel.group.SimHost;
import io.mainstay.messaging.api.Delivery;
import io.mainstay.messaging.api.QueueSession.PublishOutcome;
import io.mainstay.messaging.api.QueueView;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/// What clients sent, were told and got, of all nodes and lives; and what must hold of it.
///
/// - A body is the one that was sent, in a queue that it was sent to.
/// - What was confirmed is delivered in the end.
/// - What was refused never is.
/// - A number in a queue is one message for ever; who gets it a second time is told so.
/// - Messages that are not marked come in the order in which they were published.
/// - What is delayed does not come too early.
/// - What was purged does not come again.
/// - What was acknowledged does not come again while the same node leads, and never if a transaction said that it is durable.
final class MessageBook {

    /// What happened, for the report.
    static final class Counts {
        long sent;
        long confirmed;
        long rejected;
        long failed;
        long delivered;
        long redelivered;
        long again;
        long acked;
        long requeued;
        long dead;
        long afterDelay;
        long commits;
        long large;
        long led;
        long numbered;
        long streamed;
        long truncated;
        long timedOut;
        long handOvers;
        long declared;
        long deleted;
        long left;
        long purged;

        @Override
        public String toString() {
            return "%,d messages sent: %,d confirmed, %,d refused, %,d failed; %,d deliveries: %,d marked, %,d for another time, %,d of the dead, %,d after a delay, %,d large, %,d numbered by their publishers; %,d acknowledged, %,d returned, %,d transactions; %,d times a group was led anew; %,d offsets of streams read, %,d let go; %,d deliveries timed out; %,d hand-overs to a next consumer; %,d queues declared, %,d deleted, %,d went by themselves; %,d messages purged"
                    .formatted(
                            sent,
                            confirmed,
                            rejected,
                            failed,
                            delivered,
                            redelivered,
                            again,
                            dead,
                            afterDelay,
                            large,
                            numbered,
                            acked,
                            requeued,
                            commits,
                            led,
                            streamed,
                            truncated,
                            timedOut,
                            handOvers,
                            declared,
                            deleted,
                            left,
                            purged);
        }

        void add(Counts other) {
            sent += other.sent;
            confirmed += other.confirmed;
            rejected += other.rejected;
            failed += other.failed;
            delivered += other.delivered;
            redelivered += other.redelivered;
            again += other.again;
            acked += other.acked;
            requeued += other.requeued;
            dead += other.dead;
            afterDelay += other.afterDelay;
            commits += other.commits;
            large += other.large;
            led += other.led;
            numbered += other.numbered;
            streamed += other.streamed;
            truncated += other.truncated;
            timedOut += other.timedOut;
            handOvers += other.handOvers;
            declared += other.declared;
            deleted += other.deleted;
            left += other.left;
            purged += other.purged;
        }
    }

    final Counts counts = new Counts();
    private final SimTopology topology;
    private final QueueContents contents;

    private final Map<Long, SentMessage> sent = new HashMap<>();
    private final Map<Long, PublishOutcome> answers = new LinkedHashMap<>();
    private final Map<Long, Long> sentNanos = new HashMap<>();

    /// By queue: ids of messages that were delivered from it.
    private final Map<Long, Set<Long>> deliveredFrom = new HashMap<>();

    private final Set<Long> delivered = new HashSet<>();

    /// By queue: messages up to that id may have been purged.
    private final Map<Long, Long> purgedUpTo = new HashMap<>();

    private final Map<Long, List<Purge>> purges = new HashMap<>();
    private final Map<Place, Seen> places = new HashMap<>();

    /// Numbers of messages whose publishers number them, by queue and id.
    private final Map<Place, Long> numbered = new HashMap<>();

    /// By reader, publisher and queue: the last message that was not marked.
    private final Map<Order, Long> lastInOrder = new HashMap<>();

    /// By group: commands by address.
    private final Map<Integer, TreeMap<Long, byte[]>> commands = new HashMap<>();

    private long nextId = 1;

    /// What a leader has purged: everything that was ready below `tail`.
    private record Purge(int node, int term, long tail, long nanos) {}

    /// A number in a queue.
    private record Place(long queue, long sequence) {}

    private record Order(long reader, long publisher, long queue, int lane) {}

    private static final class Seen {
        final long id;
        boolean durablyGone;

        /// Who led when it was acknowledged, or -1.
        int ackedAtNode = -1;

        int ackedInTerm;

        /// Where it was delivered last.
        String last;

        long lastNanos;
        int lastTerm;

        Seen(long id, String last, long lastNanos, int lastTerm) {
            this.id = id;
            this.last = last;
            this.lastNanos = lastNanos;
            this.lastTerm = lastTerm;
        }
    }

    /// @param alone see [QueueContents]
    MessageBook(SimTopology topology, boolean alone) {
        this.topology = topology;
        this.contents = new QueueContents(topology, this, alone);
    }

    QueueContents contents() {
        return contents;
    }

    /// Letters of the dead and what was delayed may be in a queue twice: a leader ended in between.
    boolean mayComeTwice(long id, long queue) {
        return topology.kindOf(queue) == SimTopology.Kind.DEAD
                || Objects.requireNonNull(sent.get(id)).delayMs() > 0;
    }

    /// Where it was sent to, but for queues that are gone.
    private List<Long> targets(SentMessage message) {
        return message.queues().stream()
                .filter(
                        queue ->
                                topology.kindOf(queue) != SimTopology.Kind.DEAD
                                        && !topology.isGone(queue))
                .toList();
    }

    long newId() {
        return nextId++;
    }

    void sent(SentMessage message, long nanos) {
        counts.sent++;
        sentNanos.put(message.id(), nanos);
        sent.put(message.id(), message);
    }

    void answered(long id, PublishOutcome outcome) {
        PublishOutcome before = answers.put(id, outcome);
        require(before == null, "message %d was answered twice: %s and %s", id, before, outcome);
        switch (outcome) {
            case CONFIRMED -> {
                counts.confirmed++;
                SentMessage message = Objects.requireNonNull(sent.get(id));
                if (message.delayMs() == 0) {
                    for (long queue : targets(message)) {
                        require(
                                contents.holds(queue, id),
                                "message %d is confirmed, and queue %d did not take it",
                                id,
                                queue);
                    }
                }
            }
            case REJECTED -> {
                counts.rejected++;
                require(!delivered.contains(id), "message %d was delivered and is refused", id);
            }
            case FAILED -> counts.failed++;
        }
    }

    /// @param reader differs from session to session
    SentMessage delivered(SimHost host, long reader, QueueView queue, Delivery delivery) {
        ByteBuffer body = delivery.message().body();
        String place = "%s, number %d".formatted(queue.name(), delivery.sequence());
        require(body.remaining() >= Long.BYTES, "%s: a body of %d bytes", place, body.remaining());
        long id = body.getLong(body.position());
        SentMessage message = sent.get(id);
        require(message != null, "%s: nobody sent message %d", place, id);
        Objects.requireNonNull(message);
        require(
                body.equals(ByteBuffer.wrap(message.body())),
                "%s: the body of message %d is not what was sent",
                place,
                id);
        require(
                message.queues().contains(queue.id()),
                "%s: message %d was not sent there",
                place,
                id);
        require(
                answers.get(id) != PublishOutcome.REJECTED,
                "%s: message %d was refused",
                place,
                id);
        Long there = contents.at(queue.id(), delivery.sequence());
        require(
                there != null && there == id,
                "%s is message %d and members have put %s there",
                place,
                id,
                there);
        require(
                topology.kindOf(queue.id()) == SimTopology.Kind.DEAD
                        || host.nanos() - Objects.requireNonNull(sentNanos.get(id))
                                >= (message.delayMs() - SimTopology.CLOCKS_MS) * 1_000_000,
                "%s: message %d comes too early",
                place,
                id);
        if (!topology.isStream(queue.id())) {
            seen(host, queue, delivery, id, place);
        }
        if (!delivery.redelivered()) {
            inOrder(reader, message, queue, delivery, place);
        }
        delivered.add(id);
        deliveredFrom.computeIfAbsent(queue.id(), q -> new HashSet<>()).add(id);
        count(message, queue, delivery);
        return message;
    }

    private void seen(SimHost host, QueueView queue, Delivery delivery, long id, String place) {
        String where =
                "node %d in term %d at %d ms%s"
                        .formatted(
                                host.node(),
                                host.leadingTerm(queue.group()),
                                host.nanos() / 1_000_000,
                                delivery.redelivered() ? ", marked" : "");
        int term = host.leadingTerm(queue.group());
        Seen fresh = new Seen(id, where, host.nanos(), term);
        Seen before = places.putIfAbsent(new Place(queue.id(), delivery.sequence()), fresh);
        once(queue, delivery, id, place);
        if (!delivery.redelivered()) {
            notPurged(host, queue, delivery, place);
        }
        if (before == null) {
            return;
        }
        counts.again++;
        require(before.id == id, "%s was message %d and is message %d", place, before.id, id);
        // One that left before its leadership ended may arrive behind the next one's; and who does
        // not know yet that another leads goes on for a moment.
        require(
                delivery.redelivered()
                        || term < before.lastTerm
                        || host.nanos() - before.lastNanos < SimBroker.LONGEST_TURN_NANOS,
                "%s: message %d comes again unmarked, from %s; before from %s",
                place,
                id,
                where,
                before.last);
        before.last = where;
        before.lastNanos = host.nanos();
        before.lastTerm = term;
        require(!before.durablyGone, "%s: message %d was settled by a commit", place, id);
        require(
                before.ackedAtNode != host.node()
                        || before.ackedInTerm != host.leadingTerm(queue.group()),
                "%s: message %d was acknowledged and comes again",
                place,
                id);
        before.ackedAtNode = -1;
    }

    private void notPurged(SimHost host, QueueView queue, Delivery delivery, String place) {
        for (Purge purge : purges.getOrDefault(queue.id(), List.of())) {
            require(
                    purge.node != host.node()
                            || purge.term != host.leadingTerm(queue.group())
                            || delivery.sequence() >= purge.tail
                            || host.nanos() - purge.nanos < ConsumerBook.ON_THE_WAY_NANOS,
                    "%s was purged and comes",
                    place);
        }
    }

    /// What was sent so far may be gone: somebody purges the queue.
    void mayBePurged(QueueView queue) {
        purgedUpTo.put(queue.id(), nextId - 1);
    }

    /// @param term that the host led when the purge was asked for
    /// @param tail of the queue at that moment
    void purged(SimHost host, int term, QueueView queue, long tail, long messages) {
        mayBePurged(queue);
        counts.purged += messages;
        if (term >= 0 && term == host.leadingTerm(queue.group())) {
            purges.computeIfAbsent(queue.id(), q -> new ArrayList<>())
                    .add(new Purge(host.node(), term, tail, host.nanos()));
        }
    }

    /// A queue has a message once whose publisher numbers it; letters of the dead may be there twice.
    private void once(QueueView queue, Delivery delivery, long id, String place) {
        SentMessage message = Objects.requireNonNull(sent.get(id));
        if (message.publishId() != null && topology.kindOf(queue.id()) != SimTopology.Kind.DEAD) {
            Long before = numbered.putIfAbsent(new Place(queue.id(), id), delivery.sequence());
            counts.numbered += before == null ? 1 : 0;
            require(
                    before == null || before == delivery.sequence(),
                    "%s: message %d of a publisher that numbers them is number %d, too",
                    place,
                    id,
                    before);
        }
    }

    /// Dead letters and delayed messages take their own time, and are published by the broker.
    private void inOrder(
            long reader, SentMessage message, QueueView queue, Delivery delivery, String place) {
        if (topology.kindOf(queue.id()) == SimTopology.Kind.DEAD || message.delayMs() > 0) {
            return;
        }
        Order order =
                new Order(
                        reader,
                        message.publisher(),
                        queue.id(),
                        (int) (delivery.sequence() >>> 56));
        Long last = lastInOrder.put(order, message.id());
        require(
                last == null || last < message.id(),
                "%s: message %d comes after %s of the same publisher",
                place,
                message.id(),
                last);
    }

    private void count(SentMessage message, QueueView queue, Delivery delivery) {
        counts.delivered++;
        counts.streamed += topology.isStream(queue.id()) ? 1 : 0;
        counts.redelivered += delivery.redelivered() ? 1 : 0;
        counts.dead += topology.kindOf(queue.id()) == SimTopology.Kind.DEAD ? 1 : 0;
        counts.afterDelay += message.delayMs() > 0 ? 1 : 0;
        counts.large += message.size() >= QueueClients.LARGE_BYTES ? 1 : 0;
    }

    /// A delivery is acknowledged.
    ///
    /// @param term that the host led when it delivered, or -1: whoever leads anew does not know the delivery
    void acked(SimHost host, int term, QueueView queue, long sequence) {
        counts.acked++;
        if (term >= 0 && term == host.leadingTerm(queue.group())) {
            Seen seen = Objects.requireNonNull(places.get(new Place(queue.id(), sequence)));
            seen.ackedAtNode = host.node();
            seen.ackedInTerm = term;
        }
    }

    /// A transaction that settles it is committed; `term` as above.
    void committed(SimHost host, int term, QueueView queue, long sequence) {
        counts.commits++;
        if (term >= 0 && term == host.leadingTerm(queue.group())) {
            Objects.requireNonNull(places.get(new Place(queue.id(), sequence))).durablyGone = true;
        }
    }

    void ledAnew(int group) {
        counts.led++;
    }

    /// What was confirmed and has never been delivered from a queue that it went to. What streams have is told by those who read them.
    List<SentMessage> missing() {
        List<SentMessage> missing = new ArrayList<>();
        answers.forEach(
                (id, outcome) -> {
                    SentMessage message = Objects.requireNonNull(sent.get(id));
                    if (outcome == PublishOutcome.CONFIRMED && !isEverywhere(message)) {
                        missing.add(message);
                    }
                });
        return missing;
    }

    private boolean isEverywhere(SentMessage message) {
        return targets(message).stream()
                .allMatch(
                        queue ->
                                topology.isStream(queue)
                                        || purgedUpTo.getOrDefault(queue, -1L) >= message.id()
                                        || wasDelivered(message, queue)
                                        || message.queues().stream()
                                                .anyMatch(dead -> wasDead(message, dead)));
    }

    private boolean wasDelivered(SentMessage message, long queue) {
        return deliveredFrom.getOrDefault(queue, Set.of()).contains(message.id());
    }

    private boolean wasDead(SentMessage message, long queue) {
        return topology.kindOf(queue) == SimTopology.Kind.DEAD && wasDelivered(message, queue);
    }

    /// A member applies a command that may be asked for later.
    void applied(int group, long address, ByteBuffer command) {
        byte[] bytes = new byte[command.remaining()];
        command.duplicate().get(bytes);
        byte @Nullable [] before =
                commands.computeIfAbsent(group, g -> new TreeMap<>()).putIfAbsent(address, bytes);
        require(
                before == null || java.util.Arrays.equals(before, bytes),
                "group %d: members have different bytes at address %d",
                group,
                address);
    }

    ByteBuffer command(int group, long address, int bytes) throws IOException {
        var known = commands.getOrDefault(group, new TreeMap<>()).floorEntry(address);
        if (known == null || address + bytes > known.getKey() + known.getValue().length) {
            throw new IOException("nobody applied anything at address " + address);
        }
        return ByteBuffer.wrap(known.getValue(), (int) (address - known.getKey()), bytes).slice();
    }
}
