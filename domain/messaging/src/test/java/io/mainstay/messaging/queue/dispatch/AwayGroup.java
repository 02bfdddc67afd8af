package io.mainstay.messaging.queue.dispatch;

import io.mainstay.kernel.group.Bodies;
import io.mainstay.kernel.group.Durability;
import io.mainstay.kernel.group.Outcome;
import io.mainstay.kernel.group.Proposal;
import io.mainstay.kernel.group.RaftGroup;
import io.mainstay.messaging.api.OutgoingMessage;
import io.mainstay.messaging.api.QueueSession;
import io.mainstay.messaging.api.QueueSession.PublishListener;
import io.mainstay.messaging.api.QueueStats;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.api.TopologyChange.DeclareQueue;
import io.mainstay.messaging.api.TopologyOutcome;
import io.mainstay.messaging.api.TopologyView;
import io.mainstay.messaging.message.FieldTable;
import io.mainstay.messaging.queue.command.QueueCommand;
import io.mainstay.messaging.queue.state.QueueMachine;
import io.mainstay.messaging.queue.store.IndexFiles;
import io.mainstay.messaging.topology.Machines;
import io.mainstay.platform.sim.SimDisk;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/// One raft group that takes nothing, comes and goes, and the dispatcher of its one queue, in virtual time and one thread.
final class AwayGroup implements RaftGroup, DispatcherPort, GroupDoors {

    final QueueView queue;
    final QueueMachine machine = new QueueMachine(new IndexFiles(new SimDisk(1 << 20), 1));
    final Dispatcher dispatcher;
    private final Machines topology = new Machines(1);
    private final FlowingQueues flowing = new FlowingQueues();
    private final Ingress ingress = new Ingress(this, new ProposalBuffers());

    /// What it was asked to write beside messages.
    final List<QueueCommand> controlled = new ArrayList<>();

    /// Deletions that are under way: each runs when it is over.
    final List<Runnable> deleting = new ArrayList<>();

    private boolean fenced;
    private boolean forGood;
    private long nowMs = 1_000_000;

    /// Its queue stays as long as nobody deletes it.
    AwayGroup() {
        this(false);
    }

    /// @param autoDelete whether the queue goes with its last consumer
    AwayGroup(boolean autoDelete) {
        topology.make(
                new DeclareQueue(Machines.VHOST, "orders", true, autoDelete, "", FieldTable.EMPTY));
        queue = topology.queue("orders");
        dispatcher = new Dispatcher(this, machine, this);
        machine.listener(dispatcher);
        dispatcher.gained();
    }

    QueueSession open() {
        return new Session(this, Runnable::run);
    }

    void fence() {
        dispatcher.lost();
        fenced = true;
    }

    void giveUp() {
        forGood = true;
    }

    void comeBack() {
        fenced = false;
        dispatcher.gained();
    }

    void pass(long ms) {
        for (long end = nowMs + ms; nowMs < end; ) {
            nowMs += Math.min(10, end - nowMs);
            dispatcher.tick(nowMs);
        }
    }

    // --- the group -------------------------------------------------------------------------------

    @Override
    public int id() {
        return 1;
    }

    @Override
    public String name() {
        return "1";
    }

    @Override
    public void propose(Proposal proposal) {
        proposal.completion()
                .completed(new Outcome.Refused(Outcome.Reason.UNAVAILABLE, "out of service"));
    }

    @Override
    public void proposeFreeing(Proposal proposal) {
        propose(proposal);
    }

    @Override
    public void awaitReadable(Runnable ready, Consumer<Outcome> failed) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void execute(Runnable task, Runnable dropped) {
        (fenced ? dropped : task).run();
    }

    @Override
    public Bodies bodies() {
        throw new UnsupportedOperationException();
    }

    @Override
    public GroupStatus status() {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean staysFenced() {
        return fenced && forGood;
    }

    @Override
    public void addListener(LeadershipListener listener) {
        throw new UnsupportedOperationException();
    }

    // --- what is around it -----------------------------------------------------------------------

    @Override
    public long nowMs() {
        return nowMs;
    }

    @Override
    public long monotonicMs() {
        return nowMs;
    }

    @Override
    public FlowingQueues flowing() {
        return flowing;
    }

    @Override
    public long consumerTimeoutMs() {
        return 0;
    }

    @Override
    public TopologyView topologyView() {
        return topology.view();
    }

    @Override
    public Collection<QueueView> queuesOf(int group) {
        return List.of(queue);
    }

    @Override
    public void control(
            int group, List<QueueCommand> commands, Durability level, Consumer<Outcome> done) {
        controlled.addAll(commands);
        ingress.control(commands, level, done);
    }

    @Override
    public void publish(
            OutgoingMessage message,
            List<QueueView> targets,
            PublishListener listener,
            Dispatcher told) {
        throw new UnsupportedOperationException();
    }

    @Override
    public QueueSession publisher(Dispatcher told) {
        return new Session(this, told::submit);
    }

    @Override
    public void deleteQueue(QueueView view, Runnable done) {
        deleting.add(done);
    }

    @Override
    public void deleteQueue(QueueView view, Consumer<TopologyOutcome> done) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void read(Runnable work) {
        work.run();
    }

    @Override
    public void stats(long id, QueueStats stats) {}

    @Override
    public void forget(long id) {}

    @Override
    public Dispatcher dispatcher(int group) {
        return dispatcher;
    }

    @Override
    public Ingress ingress(int group) {
        return ingress;
    }

    @Override
    public int count() {
        return 1;
    }

    @Override
    public long process() {
        return 1;
    }

    @Override
    public long nextUpload() {
        return 1;
    }
}
