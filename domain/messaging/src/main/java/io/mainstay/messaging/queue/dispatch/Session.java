package io.mainstay.messaging.queue.dispatch;

import io.mainstay.kernel.group.Durability;
import io.mainstay.messaging.api.Delivery;
import io.mainstay.messaging.api.DeliveryListener;
import io.mainstay.messaging.api.OutgoingMessage;
import io.mainstay.messaging.api.QueueConsumer;
import io.mainstay.messaging.api.QueueSession;
import io.mainstay.messaging.api.QueueStats;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.api.TopologyOutcome;
import io.mainstay.messaging.api.TopologyOutcome.Reason;
import io.mainstay.messaging.api.TopologyOutcome.Refused;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/// [QueueSession]: publishes go to the groups' [Ingress], everything else to their [Dispatcher]. Event loop only.
public final class Session implements QueueSession, PublishSink {

    /// What a message takes beside its body and its properties, for the connection's limit.
    private static final int OVERHEAD_BYTES = 256;

    private final GroupDoors doors;
    private final Executor executor;

    /// By group; each is its dispatcher's.
    private final Outlet[] outlets;

    private final Getting[] getters;
    private final boolean[] unflushed;
    private final HeldBack heldBack;
    private boolean consumes;
    private long bytesUnderWay;
    private boolean closed;

    public Session(GroupDoors doors, Executor executor) {
        this.doors = doors;
        this.executor = executor;
        this.heldBack = new HeldBack(doors.flowing());
        int size = doors.count() + 1;
        this.outlets = new Outlet[size];
        this.getters = new Getting[size];
        this.unflushed = new boolean[size];
        for (int group = 1; group < size; group++) {
            outlets[group] = new Outlet(executor);
            getters[group] = new Getting(outlets[group]);
        }
    }

    @Override
    public Executor executor() {
        return executor;
    }

    @Override
    public void publish(
            OutgoingMessage message,
            List<QueueView> targets,
            PublishListener listener,
            long sequence) {
        heldBack.published(targets);
        if (Targets.areOnePart(targets)) {
            send(targets.getFirst().group(), message, targets, listener, sequence);
            return;
        }
        List<Targets.Part> parts = Targets.parts(message, targets);
        JoinedPublish joined = new JoinedPublish(listener, parts.size());
        parts.forEach(part -> send(part.group(), part.message(), part.queues(), joined, sequence));
    }

    private void send(
            int group,
            OutgoingMessage message,
            List<QueueView> queues,
            PublishListener listener,
            long sequence) {
        int bytes = Ingress.commandBytes(message, queues.size());
        bytesUnderWay += bytes + OVERHEAD_BYTES;
        unflushed[group] = true;
        Ingress ingress = doors.ingress(group);
        long[] to = Targets.of(queues, message.priority());
        Durability level = Targets.level(message, queues);
        if (bytes <= Ingress.MAX_ONE_PIECE) {
            ingress.publish(message, to, queues.size(), level, this, listener, sequence);
        } else {
            ingress.publishInPieces(
                    message,
                    to,
                    queues.size(),
                    level,
                    doors.process(),
                    doors.nextUpload(),
                    this,
                    listener,
                    sequence);
        }
    }

    @Override
    public void answered(
            PublishListener listener, long sequence, int bytes, PublishOutcome outcome) {
        bytesUnderWay -= bytes + OVERHEAD_BYTES;
        if (!closed) {
            listener.published(sequence, outcome);
        }
    }

    @Override
    public void flush() {
        for (int group = 1; group < unflushed.length; group++) {
            if (unflushed[group]) {
                unflushed[group] = false;
                doors.ingress(group).flush();
            }
        }
    }

    @Override
    public long bytesUnderWay() {
        return bytesUnderWay;
    }

    @Override
    public boolean heldBack() {
        return !consumes && heldBack.now(doors.monotonicMs());
    }

    @Override
    public QueueConsumer consume(QueueView queue, ConsumerSpec spec, DeliveryListener listener) {
        consumes = true;
        ConsumerHandle handle =
                new ConsumerHandle(
                        doors.dispatcher(queue.group()),
                        queue,
                        spec,
                        listener,
                        outlets[queue.group()]);
        handle.begin();
        return handle;
    }

    @Override
    public void get(QueueView queue, boolean autoAck, Consumer<GetOutcome> done) {
        ask(
                queue,
                at -> at.get(getters[queue.group()], autoAck, done),
                refused -> done.accept(new GetOutcome.Failed(refused.reason(), refused.message())));
    }

    @Override
    public void settleGot(QueueView queue, long[] sequences, Settlement settlement) {
        Dispatcher dispatcher = doors.dispatcher(queue.group());
        dispatcher.submit(
                () -> {
                    LedQueue at = dispatcher.use(queue.id());
                    if (at != null) {
                        for (long sequence : sequences) {
                            at.settle(getters[queue.group()], sequence, sequence, settlement);
                        }
                    }
                });
    }

    @Override
    public void peek(
            QueueView queue,
            int max,
            long maxBytes,
            Consumer<List<Delivery>> done,
            Consumer<Refused> failed) {
        Outlet outlet = outlets[queue.group()];
        ask(
                queue,
                at ->
                        new Peek(doors.dispatcher(queue.group()), at, outlet, done)
                                .begin(max, maxBytes),
                refused -> tellIfGone(refused, () -> done.accept(List.of()), failed));
    }

    @Override
    public void purge(QueueView queue, Consumer<CountOutcome> done) {
        Outlet outlet = outlets[queue.group()];
        ask(
                queue,
                at -> {
                    CountOutcome outcome = at.purge();
                    outlet.add(() -> done.accept(outcome));
                },
                refused ->
                        done.accept(new CountOutcome.Refused(refused.reason(), refused.message())));
    }

    @Override
    public void inspect(QueueView queue, Consumer<QueueStats> done, Consumer<Refused> failed) {
        Outlet outlet = outlets[queue.group()];
        ask(
                queue,
                at -> {
                    at.used();
                    QueueStats stats = at.stats();
                    outlet.add(() -> done.accept(stats));
                },
                refused -> tellIfGone(refused, () -> done.accept(QueueStats.NONE), failed));
    }

    private static void tellIfGone(Refused refused, Runnable gone, Consumer<Refused> failed) {
        if (refused.reason() == Reason.NOT_FOUND) {
            gone.run();
        } else {
            failed.accept(refused);
        }
    }

    @Override
    public void delete(
            QueueView queue, boolean ifUnused, boolean ifEmpty, Consumer<CountOutcome> done) {
        Outlet outlet = outlets[queue.group()];
        ask(
                queue,
                at -> {
                    QueueStats stats = at.stats();
                    String objection = at.objection(ifUnused, ifEmpty);
                    if (objection.isEmpty()) {
                        doors.deleteQueue(
                                queue,
                                outcome -> tell(() -> done.accept(count(outcome, stats.ready()))));
                    } else {
                        String message =
                                "queue '%s' in vhost '%s' %s"
                                        .formatted(queue.name(), queue.vhost(), objection);
                        outlet.add(
                                () ->
                                        done.accept(
                                                new CountOutcome.Refused(
                                                        Reason.PRECONDITION_FAILED, message)));
                    }
                },
                refused ->
                        done.accept(
                                refused.reason() == Reason.NOT_FOUND
                                        ? new CountOutcome.Done(0)
                                        : new CountOutcome.Refused(
                                                refused.reason(), refused.message())));
    }

    private static CountOutcome count(TopologyOutcome outcome, long messages) {
        return switch (outcome) {
            case TopologyOutcome.Done deleted -> new CountOutcome.Done(messages);
            case TopologyOutcome.Refused(Reason reason, String message) ->
                    new CountOutcome.Refused(reason, message);
            case TopologyOutcome.Unknown(String message) ->
                    new CountOutcome.Refused(Reason.UNAVAILABLE, message);
        };
    }

    @Override
    public void commit(Transaction transaction, Consumer<Boolean> done) {
        new Commit(doors, outlets, transaction, succeeded -> tell(() -> done.accept(succeeded)))
                .begin();
    }

    /// Runs `work` on the dispatcher, or `refused` on the event loop if there is no such queue any more, or nobody leads it.
    private void ask(QueueView queue, Consumer<LedQueue> work, Consumer<Refused> refused) {
        Dispatcher dispatcher = doors.dispatcher(queue.group());
        Outlet outlet = outlets[queue.group()];
        dispatcher.request(
                () -> {
                    if (outlet.ended()) {
                        return;
                    }
                    LedQueue at = dispatcher.use(queue.id());
                    if (at == null) {
                        outlet.add(() -> refused.accept(Refusals.notFound(queue)));
                    } else {
                        work.accept(at);
                    }
                    dispatcher.hasEvents(outlet);
                },
                () -> tell(() -> refused.accept(dispatcher.inaccessible(queue))));
    }

    private void tell(Runnable event) {
        try {
            executor.execute(event);
        } catch (java.util.concurrent.RejectedExecutionException e) {
            // The event loop has ended, and its connections with it.
        }
    }

    @Override
    public void close(Runnable done) {
        closed = true;
        flush();
        Countdown left = new Countdown(() -> tell(done));
        for (int group = 1; group < outlets.length; group++) {
            Outlet outlet = outlets[group];
            Dispatcher dispatcher = doors.dispatcher(group);
            Runnable closed = left.oneMore();
            dispatcher.farewell(
                    () -> {
                        dispatcher.close(outlet, left);
                        closed.run();
                    },
                    () -> {
                        outlet.end();
                        closed.run();
                    });
        }
        left.done();
    }
}
