package io.mainstay.messaging.queue.simulation;

import io.mainstay.kernel.group.Durability;
import io.mainstay.kernel.group.MachineId;
import io.mainstay.kernel.group.Outcome;
import io.mainstay.kernel.group.Proposal;
import io.mainstay.messaging.api.Delivery;
import io.mainstay.messaging.api.QueueSession;
import io.mainstay.messaging.api.QueueSession.GetOutcome;
import io.mainstay.messaging.api.QueueSession.PublishOutcome;
import io.mainstay.messaging.api.QueueSession.Settlement;
import io.mainstay.messaging.api.QueueSession.Transaction;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.message.PublishId;
import io.mainstay.messaging.message.StoredMessage;
import io.mainstay.messaging.queue.command.QueueCommandCodec;
import io.mainstay.messaging.queue.simulation.SimTopology.Kind;
import io.mainstay.messaging.queue.state.Lane;
import io.mainstay.messaging.queue.state.PublishReply;
import io.mainstay.messaging.queue.state.QueueState;
import io.mainstay.messaging.topology.Machines;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.random.RandomGenerator;

/// The clients of one data group: one that publishes, one with transactions, and consumers of each queue. They come back when a node ends or leads no more.
final class QueueClients {

    /// Bodies of so many bytes go in pieces.
    static final int LARGE_BYTES = 1_500;

    private static final long MS = 1_000_000;

    /// One group has a backlog whose index goes to files.
    private static final int LONG_BACKLOG_BATCH = 300;

    private static final int BACKLOG_BATCH = 40;

    private final QueueWorkload workload;
    private final MessageBook book;
    private final SimTopology topology;
    private final RandomGenerator random;
    private final int group;
    private @Nullable SimBroker believed;
    private @Nullable Publisher publisher;
    private final List<Reader> readers = new ArrayList<>();
    private long numbered;

    /// A publisher's connection.
    private record Publisher(SimBroker at, QueueSession session, long number) {}

    QueueClients(QueueWorkload workload, RandomGenerator random, int group) {
        this.workload = workload;
        this.book = workload.book();
        this.topology = workload.topology();
        this.random = random;
        this.group = group;
    }

    void begin() {
        again(25, this::publish);
        again(60, this::publishLarge);
        again(50, this::publishNumbered);
        again(25, this::transact);
        for (Kind kind : Kind.values()) {
            int consumers =
                    switch (kind) {
                        case BACKLOG -> 0;
                        case STREAM, AGED -> 1;
                        case SINGLE -> 3;
                        default -> 2;
                    };
            for (int i = 0; i < consumers; i++) {
                consumer(kind);
            }
        }
    }

    private void consumer(Kind kind) {
        QueueView queue = topology.queue(group, kind);
        if (Kind.STREAMS.contains(kind)) {
            Reader reader = new Reader(queue);
            readers.add(reader);
            reader.look();
        } else {
            new Consumer(workload, queue, random, this::broker).look();
        }
    }

    /// Whoever takes what is left.
    void drain() {
        for (Kind kind : Kind.values()) {
            consumer(kind);
        }
    }

    /// Whether somebody has seen all streams to their ends.
    boolean haveReadStreams() {
        return Kind.STREAMS.stream().allMatch(this::isRead);
    }

    private boolean isRead(Kind kind) {
        QueueView stream = topology.queue(group, kind);
        SimBroker at = broker();
        QueueState state = at == null ? null : at.machine(group).queue(stream.id());
        Lane lane = state == null ? null : state.lane(0);
        return lane == null
                || lane.live() == 0
                || readers.stream().anyMatch(reader -> reader.isAtEnd(stream, lane.tail()));
    }

    private void again(int meanMs, Runnable work) {
        double ms = -Math.log(1 - random.nextDouble()) * meanMs;
        workload.in(
                (long) (ms * MS),
                () -> {
                    if (!workload.isHealed()) {
                        work.run();
                        again(meanMs, work);
                    }
                });
    }

    /// A node that is up: the one that seems to lead, or any.
    @Nullable SimBroker broker() {
        SimBroker present = believed;
        if (present == null
                || !present.host.lives()
                || present.host.leadingTerm(group) < 0
                || random.nextInt(20) == 0) {
            present = workload.anyBroker(random, group);
            believed = present;
        }
        return present;
    }

    // --- publishing ------------------------------------------------------------------------------

    private void publish() {
        Publisher from = publisher;
        SimBroker at = broker();
        if (at == null) {
            return;
        }
        if (from == null || from.at != at || random.nextInt(40) == 0) {
            if (from != null && from.at.host.lives()) {
                from.session.close();
                from.at.host.asked();
            }
            from = new Publisher(at, at.open(), workload.newNumber());
            publisher = from;
        }
        QueueSession session = from.session;
        boolean backlog = random.nextInt(5) == 0;
        QueueView heap = queue(random.nextInt(8) == 0 ? Kind.AGED : Kind.BACKLOG);
        int batch = group == 1 ? LONG_BACKLOG_BATCH : BACKLOG_BATCH;
        int count = backlog ? batch : 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            List<QueueView> targets = backlog ? List.of(heap) : targets();
            boolean delayed = !backlog && random.nextInt(3) == 0;
            SentMessage message = message(from.number, backlog ? 8 : 120, targets, delayed);
            session.publish(
                    message,
                    delayed ? delayedTargets(message) : targets,
                    book::answered,
                    message.id());
        }
        session.flush();
        at.host.asked();
    }

    private QueueView queue(Kind kind) {
        return topology.queue(group, kind);
    }

    private List<QueueView> targets() {
        Kind[] kinds = {
            Kind.PLAIN,
            Kind.QUORUM,
            Kind.TTL,
            Kind.PRIORITY,
            Kind.TIMED,
            Kind.SINGLE,
            Kind.STREAM,
            Kind.SHORT
        };
        Set<QueueView> targets = new LinkedHashSet<>();
        targets.add(queue(kinds[random.nextInt(kinds.length)]));
        // Not with the one that refuses: its publisher hears nothing of the others.
        if (random.nextInt(4) == 0 && !targets.contains(queue(Kind.SHORT))) {
            targets.add(queue(kinds[random.nextInt(kinds.length - 1)]));
        }
        return List.copyOf(targets);
    }

    private SentMessage message(long number, int most, List<QueueView> targets, boolean delayed) {
        Set<Long> found = new LinkedHashSet<>();
        (delayed ? List.of(queue(Kind.PLAIN)) : targets).forEach(queue -> found.add(queue.id()));
        found.add(queue(Kind.DEAD).id());
        SentMessage message =
                new SentMessage(
                        book.newId(),
                        random.nextInt(most),
                        number,
                        found,
                        delayed ? topology.delayedExchange(group) : "",
                        delayed ? "key" : targets.getFirst().name(),
                        delayed ? 1 + random.nextInt(2_500) : 0,
                        random.nextInt(5),
                        null);
        book.sent(message, workload.now());
        return message;
    }

    private List<QueueView> delayedTargets(SentMessage message) {
        var vhost = Objects.requireNonNull(topology.view().vhost(Machines.VHOST));
        List<QueueView> into = new ArrayList<>();
        vhost.route(
                Objects.requireNonNull(vhost.exchange(message.exchange())),
                message.routingKey(),
                message::headers,
                into);
        return into;
    }

    /// Sent again until somebody says what became of it: the queues take it once.
    private void publishNumbered() {
        List<QueueView> targets = targets();
        Set<Long> found = new LinkedHashSet<>();
        targets.forEach(queue -> found.add(queue.id()));
        found.add(queue(Kind.DEAD).id());
        SentMessage message =
                new SentMessage(
                        book.newId(),
                        random.nextInt(100),
                        workload.newNumber(),
                        found,
                        "",
                        targets.getFirst().name(),
                        0,
                        0,
                        new PublishId("publisher-" + group, numbered++));
        book.sent(message, workload.now());
        send(message, targets);
    }

    private void send(SentMessage message, List<QueueView> targets) {
        SimBroker at = broker();
        // In an array, for the lambdas: what came of a node that ended is never heard.
        boolean[] heard = {false};
        if (at != null) {
            QueueSession session = at.open();
            session.publish(
                    message,
                    targets,
                    (id, outcome) -> {
                        if (outcome != PublishOutcome.FAILED && !heard[0]) {
                            heard[0] = true;
                            book.answered(id, outcome);
                        }
                        session.close();
                    },
                    message.id());
            session.flush();
            at.host.asked();
        }
        workload.in(
                (300 + random.nextInt(300)) * MS,
                () -> {
                    if (!heard[0]) {
                        heard[0] = true;
                        send(message, targets);
                    }
                });
    }

    /// Two pieces in entries of their own: one of them may get lost.
    private void publishLarge() {
        SimBroker at = broker();
        if (at == null) {
            return;
        }
        QueueView queue = queue(random.nextInt(3) == 0 ? Kind.AGED : Kind.PLAIN);
        SentMessage message =
                new SentMessage(
                        book.newId(),
                        LARGE_BYTES + random.nextInt(1_000),
                        workload.newNumber(),
                        Set.of(queue.id(), queue(Kind.DEAD).id()),
                        "",
                        queue.name(),
                        0,
                        0,
                        null);
        book.sent(message, workload.now());
        byte[] body = message.body();
        long upload = at.nextUpload();
        int half = body.length / 2;
        var door = at.host.group(group);
        Proposal first = new Proposal(Durability.QUORUM_FSYNC, outcome -> {});
        chunk(first, at.process(), upload, ByteBuffer.wrap(body, 0, half));
        door.propose(first);
        Proposal second =
                new Proposal(
                        Durability.QUORUM_FSYNC,
                        outcome -> {
                            if (at.host.lives()) {
                                book.answered(message.id(), outcome(outcome));
                            }
                        });
        chunk(second, at.process(), upload, ByteBuffer.wrap(body, half, body.length - half));
        byte[] key = queue.name().getBytes(java.nio.charset.StandardCharsets.UTF_8);
        ByteBuffer target =
                second.begin(
                        MachineId.QUEUES,
                        QueueCommandCodec.VERSION,
                        QueueCommandCodec.chunkedHeadBytes(1)
                                + StoredMessage.bytes(
                                        new byte[0], key, message.properties().remaining(), 0));
        QueueCommandCodec.chunkedHead(
                target, at.process(), upload, 2, -1, body.length, new long[] {queue.id(), 0}, 1);
        StoredMessage.writeHead(target, new byte[0], key, message.properties());
        door.propose(second);
        at.host.asked();
    }

    private static void chunk(Proposal proposal, long part, long upload, ByteBuffer piece) {
        ByteBuffer target =
                proposal.begin(
                        MachineId.QUEUES,
                        QueueCommandCodec.VERSION,
                        QueueCommandCodec.CHUNK_HEAD_BYTES + piece.remaining());
        QueueCommandCodec.chunkHead(target, part, upload);
        target.put(piece);
    }

    private static PublishOutcome outcome(Outcome outcome) {
        if (outcome instanceof Outcome.Applied applied) {
            return applied.replies().getLast() == PublishReply.REFUSED
                    ? PublishOutcome.REJECTED
                    : PublishOutcome.CONFIRMED;
        }
        return PublishOutcome.FAILED;
    }

    // --- transactions ----------------------------------------------------------------------------

    /// Takes a message and settles it together with a new one.
    private void transact() {
        SimBroker at = broker();
        if (at == null) {
            return;
        }
        QueueSession session = at.open();
        long reader = workload.newNumber();
        QueueView queue = queue(Kind.PLAIN);
        session.get(
                queue,
                false,
                outcome -> {
                    if (outcome instanceof GetOutcome.Got(Delivery delivery, long _)) {
                        book.delivered(at.host, reader, queue, delivery);
                        workload.consumers().taken(at.host, reader, queue, delivery.sequence());
                        commit(at, session, reader, queue, delivery);
                    } else {
                        session.close();
                    }
                });
        at.host.asked();
    }

    private void commit(
            SimBroker at, QueueSession session, long reader, QueueView queue, Delivery delivery) {
        int term = at.host.leadingTerm(group);
        SentMessage message = message(workload.newNumber(), 100, List.of(queue), false);
        at.host.in(
                random.nextInt(20) * MS,
                () -> {
                    workload.consumers().released(reader, queue, delivery.sequence());
                    session.commit(
                            new Transaction(
                                    List.of(new Transaction.Published(message, List.of(queue))),
                                    List.of(
                                            new Transaction.Settled(
                                                    queue, delivery.sequence(), Settlement.ACK))),
                            succeeded -> {
                                book.answered(
                                        message.id(),
                                        succeeded
                                                ? PublishOutcome.CONFIRMED
                                                : PublishOutcome.FAILED);
                                if (succeeded) {
                                    book.committed(at.host, term, queue, delivery.sequence());
                                }
                                session.close();
                            });
                });
    }

    // --- consuming -------------------------------------------------------------------------------

    /// Somebody who reads a stream, again and again.
    private final class Reader {
        private final QueueView stream;
        private @Nullable StreamReading present;

        Reader(QueueView stream) {
            this.stream = stream;
        }

        boolean isAtEnd(QueueView wanted, long tail) {
            StreamReading reading = present;
            return wanted == stream
                    && reading != null
                    && !reading.isOver()
                    && reading.last() == tail - 1;
        }

        void look() {
            StreamReading reading = present;
            if (reading == null || reading.isOver()) {
                SimBroker at = broker();
                if (at != null) {
                    present = new StreamReading(workload, at, stream, random);
                }
            } else if (!workload.isHealed() && random.nextInt(20) == 0) {
                reading.close();
            }
            workload.in((20 + random.nextInt(80)) * MS, this::look);
        }
    }
}
