package io.mainstay.messaging.queue.dispatch;

import io.mainstay.kernel.group.Durability;
import io.mainstay.kernel.group.Outcome;
import io.mainstay.kernel.group.RaftGroup;
import io.mainstay.messaging.api.OutgoingMessage;
import io.mainstay.messaging.api.QueueSession.PublishListener;
import io.mainstay.messaging.api.QueueSettings;
import io.mainstay.messaging.api.QueueStats;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.api.TopologyView;
import io.mainstay.messaging.queue.command.QueueCommand;
import io.mainstay.messaging.queue.command.QueueCommandCodec;
import io.mainstay.messaging.queue.state.DelayedState;
import io.mainstay.messaging.queue.state.Entry;
import io.mainstay.messaging.queue.state.QueueListener;
import io.mainstay.messaging.queue.state.QueueMachine;
import io.mainstay.messaging.queue.state.QueueState;
import io.mainstay.messaging.queue.state.Refused;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// Gives the messages of one data group to consumers, as long as this node leads the group.
///
/// Everything here runs on the group's apply thread: after entries were applied, and when somebody asked for something ([#submit]). A turn does what was
/// asked, gives away what is ready, hands each session what is for it, and logs what was settled: one command list under way at a time, so that what is
/// settled meanwhile goes together, and acknowledgements wait a moment for others.
public final class Dispatcher implements QueueListener {

    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    /// What could not be logged, or not dead-lettered, is tried again after so long.
    static final long AGAIN_MS = 100;

    /// Acknowledgements wait so long for others. Nobody is told that they are in the log: after a crash their messages come again, marked as redelivered.
    private static final long SETTLE_WAIT_MS = 10;

    private static final long NEVER = Long.MAX_VALUE;

    private final RaftGroup group;
    private final QueueMachine machine;
    private final DispatcherPort port;
    private final Map<Long, LedQueue> queues = new HashMap<>();
    private final Delays delays;
    private final Queue<Runnable> inbox = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final Set<LedQueue> dirty = new LinkedHashSet<>();
    private final Set<Outlet> outlets = new LinkedHashSet<>();
    private final PriorityQueue<Timer> timers =
            new PriorityQueue<>(java.util.Comparator.comparingLong(Timer::atMs));
    private final List<QueueCommand> commands = new ArrayList<>();
    private final Set<LedQueue> settling = new LinkedHashSet<>();

    /// When the oldest acknowledgement that is not in the log came.
    private long settlingSinceMs = NEVER;

    private boolean settleNow;
    private boolean logging;
    private boolean leading;
    private boolean turning;

    /// When a timer is due next; read by the ticker.
    private volatile long nextTimerMs = Long.MAX_VALUE;

    private record Timer(long atMs, Runnable work) {}

    public Dispatcher(RaftGroup group, QueueMachine machine, DispatcherPort port) {
        this.group = group;
        this.machine = machine;
        this.port = port;
        this.delays = new Delays(this, machine, port);
    }

    // --- for queues ------------------------------------------------------------------------------

    long nowMs() {
        return port.nowMs();
    }

    long monotonicMs() {
        return port.monotonicMs();
    }

    FlowingQueues flowing() {
        return port.flowing();
    }

    long consumerTimeoutMs() {
        return port.consumerTimeoutMs();
    }

    TopologyView topology() {
        return port.topologyView();
    }

    @Nullable ByteBuffer cached(Entry entry) {
        return entry.isLarge() ? null : group.bodies().cached(entry.address(), entry.bytes());
    }

    /// Where the body of a large message lies; nothing for others.
    long[] piecesOf(Entry entry) {
        return entry.isLarge() ? machine.piecesOf(entry) : NO_PIECES;
    }

    private static final long[] NO_PIECES = new long[0];

    /// Reader thread.
    ///
    /// @param pieces what [#piecesOf] gave
    ByteBuffer load(Entry entry, long[] pieces) throws IOException {
        ByteBuffer first = group.bodies().read(entry.address(), entry.bytes());
        if (pieces.length == 0) {
            return first;
        }
        ByteBuffer whole = ByteBuffer.allocate(entry.bytes() + entry.bodyBytes());
        whole.put(first.duplicate());
        for (int i = 0; i < pieces.length; i += 2) {
            whole.put(group.bodies().read(pieces[i], (int) pieces[i + 1]));
        }
        return whole.flip();
    }

    void read(Runnable work) {
        port.read(work);
    }

    void publish(OutgoingMessage message, List<QueueView> targets, PublishListener listener) {
        port.publish(message, targets, listener, this);
    }

    /// The queue deletes itself. `done` runs on the apply thread, also if it could not.
    void deleteQueue(QueueView view, Runnable done) {
        port.deleteQueue(view, () -> submit(done));
    }

    /// Sends a command into the log at once, beside what is logged at the end of turns. `done` runs on any thread.
    void control(QueueCommand command, Consumer<Outcome> done) {
        port.control(group.id(), List.of(command), Durability.QUORUM_FSYNC, done);
    }

    void log(QueueCommand command) {
        commands.add(command);
    }

    /// What is settled goes to the log with this turn.
    void settleNow() {
        settleNow = true;
    }

    void hasEvents(Outlet outlet) {
        outlets.add(outlet);
    }

    void touch(LedQueue queue) {
        dirty.add(queue);
    }

    void wake(LedQueue queue, long atMs) {
        if (atMs < queue.wakeAtMs || queue.wakeAtMs <= nowMs()) {
            queue.wakeAtMs = atMs;
            // By its id: it may be gone long before.
            long id = queue.view.id();
            at(atMs, () -> wake(queues.get(id)));
        }
    }

    private void wake(@Nullable LedQueue queue) {
        if (queue != null && queue.wakeAtMs <= nowMs()) {
            queue.wakeAtMs = NEVER;
            queue.woken();
            touch(queue);
        }
    }

    void later(Runnable work, LedQueue queue) {
        at(
                nowMs() + AGAIN_MS,
                () -> {
                    work.run();
                    touch(queue);
                });
    }

    void at(long atMs, Runnable work) {
        timers.add(new Timer(atMs, work));
        nextTimerMs = Math.min(nextTimerMs, atMs);
    }

    // --- for others ------------------------------------------------------------------------------

    /// Runs `work` on the apply thread, in order, and gives away what became ready. Any thread.
    public void submit(Runnable work) {
        inbox.add(work);
        schedule();
    }

    private void schedule() {
        if (scheduled.compareAndSet(false, true)) {
            group.execute(this::turn, () -> scheduled.set(false));
        }
    }

    void submit(Runnable work, LedQueue queue) {
        submit(
                () -> {
                    work.run();
                    touch(queue);
                });
    }

    /// Asks for a turn if a timer is due, or if something was asked while the group was out of service: who asked it waits for an answer, also if another
    /// node leads afterwards. Any thread.
    public void tick(long nowMs) {
        if (nextTimerMs <= nowMs || !inbox.isEmpty()) {
            schedule();
        }
    }

    /// The queue at its leader; `null` if it is gone. Marks it for the turn. Apply thread.
    @Nullable LedQueue use(long id) {
        LedQueue queue = queues.get(id);
        if (queue != null) {
            touch(queue);
        }
        return queue;
    }

    // --- life ------------------------------------------------------------------------------------

    /// This node leads the group. Apply thread.
    public void gained() {
        leading = true;
        logging = false;
        commands.clear();
        Collection<QueueView> known = port.queuesOf(group.id());
        queues.clear();
        delays.end();
        known.forEach(this::add);
        delays.deleteUnknown();
        for (QueueState state : machine.queues()) {
            if (queues.containsKey(state.id())) {
                opened(state);
            } else {
                // The node stopped between the deletion in the topology and here.
                delete(state.id());
            }
        }
        dirty.addAll(queues.values());
        turn();
    }

    /// This node leads the group no more. Apply thread.
    public void lost() {
        leading = false;
        queues.values().forEach(queue -> queue.end("the node leads this queue no more"));
        delays.end();
        flushOutlets();
        queues.clear();
        dirty.clear();
        settling.clear();
        settlingSinceMs = NEVER;
        timers.clear();
    }

    private void add(QueueView view) {
        if (view.type() == QueueView.Type.DELAYED) {
            delays.add(view);
            return;
        }
        LedQueue queue = LedQueue.of(this, view);
        queues.put(view.id(), queue);
        queue.used();
        QueueState state = machine.queue(view.id());
        if (state == null || !hasLimits(state, view.settings())) {
            open(view);
        }
    }

    private static boolean hasLimits(QueueState state, QueueSettings settings) {
        return state.rejectLength() == rejectLength(settings)
                && state.rejectBytes() == rejectBytes(settings);
    }

    /// Its publishers wait for room.
    private static boolean refuses(QueueSettings settings) {
        return rejectLength(settings) >= 0 || rejectBytes(settings) >= 0;
    }

    private static long rejectLength(QueueSettings settings) {
        return settings.overflow() == QueueSettings.Overflow.DROP_HEAD ? -1 : settings.maxLength();
    }

    private static long rejectBytes(QueueSettings settings) {
        return settings.overflow() == QueueSettings.Overflow.DROP_HEAD ? -1 : settings.maxBytes();
    }

    /// Before anybody can publish to it: the log keeps the order.
    private void open(QueueView view) {
        port.control(
                group.id(),
                List.of(
                        new QueueCommand.Open(
                                view.id(),
                                rejectLength(view.settings()),
                                rejectBytes(view.settings()))),
                view.durable() ? Durability.QUORUM_FSYNC : Durability.LEADER_MEMORY,
                outcome -> {});
    }

    /// What is lost of this is found out when the group is led again.
    private void delete(long id) {
        port.control(
                group.id(),
                List.of(new QueueCommand.Delete(id)),
                Durability.LEADER_MEMORY,
                outcome -> {});
    }

    /// Queues were declared, deleted or have other settings. Apply thread.
    public void topologyChanged(Collection<QueueView> changed, Collection<Long> gone) {
        if (!leading) {
            return;
        }
        for (long id : gone) {
            LedQueue queue = queues.remove(id);
            if (queue != null) {
                queue.end("queue deleted");
                dirty.remove(queue);
                settling.remove(queue);
                port.forget(id);
            }
            delays.remove(id);
            delete(id);
        }
        for (QueueView view : changed) {
            LedQueue queue = queues.get(view.id());
            if (queue == null) {
                add(view);
            } else {
                boolean limits = hasSameLimits(queue.view, view);
                queue.view = view;
                queue.changed();
                dirty.add(queue);
                if (!limits) {
                    open(view);
                }
            }
        }
        turn();
    }

    private static boolean hasSameLimits(QueueView before, QueueView after) {
        return rejectLength(before.settings()) == rejectLength(after.settings())
                && rejectBytes(before.settings()) == rejectBytes(after.settings());
    }

    @Override
    public void applied(Collection<QueueState> changed, Collection<Long> deleted) {
        if (!leading) {
            return;
        }
        changed.forEach(this::opened);
        turn();
    }

    @Override
    public void delayed(Collection<DelayedState> exchanges) {
        if (leading) {
            delays.applied(exchanges);
        }
    }

    @Override
    public void refused(Collection<Refused> messages) {
        if (leading) {
            for (Refused one : messages) {
                LedQueue queue = queues.get(one.queue());
                if (queue != null) {
                    guarded(() -> queue.refused(one));
                }
            }
        }
    }

    private void opened(QueueState state) {
        LedQueue queue = queues.get(state.id());
        if (queue != null) {
            queue.opened(state);
            queue.applied();
            dirty.add(queue);
        }
    }

    @Override
    public void restored(Collection<QueueState> states) {
        // Leadership is told anew after a restore.
    }

    // --- turns -----------------------------------------------------------------------------------

    /// Never throws: what goes wrong with one queue must not fence the group, whose state is sound.
    private void turn() {
        scheduled.set(false);
        if (turning) {
            return;
        }
        turning = true;
        try {
            for (Runnable work = inbox.poll(); work != null; work = inbox.poll()) {
                guarded(work);
            }
            runTimers();
            boolean more = false;
            for (LedQueue queue : List.copyOf(dirty)) {
                dirty.remove(queue);
                more |= deliver(queue);
            }
            nextTimerMs = Math.min(nextTimerMs, delays.work(nowMs()));
            flushOutlets();
            logSettled();
            if (more) {
                submit(() -> {});
            }
        } finally {
            turning = false;
        }
    }

    private void runTimers() {
        long now = nowMs();
        for (Timer timer = timers.peek();
                timer != null && timer.atMs <= now;
                timer = timers.peek()) {
            timers.remove();
            guarded(timer.work);
        }
        Timer next = timers.peek();
        nextTimerMs = next == null ? Long.MAX_VALUE : next.atMs;
    }

    private boolean deliver(LedQueue queue) {
        boolean[] more = new boolean[1];
        guarded(() -> more[0] = queue.deliver());
        if (more[0]) {
            dirty.add(queue);
        }
        if (!queue.settles.isEmpty()) {
            settling.add(queue);
            settleNow |= queue.settles.isLong() || refuses(queue.view.settings());
        }
        if (queues.get(queue.view.id()) == queue) {
            port.stats(queue.view.id(), queue.stats());
        }
        return more[0];
    }

    static void guarded(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            LOG.error("a turn of messaging failed in part; the rest goes on", e);
        }
    }

    private void flushOutlets() {
        outlets.forEach(Outlet::flush);
        outlets.clear();
    }

    private void logSettled() {
        if (logging || !leading || commands.isEmpty() && !settlesAreDue()) {
            return;
        }
        settlingSinceMs = NEVER;
        settleNow = false;
        List<QueueCommand> batch = new ArrayList<>(commands);
        commands.clear();
        for (LedQueue queue : settling) {
            batch.addAll(queue.settles.take(queue.view.id()));
        }
        settling.clear();
        if (batch.isEmpty()) {
            return;
        }
        logging = true;
        List<QueueCommand> sent = new ArrayList<>();
        long bytes = 0;
        for (QueueCommand command : batch) {
            bytes += QueueCommandCodec.bytes(command);
            if (bytes > MOST_BYTES) {
                again(command);
            } else {
                sent.add(command);
            }
        }
        port.control(group.id(), sent, level(sent), outcome -> submit(() -> logged(sent, outcome)));
    }

    /// A power cut may take an acknowledgement: the message comes again, marked, as a durable queue's reservation is on the disk before anything is delivered
    /// by it.
    private Durability level(List<QueueCommand> sent) {
        for (QueueCommand command : sent) {
            if (command instanceof QueueCommand.Reserve reserve) {
                LedQueue queue = queues.get(reserve.queue());
                if (queue != null && queue.view.durable()) {
                    return Durability.QUORUM_FSYNC;
                }
            }
        }
        return Durability.LEADER_MEMORY;
    }

    private boolean settlesAreDue() {
        if (settling.isEmpty()) {
            return false;
        }
        long now = nowMs();
        if (settlingSinceMs == NEVER) {
            settlingSinceMs = now;
            at(now + SETTLE_WAIT_MS, () -> {});
        }
        return settleNow || now - settlingSinceMs >= SETTLE_WAIT_MS;
    }

    /// Bytes of commands in a proposal; the rest goes with the next one.
    private static final long MOST_BYTES = 512 << 10;

    private void logged(List<QueueCommand> sent, Outcome outcome) {
        logging = false;
        if (leading && !(outcome instanceof Outcome.Applied)) {
            // Nothing is lost by settling twice.
            at(nowMs() + AGAIN_MS, () -> sent.forEach(this::again));
        }
    }

    private void again(QueueCommand command) {
        if (command instanceof QueueCommand.Settle settle) {
            LedQueue queue = queues.get(settle.queue());
            if (queue != null) {
                queue.settles.again(settle);
                settling.add(queue);
            }
        } else {
            commands.add(command);
        }
    }

    /// Numbers of a queue, exact after what was asked before. Apply thread.
    QueueStats stats(long id) {
        LedQueue queue = queues.get(id);
        return queue == null ? QueueStats.NONE : queue.stats();
    }

    /// A session is gone. Apply thread.
    void close(Outlet outlet, Countdown left) {
        for (LedQueue queue : List.copyOf(outlet.queues)) {
            queue.close(outlet, left);
            queue.forget(outlet);
            touch(queue);
        }
        settleNow = true;
        outlet.queues.clear();
    }
}
