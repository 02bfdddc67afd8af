package io.mainstay.messaging.service;

import io.mainstay.common.Check;
import io.mainstay.kernel.group.Durability;
import io.mainstay.kernel.group.Outcome;
import io.mainstay.kernel.group.RaftGroup;
import io.mainstay.messaging.api.Clients;
import io.mainstay.messaging.api.MessageTraces;
import io.mainstay.messaging.api.Messaging;
import io.mainstay.messaging.api.OutgoingMessage;
import io.mainstay.messaging.api.QueueSession;
import io.mainstay.messaging.api.QueueSession.PublishListener;
import io.mainstay.messaging.api.QueueStats;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.api.Topology;
import io.mainstay.messaging.api.TopologyChange;
import io.mainstay.messaging.api.TopologyOutcome;
import io.mainstay.messaging.api.TopologyView;
import io.mainstay.messaging.queue.command.QueueCommand;
import io.mainstay.messaging.queue.dispatch.Dispatcher;
import io.mainstay.messaging.queue.dispatch.DispatcherPort;
import io.mainstay.messaging.queue.dispatch.FlowingQueues;
import io.mainstay.messaging.queue.dispatch.GroupDoors;
import io.mainstay.messaging.queue.dispatch.Ingress;
import io.mainstay.messaging.queue.dispatch.ProposalBuffers;
import io.mainstay.messaging.queue.dispatch.Session;
import io.mainstay.messaging.queue.state.QueueMachine;
import io.mainstay.messaging.queue.state.QueueMemory;
import io.mainstay.messaging.queue.store.IndexFiles;
import io.mainstay.platform.Platform;
import io.mainstay.platform.Threads;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/// [Messaging] over the raft groups: a machine, an [Ingress] and a [Dispatcher] for each data group.
public final class MessagingService
        implements Messaging, DispatcherPort, GroupDoors, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(MessagingService.class);

    /// How exact time to live, delays and time-outs are.
    private static final Duration TICK = Duration.ofMillis(10);

    private final Platform platform;
    private final long consumerTimeoutMs;

    /// What all queues may take before they keep less in the heap: a sixteenth of it.
    private static final long QUEUE_BYTES = Runtime.getRuntime().maxMemory() / 16;

    private final List<QueueMachine> machines = new ArrayList<>();
    private final List<Ingress> ingresses = new ArrayList<>();
    private final List<Dispatcher> dispatchers = new ArrayList<>();
    private final Map<Long, QueueStats> stats = new ConcurrentHashMap<>();
    private final ConnectedClients clients = new ConnectedClients(this::topologyView);
    private final KnownQueues known = new KnownQueues();
    private final FlowingQueues flowing = new FlowingQueues();
    private final AtomicLong uploads = new AtomicLong();
    private final long process;
    private final @Nullable MessageTraces traces;
    private volatile @Nullable Topology topology;
    private @Nullable Readers readers;
    private Threads.@Nullable Running ticker;

    /// Without traces. See the other constructor.
    public MessagingService(Platform platform, int queueGroups, Duration consumerTimeout) {
        this(platform, queueGroups, consumerTimeout, null);
    }

    /// @param queueGroups raft groups with queues, from 1 on
    /// @param consumerTimeout how long a consumer may keep a delivery unsettled, for queues that do not say so themselves; zero: for ever
    /// @param traces `null`: nothing is traced
    public MessagingService(
            Platform platform,
            int queueGroups,
            Duration consumerTimeout,
            @Nullable MessageTraces traces) {
        this.platform = platform;
        this.traces = traces;
        this.consumerTimeoutMs = consumerTimeout.toMillis();
        this.process = platform.random().nextLong();
        QueueMemory memory = new QueueMemory(QUEUE_BYTES);
        for (int group = 1; group <= queueGroups; group++) {
            QueueMachine machine = new QueueMachine(new IndexFiles(platform.disk(), group), memory);
            machine.names(this::nameOf);
            machines.add(machine);
        }
    }

    private String nameOf(long queue) {
        Topology served = topology;
        QueueView view = served == null ? null : served.view().queue(queue);
        return view == null
                ? "queue with id " + queue
                : "queue '%s' in vhost '%s'".formatted(view.name(), view.vhost());
    }

    /// The state machine of a group with queues, 1 and up.
    public QueueMachine machineFor(int group) {
        return machines.get(group - 1);
    }

    /// Begins to serve, after every group is led and what earlier lives left is applied.
    ///
    /// @param onTopology registers who is told of each new view on the apply thread
    /// @return false if the queues could not be taken over within `most`
    public boolean start(
            IntFunction<RaftGroup> groups,
            Topology served,
            Consumer<Consumer<TopologyView>> onTopology,
            Duration most)
            throws InterruptedException {
        topology = served;
        readers = new Readers(platform.threads());
        ProposalBuffers buffers = new ProposalBuffers();
        for (int group = 1; group <= machines.size(); group++) {
            ingresses.add(new Ingress(groups.apply(group), buffers));
            dispatchers.add(new Dispatcher(groups.apply(group), machineFor(group), this));
        }
        ticker = platform.threads().every("mainstay-queue-timer", TICK, this::tick);
        CountDownLatch begun = new CountDownLatch(machines.size());
        groups.apply(0).execute(() -> begin(groups, served, onTopology, begun), () -> {});
        return begun.await(most.toNanos(), TimeUnit.NANOSECONDS);
    }

    /// Apply thread: from here on no change of the topology is missed.
    private void begin(
            IntFunction<RaftGroup> groups,
            Topology served,
            Consumer<Consumer<TopologyView>> onTopology,
            CountDownLatch begun) {
        known.update(served.view());
        onTopology.accept(this::topologyChanged);
        for (int group = 1; group <= machines.size(); group++) {
            Dispatcher dispatcher = dispatcher(group);
            machineFor(group).listener(dispatcher);
            groups.apply(group).addListener(new Leadership(dispatcher, begun));
        }
    }

    private record Leadership(Dispatcher dispatcher, CountDownLatch begun)
            implements RaftGroup.LeadershipListener {
        @Override
        public void gained(int term) {
            dispatcher.gained();
            begun.countDown();
        }

        @Override
        public void lost(int term) {
            dispatcher.lost();
        }
    }

    private void topologyChanged(TopologyView view) {
        clients.topologyChanged(view);
        known.update(view)
                .forEach(
                        (group, difference) ->
                                dispatcher(group)
                                        .topologyChanged(difference.changed(), difference.gone()));
    }

    private void tick() {
        long now = nowMs();
        dispatchers.forEach(dispatcher -> dispatcher.tick(now));
    }

    // --- for heads -------------------------------------------------------------------------------

    @Override
    public Topology topology() {
        return Check.present(topology, "messaging is asked before its start");
    }

    @Override
    public Clients clients() {
        return clients;
    }

    @Override
    public QueueSession open(Executor executor, String name) {
        return new Session(this, executor);
    }

    @Override
    public QueueStats stats(QueueView queue) {
        return stats.getOrDefault(queue.id(), QueueStats.NONE);
    }

    @Override
    public boolean isUp(QueueView queue) {
        return dispatcher(queue.group()).leading();
    }

    @Override
    public @Nullable MessageTraces traces() {
        return traces;
    }

    // --- for dispatchers and sessions ------------------------------------------------------------

    @Override
    public long nowMs() {
        return platform.clock().wallMs();
    }

    @Override
    public long monotonicMs() {
        return TimeUnit.NANOSECONDS.toMillis(platform.clock().nanoTime());
    }

    @Override
    public FlowingQueues flowing() {
        return flowing;
    }

    @Override
    public long consumerTimeoutMs() {
        return consumerTimeoutMs;
    }

    @Override
    public TopologyView topologyView() {
        return topology().view();
    }

    @Override
    public Collection<QueueView> queuesOf(int group) {
        return known.of(group);
    }

    @Override
    public void control(
            int group, List<QueueCommand> commands, Durability level, Consumer<Outcome> done) {
        ingress(group).control(commands, level, done);
    }

    @Override
    public void publish(
            OutgoingMessage message,
            List<QueueView> targets,
            PublishListener listener,
            Dispatcher dispatcher) {
        QueueSession session = publisher(dispatcher);
        session.publish(message, targets, listener, 0);
        session.flush();
    }

    @Override
    public QueueSession publisher(Dispatcher dispatcher) {
        return new Session(this, dispatcher::submit);
    }

    @Override
    public void deleteQueue(QueueView view, Runnable done) {
        deleteQueue(
                view,
                outcome -> {
                    if (!(outcome instanceof TopologyOutcome.Done)) {
                        LOG.warn(
                                "queue '{}' in vhost '{}' was to be deleted by itself and is not: {}",
                                view.name(),
                                view.vhost(),
                                outcome);
                    }
                    done.run();
                });
    }

    @Override
    public void deleteQueue(QueueView queue, Consumer<TopologyOutcome> done) {
        topology()
                .change(new TopologyChange.DeleteQueue(queue.vhost(), queue.name(), queue.id()))
                .thenAccept(done);
    }

    @Override
    public void read(Runnable work) {
        Check.present(readers, "messaging is asked before its start").submit(work);
    }

    @Override
    public void stats(long queue, QueueStats now) {
        stats.put(queue, now);
    }

    @Override
    public void forget(long queue) {
        stats.remove(queue);
    }

    @Override
    public Dispatcher dispatcher(int group) {
        return dispatchers.get(group - 1);
    }

    @Override
    public Ingress ingress(int group) {
        return ingresses.get(group - 1);
    }

    @Override
    public long process() {
        return process;
    }

    @Override
    public long nextUpload() {
        return uploads.incrementAndGet();
    }

    @Override
    public int count() {
        return machines.size();
    }

    @Override
    public void close() {
        if (ticker != null) {
            ticker.close();
        }
        if (readers != null) {
            readers.close();
        }
    }
}
