package io.mainstay.messaging.queue.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.kernel.group.StateMachine;
import io.mainstay.messaging.message.StoredMessage;
import io.mainstay.messaging.queue.command.QueueCommand;
import io.mainstay.messaging.queue.command.QueueCommand.Publish;
import io.mainstay.messaging.queue.command.QueueCommandCodec;
import io.mainstay.messaging.queue.command.Sequences;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/// Generated histories against a model that keeps every message in a list; a snapshot of any moment goes on the same way.
class QueueMachineTest {

    private static final int QUEUES = 4;

    /// The lowest ones, and those around the change of a sequence's sign.
    private static final int[] LANES = {0, 1, 127, 128, 255};

    private static final int STORED_BYTES = 100;
    private static final int PIECE_BYTES = 400;
    private static final int LARGE_BYTES = 1_000;
    private static final int UPLOADS = 3;
    private static final long PART = 77;
    private static final int TRANSACTIONS = 3;

    /// A message of the model, by sequence.
    ///
    /// @param pieces address and bytes of each in turn, of a large one
    private record Message(long address, int bodyBytes, List<Long> pieces) {}

    private static final class Model {
        final Map<Long, TreeMap<Long, Message>> queues = new TreeMap<>();
        final Map<Long, Map<Integer, Long>> tails = new TreeMap<>();
        final Map<Long, Long> limits = new TreeMap<>();
        final Map<Long, Map<Long, Integer>> returns = new TreeMap<>();

        /// Bodies that are still coming, by upload: address and bytes of each piece in turn.
        final Map<Long, List<Long>> uploads = new TreeMap<>();

        /// Commands of transactions that are not committed yet.
        final Map<Long, List<QueueCommand>> held = new TreeMap<>();

        /// What queues took of publishers that number their messages: publisher and sequence, by queue.
        final Map<Long, Set<String>> taken = new TreeMap<>();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void holdsWhatTheModelHolds(long seed) {
        RandomGenerator random = new SplittableRandom(seed);
        QueueMachine machine = new QueueMachine();
        Model model = new Model();
        long address = 0;
        for (int step = 0; step < 4_000; step++) {
            QueueCommand command = command(random, model, address);
            address += 1_000;
            apply(machine, command, address, step);
            apply(model, command);
            if (random.nextInt(200) == 0) {
                machine = copy(machine);
            }
            if (step % 50 == 0) {
                compare(machine, model);
            }
        }
        compare(machine, model);
        assertThat(copy(machine).digest()).isEqualTo(machine.digest());
    }

    private static QueueCommand command(RandomGenerator random, Model model, long address) {
        long queue = random.nextInt(QUEUES);
        return switch (random.nextInt(29)) {
            case 26, 27 -> once(random, publish(random, queue, address));
            case 28 -> once(random, publishChunked(random, model, queue, address));
            case 0 -> new QueueCommand.Open(queue, random.nextInt(3) == 0 ? 50 : -1, -1);
            case 1 ->
                    random.nextInt(10) == 0 && !settledLater(model, queue)
                            ? new QueueCommand.Delete(queue)
                            : new QueueCommand.Reserve(
                                    queue,
                                    Sequences.of(
                                            LANES[random.nextInt(LANES.length)],
                                            random.nextInt(100)));
            case 2, 3, 4, 5, 6 -> settle(random, model, queue);
            case 7 ->
                    random.nextInt(4) == 0 && model.queues.containsKey(queue)
                            ? new QueueCommand.Truncate(queue, random.nextInt(200))
                            : comeBack(random, model, queue);
            case 8, 9 ->
                    new QueueCommand.Chunk(
                            PART, random.nextInt(UPLOADS), address + 1_000, PIECE_BYTES);
            case 10 -> publishChunked(random, model, queue, address);
            case 11, 12, 13, 14 ->
                    new QueueCommand.Held(
                            PART,
                            random.nextInt(TRANSACTIONS),
                            switch (random.nextInt(7)) {
                                case 0 -> publishChunked(random, model, queue, address);
                                case 1, 2 -> settle(random, model, queue);
                                case 3 -> once(random, publish(random, queue, address));
                                case 4 ->
                                        once(random, publishChunked(random, model, queue, address));
                                default -> publish(random, queue, address);
                            });
            case 15 -> {
                long transaction = random.nextInt(TRANSACTIONS);
                int there = model.held.getOrDefault(transaction, List.of()).size();
                // Another number than there are: nothing of it happens.
                yield new QueueCommand.CommitHeld(
                        PART, transaction, random.nextInt(8) == 0 ? there - 1 : there);
            }
            default -> publish(random, queue, address);
        };
    }

    /// A sequence of a queue never means another queue: the ids of real ones are not used twice.
    private static boolean settledLater(Model model, long queue) {
        return model.held.values().stream()
                .flatMap(List::stream)
                .anyMatch(
                        command ->
                                command instanceof QueueCommand.Settle settle
                                        && settle.queue() == queue);
    }

    private static Publish publish(RandomGenerator random, long queue, long address) {
        long other = random.nextInt(QUEUES);
        int lane = LANES[random.nextInt(LANES.length)];
        long[] targets =
                other == queue ? new long[] {queue, lane} : new long[] {queue, lane, other, 0};
        return new Publish(address + 1_000, STORED_BYTES, random.nextInt(90), -1, targets);
    }

    /// Few publishers and few numbers, so that many come again.
    private static QueueCommand once(RandomGenerator random, QueueCommand publish) {
        return new QueueCommand.Once("p" + random.nextInt(3), random.nextInt(300), publish);
    }

    private static QueueCommand publishChunked(
            RandomGenerator random, Model model, long queue, long address) {
        long upload = random.nextInt(UPLOADS);
        int there = model.uploads.getOrDefault(upload, List.of()).size() / 2;
        // One more than there are: then it is refused.
        int chunks = there + (random.nextInt(10) == 0 ? 1 : 0);
        long[] targets = {queue, 0, (queue + 1) % QUEUES, 1};
        return new QueueCommand.PublishChunked(
                PART, upload, chunks, address + 1_000, STORED_BYTES, LARGE_BYTES, -1, targets);
    }

    private static QueueCommand settle(RandomGenerator random, Model model, long queue) {
        List<Long> there =
                new ArrayList<>(model.queues.getOrDefault(queue, new TreeMap<>()).keySet());
        long[] ranges = new long[there.isEmpty() ? 0 : 2 * (1 + random.nextInt(3))];
        for (int i = 0; i < ranges.length; i += 2) {
            long first = there.get(random.nextInt(Math.min(there.size(), 20)));
            long tail = model.tails.get(queue).get(Sequences.lane(first));
            long last = Math.min(Sequences.number(first) + random.nextInt(8), tail - 1);
            ranges[i] = first;
            ranges[i + 1] = Sequences.of(Sequences.lane(first), last);
        }
        return new QueueCommand.Settle(queue, ranges);
    }

    private static QueueCommand comeBack(RandomGenerator random, Model model, long queue) {
        List<Long> there =
                new ArrayList<>(model.queues.getOrDefault(queue, new TreeMap<>()).keySet());
        return new QueueCommand.Return(
                queue,
                there.isEmpty()
                        ? new long[0]
                        : new long[] {there.get(random.nextInt(there.size()))});
    }

    private static void apply(QueueMachine machine, QueueCommand command, long address, long time) {
        QueueCommand decoded =
                machine.holdsBody(command)
                        ? command
                        : machine.decode(
                                QueueCommandCodec.VERSION,
                                QueueCommandCodec.encode(command),
                                address);
        machine.apply(time, time, decoded);
    }

    private static void apply(Model model, QueueCommand command) {
        switch (command) {
            case QueueCommand.Open open -> {
                model.queues.putIfAbsent(open.queue(), new TreeMap<>());
                model.tails.putIfAbsent(open.queue(), new TreeMap<>());
                model.returns.putIfAbsent(open.queue(), new TreeMap<>());
                model.limits.put(open.queue(), open.rejectLength());
            }
            case QueueCommand.Delete delete -> {
                model.queues.remove(delete.queue());
                model.tails.remove(delete.queue());
                model.returns.remove(delete.queue());
                model.limits.remove(delete.queue());
                model.taken.remove(delete.queue());
            }
            case QueueCommand.Once once -> {
                String id = once.publisher() + " " + once.sequence();
                apply(model, once.publish(), id);
            }
            case Publish _, QueueCommand.PublishChunked _ -> apply(model, command, "");
            case QueueCommand.Chunk chunk -> {
                List<Long> pieces =
                        model.uploads.computeIfAbsent(chunk.upload(), u -> new ArrayList<>());
                pieces.add(chunk.address());
                pieces.add((long) chunk.bytes());
            }
            case QueueCommand.Settle settle -> {
                TreeMap<Long, Message> messages =
                        model.queues.getOrDefault(settle.queue(), new TreeMap<>());
                for (int i = 0; i < settle.ranges().length; i += 2) {
                    var settled =
                            messages.subMap(settle.ranges()[i], true, settle.ranges()[i + 1], true);
                    settled.keySet().forEach(model.returns.get(settle.queue())::remove);
                    settled.clear();
                }
            }
            case QueueCommand.Truncate truncate -> {
                TreeMap<Long, Message> messages =
                        model.queues.getOrDefault(truncate.queue(), new TreeMap<>());
                var gone = messages.subMap(0L, truncate.upTo());
                gone.keySet().forEach(model.returns.get(truncate.queue())::remove);
                gone.clear();
            }
            case QueueCommand.Return returned -> {
                for (long sequence : returned.sequences()) {
                    model.returns.get(returned.queue()).merge(sequence, 1, Integer::sum);
                }
            }
            case QueueCommand.Held held ->
                    model.held
                            .computeIfAbsent(held.transaction(), t -> new ArrayList<>())
                            .add(held.command());
            case QueueCommand.CommitHeld commit -> {
                List<QueueCommand> commands = model.held.remove(commit.transaction());
                if (commands != null
                        && commands.size() == commit.commands()
                        && commands.stream().allMatch(held -> isComplete(model, held))) {
                    commands.forEach(held -> apply(model, held));
                }
            }
            case QueueCommand.Reserve _,
                    QueueCommand.OpenDelayed _,
                    QueueCommand.SettleDelayed _ -> {}
        }
    }

    private static boolean isComplete(Model model, QueueCommand command) {
        QueueCommand published =
                command instanceof QueueCommand.Once once ? once.publish() : command;
        return !(published instanceof QueueCommand.PublishChunked large)
                || model.uploads.containsKey(large.upload())
                        && model.uploads.get(large.upload()).size() == 2 * large.chunks();
    }

    /// @param id of a publisher that numbers its messages, otherwise empty
    private static void apply(Model model, QueueCommand command, String id) {
        if (command instanceof Publish publish) {
            publish(model, publish, List.of(), id);
        } else if (command instanceof QueueCommand.PublishChunked large) {
            List<Long> pieces = model.uploads.remove(large.upload());
            if (pieces != null && pieces.size() == 2 * large.chunks()) {
                publish(
                        model,
                        new Publish(
                                large.address(),
                                large.bytes(),
                                large.bodyBytes(),
                                large.ttlMs(),
                                large.targets()),
                        pieces,
                        id);
            }
        }
    }

    private static void publish(Model model, Publish publish, List<Long> pieces, String id) {
        for (int i = 0; i < publish.targets().length; i += 2) {
            TreeMap<Long, Message> messages = model.queues.get(publish.targets()[i]);
            if (messages == null) {
                continue;
            }
            Set<String> taken =
                    model.taken.computeIfAbsent(publish.targets()[i], q -> new TreeSet<>());
            long limit = model.limits.get(publish.targets()[i]);
            if (!taken.contains(id) && (limit < 0 || messages.size() < limit)) {
                if (!id.isEmpty()) {
                    taken.add(id);
                }
                int lane = (int) publish.targets()[i + 1];
                long number = model.tails.get(publish.targets()[i]).merge(lane, 1L, Long::sum) - 1;
                messages.put(
                        Sequences.of(lane, number),
                        new Message(publish.address(), publish.bodyBytes(), pieces));
            }
        }
    }

    private static void compare(QueueMachine machine, Model model) {
        List<Long> ids = new ArrayList<>();
        for (QueueState queue : machine.queues()) {
            ids.add(queue.id());
            TreeMap<Long, Message> found = new TreeMap<>();
            Map<Long, Integer> returns = new TreeMap<>();
            for (int number : queue.laneNumbers()) {
                Lane lane = queue.laneOf(Sequences.of(number, 0));
                for (long n = lane.nextLive(0); n < lane.tail(); n = lane.nextLive(n + 1)) {
                    Entry entry = lane.entry(n);
                    found.put(
                            Sequences.of(number, n),
                            new Message(
                                    entry.address(), entry.bodyBytes(), pieces(machine, entry)));
                    if (lane.returns(n) > 0) {
                        returns.put(Sequences.of(number, n), lane.returns(n));
                    }
                }
            }
            assertThat(found).isEqualTo(model.queues.get(queue.id()));
            assertThat(returns).isEqualTo(model.returns.get(queue.id()));
            assertThat(queue.messages()).isEqualTo(found.size());
            assertThat(queue.bytes())
                    .isEqualTo(found.values().stream().mapToLong(Message::bodyBytes).sum());
        }
        assertThat(ids).isEqualTo(List.copyOf(model.queues.keySet()));
        compareBodies(machine, model);
    }

    /// What is named of any range is what the model's messages have there; a body is counted for each queue.
    private static void compareBodies(QueueMachine machine, Model model) {
        TreeMap<Long, Integer> all = new TreeMap<>();
        long counted = 0;
        TreeMap<Long, Integer> pieces = new TreeMap<>();
        model.uploads.values().forEach(upload -> note(upload, pieces));
        for (TreeMap<Long, Message> messages : model.queues.values()) {
            for (Message message : messages.values()) {
                all.put(message.address(), STORED_BYTES);
                counted += STORED_BYTES + StateMachine.BODY_OVERHEAD_BYTES;
                note(message.pieces(), pieces);
            }
        }
        for (List<QueueCommand> commands : model.held.values()) {
            for (QueueCommand command : commands) {
                long address =
                        switch (command instanceof QueueCommand.Once once
                                ? once.publish()
                                : command) {
                            case Publish publish -> publish.address();
                            case QueueCommand.PublishChunked publish -> publish.address();
                            default -> -1;
                        };
                if (address >= 0) {
                    all.put(address, STORED_BYTES);
                    counted += STORED_BYTES + StateMachine.BODY_OVERHEAD_BYTES;
                }
            }
        }
        for (int bytes : pieces.values()) {
            counted += bytes + StateMachine.BODY_OVERHEAD_BYTES;
        }
        all.putAll(pieces);
        assertThat(machine.bodyBytes()).isEqualTo(counted);
        assertThat(machine.bodiesNeededFrom())
                .isEqualTo(all.isEmpty() ? Long.MAX_VALUE : all.firstKey());
        assertThat(bodies(machine, 0, Long.MAX_VALUE)).isEqualTo(all);
        long first = all.isEmpty() ? 0 : all.firstKey();
        long step = all.isEmpty() ? 1 : (all.lastKey() - first) / 5 + 1;
        for (long from = first; !all.isEmpty() && from <= all.lastKey(); from += step) {
            assertThat(bodies(machine, from, from + step))
                    .isEqualTo(all.subMap(from, true, from + step, false));
        }
    }

    private static void note(List<Long> pieces, TreeMap<Long, Integer> into) {
        for (int i = 0; i < pieces.size(); i += 2) {
            into.put(pieces.get(i), pieces.get(i + 1).intValue());
        }
    }

    private static List<Long> pieces(QueueMachine machine, Entry entry) {
        return entry.isLarge()
                ? Arrays.stream(machine.piecesOf(entry)).boxed().toList()
                : List.of();
    }

    private static TreeMap<Long, Integer> bodies(QueueMachine machine, long from, long to) {
        TreeMap<Long, Integer> found = new TreeMap<>();
        machine.bodies(from, to, found::put);
        return found;
    }

    private static QueueMachine copy(QueueMachine machine) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        machine.snapshot(
                part -> {
                    byte[] copy = new byte[part.remaining()];
                    part.get(copy);
                    bytes.writeBytes(copy);
                });
        QueueMachine other = new QueueMachine();
        other.restore(machine.snapshotVersion(), ByteBuffer.wrap(bytes.toByteArray()));
        assertThat(other.digest()).isEqualTo(machine.digest());
        return other;
    }

    @Test
    void aPublishKnowsWhereItsMessageLies() {
        ByteBuffer properties = ByteBuffer.wrap(new byte[] {0, 0});
        byte[] name = {'x'};
        byte[] key = {'k', 'k'};
        int head = QueueCommandCodec.publishHeadBytes(2);
        ByteBuffer command = ByteBuffer.allocate(head + StoredMessage.bytes(name, key, 2, 3));
        QueueCommandCodec.publishHead(command, 5_000, 3, new long[] {7, 1, 8, 255}, 2);
        StoredMessage.writeHead(command, name, key, properties);
        command.put(new byte[] {1, 2, 3}).flip();

        Publish publish =
                (Publish) QueueCommandCodec.decode(QueueCommandCodec.VERSION, command, 10_000);

        assertThat(publish.address()).isEqualTo(10_000 + head);
        assertThat(publish.bytes()).isEqualTo(command.limit() - head);
        assertThat(publish.bodyBytes()).isEqualTo(3);
        assertThat(publish.ttlMs()).isEqualTo(5_000);
        assertThat(publish.targets()).containsExactly(7, 1, 8, 255);
        StoredMessage message = new StoredMessage(command.slice(head, publish.bytes()));
        assertThat(message.exchange()).isEqualTo("x");
        assertThat(message.routingKey()).isEqualTo("kk");
        assertThat(message.body()).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2, 3}));
    }
}
