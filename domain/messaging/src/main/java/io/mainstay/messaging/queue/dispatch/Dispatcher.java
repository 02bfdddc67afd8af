package io.mainstay.messaging.queue.dispatch;

import io.mainstay.kernel.group.Durability;
import io.mainstay.kernel.group.Outcome;
import io.mainstay.kernel.group.RaftGroup;
import io.mainstay.messaging.api.MessageTraces;
import io.mainstay.messaging.api.OutgoingMessage;
import io.mainstay.messaging.api.QueueSession.PublishListener;
import io.mainstay.messaging.api.QueueStats;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.api.TopologyOutcome;
import io.mainstay.messaging.api.TopologyView;
import io.mainstay.messaging.queue.command.QueueCommand;
import io.mainstay.messaging.queue.state.DelayedState;
import io.mainstay.messaging.queue.state.Entry;
import io.mainstay.messaging.queue.state.QueueListener;
import io.mainstay.messaging.queue.state.QueueMachine;
import io.mainstay.messaging.queue.state.QueueMemory;
import io.mainstay.messaging.queue.state.QueueState;
import io.mainstay.messaging.queue.state.Refused;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
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

    /// What clients ask of queues that nobody leads waits so long: a group that can be rebuilt is back in a second or two.
    private static final long MOST_AWAY_MS = 10_000;

    private static final long NEVER = -1;

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
    private final TurnLog log = new TurnLog(this);

    /// When a command goes to the log for no other end than that time passes there.
    private long passesMs = Long.MAX_VALUE;

    /// Written on the apply thread, to `true` with the inbox locked only.
    private volatile boolean leading;

    private boolean turning;

    /// Since when the ticker sees that this node does not lead the group.
    private long awaySinceMs = NEVER;

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

    /// `null`: nothing is traced.
    @Nullable MessageTraces traces() {
        return port.traces();
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

    /// What queues may keep in the heap.
    QueueMemory memory() {
        return machine.memory();
    }

    void read(Runnable work) {
        port.read(work);
    }

    void publish(OutgoingMessage message, List<QueueView> targets, PublishListener listener) {
        port.publish(message, targets, listener, this);
    }

    /// The queue deletes itself. `done` runs on the apply thread, also if it could not; if nobody leads the group any more, `away` runs in its place, on any
    /// thread.
    void deleteQueue(QueueView view, Runnable done, Runnable away) {
        port.deleteQueue(view, () -> farewell(done, away));
    }

    /// Sends a command into the log at once, beside what is logged at the end of turns. `done` runs on any thread.
    void control(QueueCommand command, Consumer<Outcome> done) {
        control(List.of(command), Durability.QUORUM_FSYNC, done);
    }

    void control(List<QueueCommand> commands, Durability level, Consumer<Outcome> done) {
        port.control(group.id(), commands, level, done);
    }

    /// Why nothing can be asked of a queue of this group. Any thread.
    TopologyOutcome.Refused inaccessible(QueueView queue) {
        return Refusals.inaccessible(queue, group.name());
    }

    /// Whether this node leads the group. Any thread.
    public boolean leading() {
        return leading;
    }

    @Nullable LedQueue queue(long id) {
        return queues.get(id);
    }

    void log(QueueCommand command) {
        log.add(command);
    }

    /// What is settled goes to the log with this turn.
    void settleNow() {
        log.settleNow();
    }

    void hasEvents(Outlet outlet) {
        outlets.add(outlet);
    }

    /// Whether it is there, and this node leads it.
    boolean leads(LedQueue queue) {
        return queues.get(queue.view.id()) == queue;
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

    /// As [#submit], but with the next turn, and with the next tick at the latest.
    void submitLazily(Runnable work) {
        inbox.add(work);
    }

    /// Runs `work` as [#submit] does, once this node leads the group; what waits for that too long is refused. Any thread.
    ///
    /// @param refuse runs in the place of `work`, on any thread; must not touch what is the apply thread's
    void request(Runnable work, Runnable refuse) {
        submit(new Request(work, refuse, false));
    }

    /// As [#request] for the end of something that is gone with the leadership: waits for nobody.
    void farewell(Runnable work, Runnable away) {
        submit(new Request(work, away, true));
    }

    private record Request(Runnable work, Runnable refuse, boolean farewell) implements Runnable {

        /// Refuses it, if all are to be refused or it waits for nobody.
        boolean refusedIf(boolean all) {
            if (all || farewell) {
                guarded(refuse);
                return true;
            }
            return false;
        }

        @Override
        public void run() {
            work.run();
        }
    }

    /// There is to be a turn. Any thread.
    void schedule() {
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

    /// Asks for a turn if a timer is due, or if something was asked while the group was out of service, and refuses what has waited too long for it. The
    /// ticker's thread.
    public void tick(long nowMs) {
        if (nextTimerMs <= nowMs || !inbox.isEmpty()) {
            schedule();
        }
        if (leading) {
            awaySinceMs = NEVER;
        } else {
            refuseRequests();
        }
    }

    private void refuseRequests() {
        long now = monotonicMs();
        if (awaySinceMs == NEVER) {
            awaySinceMs = now;
        }
        boolean all = now - awaySinceMs >= MOST_AWAY_MS || group.staysFenced();
        synchronized (inbox) {
            // Locked: of what one session asked, either all is done by the new leader, or what came
            // before its farewell knows of it.
            if (!leading) {
                inbox.removeIf(work -> work instanceof Request request && request.refusedIf(all));
            }
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
        synchronized (inbox) {
            leading = true;
        }
        log.gained();
        Collection<QueueView> known = port.queuesOf(group.id());
        queues.clear();
        delays.end();
        known.forEach(this::add);
        delays.deleteUnknown();
        for (QueueState state : machine.queues()) {
            LedQueue queue = queues.get(state.id());
            if (queue != null) {
                queue.takenOver(state);
                queue.applied();
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
        queues.values().forEach(queue -> queue.end(inaccessible(queue.view)));
        delays.end();
        flushOutlets();
        queues.clear();
        dirty.clear();
        log.lost();
        timers.clear();
        passesMs = Long.MAX_VALUE;
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
        if (state == null || !RejectLimits.of(view.settings()).areThoseOf(state)) {
            open(view);
        }
    }

    /// Before anybody can publish to it: the log keeps the order.
    private void open(QueueView view) {
        RejectLimits limits = RejectLimits.of(view.settings());
        port.control(
                group.id(),
                List.of(new QueueCommand.Open(view.id(), limits.length(), limits.bytes())),
                view.durable() ? Durability.QUORUM_FSYNC : Durability.LEADER_MEMORY,
                outcome -> {
                    if (!(outcome instanceof Outcome.Applied)) {
                        submit(() -> openAgain(view.id()));
                    }
                });
    }

    /// What publishers send to a queue that the log does not know is in no queue. Whoever leads next opens it as well.
    private void openAgain(long id) {
        at(
                nowMs() + AGAIN_MS,
                () -> {
                    LedQueue queue = queues.get(id);
                    if (leading && queue != null) {
                        open(queue.view);
                    }
                });
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
                queue.end(Refusals.notFound(queue.view));
                dirty.remove(queue);
                log.forget(queue);
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
                RejectLimits before = RejectLimits.of(queue.view.settings());
                queue.view = view;
                queue.changed();
                dirty.add(queue);
                if (!before.equals(RejectLimits.of(view.settings()))) {
                    open(view);
                }
            }
        }
        turn();
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
            runInbox();
            runTimers();
            boolean more = false;
            for (LedQueue queue : List.copyOf(dirty)) {
                dirty.remove(queue);
                more |= deliver(queue);
            }
            nextTimerMs = Math.min(nextTimerMs, delays.work(nowMs()));
            if (leading) {
                letTimePass();
                log.send();
            }
            flushOutlets();
            if (more || leading && !inbox.isEmpty()) {
                // Also for who settled just when a delivery began to wait for that.
                schedule();
            }
        } finally {
            turning = false;
        }
    }

    /// What its publisher began and never ended takes space until a command comes after its time: if nobody sends one, this node does.
    private void letTimePass() {
        long dueMs = machine.expiresMs();
        if (dueMs < passesMs) {
            long atMs = Math.max(dueMs, nowMs() + AGAIN_MS);
            passesMs = atMs;
            at(
                    atMs,
                    () -> {
                        passesMs = Long.MAX_VALUE;
                        if (machine.expiresMs() <= nowMs()) {
                            control(NOTHING, Durability.LEADER_MEMORY, outcome -> {});
                        }
                    });
        }
    }

    /// Settles nothing of no queue.
    private static final List<QueueCommand> NOTHING =
            List.of(new QueueCommand.Settle(0, new long[0]));

    private void runInbox() {
        if (leading) {
            for (Runnable work = inbox.poll(); work != null; work = inbox.poll()) {
                guarded(work);
            }
            return;
        }
        for (Iterator<Runnable> each = inbox.iterator(); each.hasNext(); ) {
            Runnable work = each.next();
            if (!(work instanceof Request)) {
                each.remove();
                guarded(work);
            }
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
            log.settled(queue);
        }
        if (leads(queue)) {
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
        log.settleNow();
        outlet.queues.clear();
    }
}
