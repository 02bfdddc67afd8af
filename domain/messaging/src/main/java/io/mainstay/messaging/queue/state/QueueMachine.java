package io.mainstay.messaging.queue.state;

import io.mainstay.common.Check;
import io.mainstay.kernel.group.MachineId;
import io.mainstay.kernel.group.StateMachine;
import io.mainstay.messaging.queue.command.QueueCommand;
import io.mainstay.messaging.queue.command.QueueCommand.Chunk;
import io.mainstay.messaging.queue.command.QueueCommand.CommitHeld;
import io.mainstay.messaging.queue.command.QueueCommand.Delete;
import io.mainstay.messaging.queue.command.QueueCommand.Held;
import io.mainstay.messaging.queue.command.QueueCommand.Once;
import io.mainstay.messaging.queue.command.QueueCommand.Open;
import io.mainstay.messaging.queue.command.QueueCommand.OpenDelayed;
import io.mainstay.messaging.queue.command.QueueCommand.Publish;
import io.mainstay.messaging.queue.command.QueueCommand.PublishChunked;
import io.mainstay.messaging.queue.command.QueueCommand.Reserve;
import io.mainstay.messaging.queue.command.QueueCommand.Return;
import io.mainstay.messaging.queue.command.QueueCommand.Settle;
import io.mainstay.messaging.queue.command.QueueCommand.SettleDelayed;
import io.mainstay.messaging.queue.command.QueueCommand.Truncate;
import io.mainstay.messaging.queue.command.QueueCommandCodec;
import io.mainstay.messaging.queue.command.Sequences;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongFunction;

/// What the queues of one data group hold. A message's bytes stay in the group's bodies; a queue keeps an entry that points at them.
///
/// Who consumes, what is in hand and what has expired is the leader's knowledge ([io.mainstay.messaging.queue.dispatch.Dispatcher]); here stands what
/// must survive it: which messages there are, which are settled, how often one came back.
public final class QueueMachine implements StateMachine<QueueCommand, PublishReply> {

    /// Queues whose heap is looked at together.
    private static final int SHRUNK_AT_ONCE = 16;

    private final TreeMap<Long, QueueState> queues = new TreeMap<>();
    private final Map<Long, QueueState> changed = new LinkedHashMap<>();
    private final Set<Long> deleted = new LinkedHashSet<>();
    private final TreeMap<Long, DelayedState> delays = new TreeMap<>();
    private final Map<Long, DelayedState> changedDelays = new LinkedHashMap<>();

    /// Of no member's state: kept for the listener until the next [#publish(long)].
    private final List<Refused> refused = new ArrayList<>();

    /// The queue whose heap was looked at last, see [#shrinkSome].
    private long shrunk = Long.MIN_VALUE;

    private boolean restored;
    private @Nullable QueueListener listener;

    private final LargeBodies large = new LargeBodies();
    private final HeldCommands held = new HeldCommands();
    private final SequenceWindows windows = new SequenceWindows();
    private final BlockStore store;
    private final QueueMemory memory;
    private final DelayedState.Shape delayedShape;
    private LongFunction<String> names = id -> "queue " + id;

    /// @param store where the indexes of long queues go
    /// @param memory what queues may keep in the heap, with those of the other machines of this node
    public QueueMachine(BlockStore store, QueueMemory memory) {
        this(store, memory, DelayedState.Shape.NORMAL);
    }

    /// With as much heap as it takes.
    public QueueMachine(BlockStore store) {
        this(store, QueueMemory.UNBOUNDED);
    }

    /// @param shape of delayed exchanges; the same as long as there are snapshots
    QueueMachine(BlockStore store, QueueMemory memory, DelayedState.Shape shape) {
        this.store = store;
        this.memory = memory;
        this.delayedShape = shape;
    }

    /// Keeps everything in the heap.
    public QueueMachine() {
        this(BlockStore.NONE);
    }

    /// Apply thread, or before the group starts.
    public void listener(QueueListener told) {
        listener = told;
    }

    /// Sets how queues are called in messages for people, by id; any thread asks. Before the group starts.
    public void names(LongFunction<String> given) {
        names = given;
    }

    /// What this machine's queues may keep in the heap, and what belongs to them elsewhere. Any thread.
    public QueueMemory memory() {
        return memory;
    }

    private BlockStore blocksOf(long queue) {
        return new QueueBlocks(store, () -> names.apply(queue));
    }

    /// The queue, or `null`. Apply thread only.
    public @Nullable QueueState queue(long id) {
        return queues.get(id);
    }

    /// All queues by id. Apply thread only.
    public Iterable<QueueState> queues() {
        return queues.values();
    }

    /// What waits at a delayed exchange, by the id of its own queue; `null` if there is none. Apply thread only.
    public @Nullable DelayedState delayed(long id) {
        return delays.get(id);
    }

    /// All delayed exchanges by id. Apply thread only.
    public Iterable<DelayedState> delays() {
        return delays.values();
    }

    /// From when on a command of any kind drops something whose end did not come: time passes with commands only. [Long#MAX_VALUE] if there is nothing of that
    /// kind. Apply thread only.
    public long expiresMs() {
        return Math.min(held.expiresMs(), large.expiresMs());
    }

    @Override
    public MachineId id() {
        return MachineId.QUEUES;
    }

    @Override
    public QueueCommand decode(int version, ByteBuffer command) {
        return decode(version, command, 0);
    }

    @Override
    public QueueCommand decode(int version, ByteBuffer command, long address) {
        return QueueCommandCodec.decode(version, command, address);
    }

    @Override
    public boolean holdsBody(QueueCommand command) {
        return command instanceof Held(long process, long transaction, QueueCommand inner)
                        && holdsBody(inner)
                || command instanceof Publish
                || command instanceof PublishChunked
                || command instanceof Chunk
                || command instanceof Once;
    }

    @Override
    public long bodiesNeededFrom() {
        long lowest = Math.min(large.oldest(), held.lowestAddress());
        for (QueueState queue : queues.values()) {
            for (Lane lane : queue.lanes.values()) {
                lowest = Math.min(lowest, lane.lowestAddress());
            }
        }
        for (DelayedState delayed : delays.values()) {
            lowest = Math.min(lowest, delayed.lowestAddress());
        }
        return lowest;
    }

    @Override
    public void bodies(long from, long to, BodySink sink) {
        large.bodies(from, to, sink);
        held.bodies(from, to, sink);
        for (QueueState queue : queues.values()) {
            for (Lane lane : queue.lanes.values()) {
                lane.bodies(from, to, sink);
            }
        }
        delays.values().forEach(delayed -> delayed.bodies(from, to, sink));
    }

    @Override
    public long bodyBytes() {
        long bytes = large.bytes() + held.bytes();
        for (QueueState queue : queues.values()) {
            for (Lane lane : queue.lanes.values()) {
                bytes += lane.stored + lane.live * BODY_OVERHEAD_BYTES;
            }
        }
        for (DelayedState delayed : delays.values()) {
            bytes += delayed.stored() + delayed.messages() * BODY_OVERHEAD_BYTES;
        }
        return bytes;
    }

    @Override
    public Applied<PublishReply> apply(long offset, long timeMs, QueueCommand command) {
        held.expire(timeMs);
        large.expire(timeMs);
        return apply(timeMs, command);
    }

    private Applied<PublishReply> apply(long timeMs, QueueCommand command) {
        return switch (command) {
            case Publish publish -> publish(timeMs, publish, null);
            case Chunk(long part, long upload, long address, int bytes) -> {
                large.chunk(timeMs, part, upload, address, bytes);
                yield STORED;
            }
            case PublishChunked publish -> publishChunked(timeMs, publish, null);
            case Once once -> once(timeMs, once);
            case Settle(long queue, long[] ranges) -> settle(queue, ranges);
            case Return(long queue, long[] sequences) -> comeBack(queue, sequences);
            case Reserve(long queue, long upTo) -> reserve(queue, upTo);
            case Truncate(long queue, long upTo) -> truncate(queue, upTo);
            case Open(long queue, long rejectLength, long rejectBytes) ->
                    open(queue, rejectLength, rejectBytes);
            case Delete(long queue) -> delete(queue);
            case OpenDelayed(long queue) -> openDelayed(queue);
            case SettleDelayed(long queue, long[] keys) -> settleDelayed(queue, keys);
            case Held one -> {
                held.add(timeMs, one);
                yield STORED;
            }
            case CommitHeld commit -> commit(timeMs, commit);
        };
    }

    private static final Applied<PublishReply> STORED = Applied.of(PublishReply.STORED);
    private static final Applied<PublishReply> REFUSED = Applied.of(PublishReply.REFUSED);

    private static final Applied<PublishReply> INCOMPLETE = Applied.of(PublishReply.INCOMPLETE);

    private static final long[] NO_PIECES = new long[0];

    private Applied<PublishReply> once(long timeMs, Once once) {
        return switch (once.publish()) {
            case Publish publish -> publish(timeMs, publish, once);
            case PublishChunked publish -> publishChunked(timeMs, publish, once);
            default -> throw new IllegalArgumentException("no publish: " + once.publish());
        };
    }

    private Applied<PublishReply> publish(long timeMs, Publish publish, @Nullable Once once) {
        return publish(timeMs, publish, once, NO_PIECES) >= 0 ? STORED : REFUSED;
    }

    /// The number of queues that took it, or the negative of one more than that if one refused it.
    ///
    /// @param once who published it as what, if its publisher numbers its messages
    private int publish(long timeMs, Publish publish, @Nullable Once once, long[] pieces) {
        boolean everywhere = true;
        int stored = 0;
        long[] targets = publish.targets();
        long expiresMs = publish.ttlMs() < 0 ? -1 : timeMs + publish.ttlMs();
        Entry entry =
                new Entry(
                        publish.address(), publish.bytes(), publish.bodyBytes(), timeMs, expiresMs);
        for (int i = 0; i < targets.length; i += 2) {
            QueueState queue = queues.get(targets[i]);
            if (once != null && windows.has(targets[i], once.publisher(), once.sequence())) {
                duplicate(targets[i]);
                continue;
            }
            if (queue == null) {
                stored += delay(targets[i], publish, once, timeMs);
                continue;
            }
            if (queue.refuses(publish.bodyBytes())) {
                everywhere = false;
                if (listener != null) {
                    refused.add(new Refused(queue.id, entry, pieces));
                }
            } else {
                queue.add((int) targets[i + 1], entry);
                changed.put(queue.id, queue);
                note(queue.id, once, timeMs);
                stored++;
            }
        }
        return everywhere ? stored : -stored - 1;
    }

    /// The queue has the message: what comes again is a duplicate.
    private void note(long queue, @Nullable Once once, long timeMs) {
        if (once != null) {
            windows.add(queue, once.publisher(), once.sequence(), timeMs);
        }
    }

    private void duplicate(long id) {
        QueueState queue = queues.get(id);
        if (queue != null) {
            queue.duplicates++;
            changed.put(id, queue);
        }
        DelayedState delayed = delays.get(id);
        if (delayed != null) {
            delayed.duplicates++;
            changedDelays.put(id, delayed);
        }
    }

    /// The number of delayed exchanges of that id, which is 1 or 0.
    private int delay(long id, Publish publish, @Nullable Once once, long timeMs) {
        DelayedState delayed = delays.get(id);
        if (delayed == null) {
            return 0;
        }
        long dueMs = timeMs + Math.max(0, publish.ttlMs());
        // A delay may be as long as a number can say.
        dueMs = dueMs < timeMs ? Long.MAX_VALUE : dueMs;
        delayed.add(new Pending(dueMs, publish.address(), publish.bytes(), publish.bodyBytes()));
        changedDelays.put(id, delayed);
        note(id, once, timeMs);
        return 1;
    }

    private Applied<PublishReply> openDelayed(long id) {
        DelayedState delayed =
                delays.computeIfAbsent(
                        id, i -> new DelayedState(i, delayedShape, blocksOf(i), large));
        changedDelays.put(id, delayed);
        return STORED;
    }

    private Applied<PublishReply> settleDelayed(long id, long[] keys) {
        DelayedState delayed = delays.get(id);
        if (delayed != null) {
            for (int i = 0; i < keys.length; i += 2) {
                delayed.settle(keys[i], keys[i + 1]);
            }
            changedDelays.put(id, delayed);
        }
        return STORED;
    }

    private Applied<PublishReply> publishChunked(
            long timeMs, PublishChunked publish, @Nullable Once once) {
        long[] pieces = large.complete(publish.part(), publish.upload(), publish.chunks());
        if (pieces == null) {
            return REFUSED;
        }
        int stored =
                publish(
                        timeMs,
                        new Publish(
                                publish.address(),
                                publish.bytes(),
                                publish.bodyBytes(),
                                publish.ttlMs(),
                                publish.targets()),
                        once,
                        pieces);
        int queuesWithIt = stored >= 0 ? stored : -stored - 1;
        if (queuesWithIt > 0) {
            large.put(publish.address(), queuesWithIt, pieces);
        }
        return stored >= 0 ? STORED : REFUSED;
    }

    private Applied<PublishReply> commit(long timeMs, CommitHeld commit) {
        List<QueueCommand> commands = held.take(commit);
        if (commands == null || !commands.stream().allMatch(this::isComplete)) {
            return INCOMPLETE;
        }
        boolean everywhere = true;
        for (QueueCommand command : commands) {
            everywhere &= apply(timeMs, command).reply() == PublishReply.STORED;
        }
        return everywhere ? STORED : REFUSED;
    }

    private boolean isComplete(QueueCommand command) {
        QueueCommand published = command instanceof Once once ? once.publish() : command;
        return !(published instanceof PublishChunked publish)
                || large.isComplete(publish.part(), publish.upload(), publish.chunks());
    }

    /// Address and bytes of each piece of a large message's body in turn.
    public long[] piecesOf(Entry entry) {
        return Check.present(
                large.pieces(entry.address()), "the large message at %d", entry.address());
    }

    private Applied<PublishReply> settle(long id, long[] ranges) {
        QueueState queue = queues.get(id);
        if (queue != null) {
            for (int i = 0; i < ranges.length; i += 2) {
                queue.settle(ranges[i], ranges[i + 1]);
            }
            changed.put(id, queue);
        }
        return STORED;
    }

    private Applied<PublishReply> truncate(long id, long upTo) {
        QueueState queue = queues.get(id);
        if (queue != null) {
            queue.truncate(upTo);
            changed.put(id, queue);
        }
        return STORED;
    }

    private Applied<PublishReply> comeBack(long id, long[] sequences) {
        QueueState queue = queues.get(id);
        if (queue != null) {
            for (long sequence : sequences) {
                Lane lane = queue.laneOf(sequence);
                long number = Sequences.number(sequence);
                if (lane.nextLive(number) == number && number < lane.tail) {
                    lane.returns.merge(number, 1, Integer::sum);
                }
            }
        }
        return STORED;
    }

    private Applied<PublishReply> reserve(long id, long upTo) {
        QueueState queue = queues.get(id);
        if (queue != null) {
            Lane lane = queue.laneOf(upTo);
            lane.reserved = Math.max(lane.reserved, Sequences.number(upTo));
            changed.put(id, queue);
        }
        return STORED;
    }

    private Applied<PublishReply> open(long id, long rejectLength, long rejectBytes) {
        QueueState queue = queues.get(id);
        if (queue == null) {
            queue = new QueueState(id, rejectLength, rejectBytes, blocksOf(id), memory, large);
            queues.put(id, queue);
        } else {
            queue.rejectLength = rejectLength;
            queue.rejectBytes = rejectBytes;
        }
        changed.put(id, queue);
        return STORED;
    }

    private Applied<PublishReply> delete(long id) {
        QueueState queue = queues.remove(id);
        if (queue != null) {
            queue.lanes.values().forEach(Lane::drop);
            changed.remove(id);
            deleted.add(id);
        }
        DelayedState delayed = delays.remove(id);
        if (delayed != null) {
            delayed.drop();
            changedDelays.remove(id);
        }
        windows.forget(id);
        return STORED;
    }

    /// Each call looks at some queues in turn, as long as memory is short: those that keep what they took when it was not.
    private void shrinkSome() {
        if (memory.level() == QueueMemory.Level.PLENTY) {
            return;
        }
        for (int left = SHRUNK_AT_ONCE; left > 0; left--) {
            Map.Entry<Long, QueueState> next = queues.higherEntry(shrunk);
            shrunk = next == null ? Long.MIN_VALUE : next.getKey();
            if (next != null) {
                next.getValue().lanes.values().forEach(Lane::shrink);
            }
        }
    }

    @Override
    public void publish(long appliedOffset) {
        shrinkSome();
        QueueListener told = listener;
        if (told != null && restored) {
            told.restored(queues.values());
        } else if (told != null
                && (!changed.isEmpty()
                        || !changedDelays.isEmpty()
                        || !deleted.isEmpty()
                        || !refused.isEmpty())) {
            told.delayed(changedDelays.values());
            told.refused(refused);
            told.applied(changed.values(), deleted);
        }
        restored = false;
        refused.clear();
        changed.clear();
        changedDelays.clear();
        deleted.clear();
    }

    @Override
    public void snapshot(SnapshotSink sink) {
        store.sync();
        QueueSnapshot.write(queues, large, delays, windows, held, sink, true);
    }

    @Override
    public void snapshotDurable() {
        store.snapshotDurable();
    }

    @Override
    public void restore(int version, ByteBuffer section) {
        queues.values().forEach(queue -> queue.lanes.values().forEach(Lane::forget));
        queues.clear();
        large.clear();
        delays.clear();
        windows.clear();
        held.clear();
        QueueSnapshot.read(
                version,
                section,
                queues,
                large,
                delays,
                windows,
                held,
                delayedShape,
                this::blocksOf,
                memory);
        List<Long> handles = new ArrayList<>();
        for (QueueState queue : queues.values()) {
            queue.lanes.values().forEach(lane -> lane.index.handles(handles::add));
        }
        delays.values().forEach(delayed -> delayed.handles(handles::add));
        store.restored(handles);
        refused.clear();
        changed.clear();
        changedDelays.clear();
        deleted.clear();
        restored = true;
    }

    @Override
    public int snapshotVersion() {
        return QueueSnapshot.VERSION;
    }

    @Override
    public long digest() {
        return QueueSnapshot.digest(queues, large, delays, windows, held);
    }
}
