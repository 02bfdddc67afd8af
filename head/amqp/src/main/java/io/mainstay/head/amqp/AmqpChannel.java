package io.mainstay.head.amqp;

import io.mainstay.head.amqp.wire.AmqpException;
import io.mainstay.head.amqp.wire.Method;
import io.mainstay.head.amqp.wire.MethodId;
import io.mainstay.head.amqp.wire.MethodWriter;
import io.mainstay.head.amqp.wire.ReplyCode;
import io.mainstay.messaging.api.Clients.ChannelInfo;
import io.mainstay.messaging.api.TopologyChange;
import io.mainstay.messaging.api.TopologyOutcome;
import io.netty.buffer.ByteBuf;

import java.util.ArrayDeque;

/// One channel: carries out its methods one after the other. Event loop only, but for [#info].
///
/// A method that waits for messaging makes the later ones wait in the inbox. Publishes do not wait for each other; what could see them ([Command#waitsForPublishes])
/// waits until all of them are answered, and everything behind it with it.
final class AmqpChannel {

    private final int number;
    private final RunningConnection connection;
    private final ContentAssembler assembler;
    private final ArrayDeque<Command> inbox = new ArrayDeque<>();
    private final ExchangeMethods exchanges;
    private final QueueMethods queues;
    private final Publishing publishing;
    private final Consuming consuming;
    private final Settling settling;
    private final TransactionMethods transactions;
    private boolean busy;
    private boolean closed;

    /// Of a channel that we have closed: the client has been told, and it has closed it, too.
    private boolean told;

    private boolean askedToo;

    AmqpChannel(int number, RunningConnection connection) {
        this.number = number;
        this.connection = connection;
        this.assembler =
                new ContentAssembler(
                        connection.shared().config().messageMaxBytes(), connection.half());
        this.exchanges = new ExchangeMethods(this);
        this.queues = new QueueMethods(this);
        this.transactions = new TransactionMethods(this);
        this.settling = new Settling(this, transactions);
        this.consuming = new Consuming(this, queues, settling);
        this.publishing = new Publishing(this, transactions, consuming);
        transactions.use(publishing, settling);
    }

    // Commands.

    void frame(int type, ByteBuf payload) throws AmqpException {
        Command command = assembler.frame(type, payload);
        if (command == null) {
            return;
        }
        if (inbox.isEmpty() && ready(command)) {
            perform(command);
        } else {
            inbox.add(command);
            connection.waits(command);
        }
    }

    private boolean ready(Command command) {
        return !busy
                && !(command.waitsForPublishes() && publishing.unanswered() > 0)
                && !(command.method() instanceof Method.BasicPublish && connection.publishWaits());
    }

    /// Carries out what waits and need not wait any more.
    void drain() {
        while (!inbox.isEmpty() && !closed && ready(inbox.peek())) {
            Command command = inbox.remove();
            connection.waitsNoMore(command);
            try {
                perform(command);
            } catch (AmqpException wrong) {
                connection.failed(this, command.id(), wrong);
            }
        }
    }

    private void perform(Command command) throws AmqpException {
        switch (command.method()) {
            case Method.BasicPublish _ -> publishing.publish(command);
            case Method.BasicAck(long tag, boolean multiple) -> settling.ack(tag, multiple);
            case Method.BasicNack(long tag, boolean multiple, boolean requeue) ->
                    settling.nack(tag, multiple, requeue);
            case Method.BasicReject(long tag, boolean requeue) ->
                    settling.nack(tag, false, requeue);
            case Method.BasicRecover(boolean requeue) -> settling.recover(requeue, true);
            case Method.BasicRecoverAsync(boolean requeue) -> settling.recover(requeue, false);
            case Method.BasicQos qos -> consuming.qos(qos);
            case Method.BasicConsume consume -> consuming.consume(consume);
            case Method.BasicCancel cancel -> consuming.cancel(cancel);
            case Method.BasicCancelOk _, Method.ChannelFlowOk _ -> {}
            case Method.BasicGet get -> consuming.get(get);
            case Method.ConfirmSelect(boolean noWait) -> confirmSelect(noWait);
            case Method.TxSelect _ -> transactions.select(publishing.confirming());
            case Method.TxCommit _ -> transactions.commit();
            case Method.TxRollback _ -> transactions.rollback();
            case Method.ExchangeDeclare declare -> exchanges.declare(declare);
            case Method.ExchangeDelete delete -> exchanges.delete(delete);
            case Method.ExchangeBind bind -> exchanges.bind(bind);
            case Method.ExchangeUnbind unbind -> exchanges.unbind(unbind);
            case Method.QueueDeclare declare -> queues.declare(declare);
            case Method.QueueBind bind -> queues.bind(bind);
            case Method.QueueUnbind unbind -> queues.unbind(unbind);
            case Method.QueuePurge purge -> queues.purge(purge);
            case Method.QueueDelete delete -> queues.delete(delete);
            case Method.AccessRequest _ -> out().accessRequestOk(number);
            case Method.ChannelFlow(boolean active) -> flow(active);
            case Method.ChannelClose _ -> closedByClient();
            case Method.ChannelOpen _ ->
                    throw new AmqpException(ReplyCode.CHANNEL_ERROR, "second 'channel.open' seen");
            case Method.ChannelCloseOk _ ->
                    throw new AmqpException(
                            ReplyCode.CHANNEL_ERROR, "'channel.close-ok' without a close");
            case Method.ConnectionStartOk _,
                    Method.ConnectionSecureOk _,
                    Method.ConnectionTuneOk _,
                    Method.ConnectionOpen _,
                    Method.ConnectionClose _,
                    Method.ConnectionCloseOk _,
                    Method.ConnectionUpdateSecret _ ->
                    throw new AmqpException(
                            ReplyCode.COMMAND_INVALID,
                            "methods of the class connection belong on channel 0");
        }
    }

    private void confirmSelect(boolean noWait) throws AmqpException {
        if (transactions.selected()) {
            throw new AmqpException(
                    ReplyCode.PRECONDITION_FAILED, "cannot switch from tx to confirm mode");
        }
        publishing.confirm();
        if (!noWait) {
            out().bare(number, MethodId.CONFIRM_SELECT_OK);
        }
    }

    private void flow(boolean active) throws AmqpException {
        if (!active) {
            throw new AmqpException(ReplyCode.NOT_IMPLEMENTED, "active=false");
        }
        out().channelFlowOk(number, true);
    }

    private void closedByClient() {
        release(
                () -> {
                    out().bare(number, MethodId.CHANNEL_CLOSE_OK);
                    connection.forget(this);
                });
    }

    /// Ends the channel.
    ///
    /// @param tell says it to the client, when consumers have ended
    void closedByUs(Runnable tell) {
        release(
                () -> {
                    tell.run();
                    told = true;
                    if (askedToo) {
                        out().bare(number, MethodId.CHANNEL_CLOSE_OK);
                    }
                });
    }

    /// The client closes a channel that we have closed, and does not know it yet.
    void closedByBoth() {
        askedToo = true;
        if (told) {
            out().bare(number, MethodId.CHANNEL_CLOSE_OK);
        }
    }

    // What methods need.

    int number() {
        return number;
    }

    RunningConnection connection() {
        return connection;
    }

    MethodWriter out() {
        return connection.out();
    }

    /// What comes later waits for [#resume].
    void pause() {
        busy = true;
    }

    void resume() {
        busy = false;
        connection.dirty(this);
    }

    /// What is to be done with an answer; it may fail as the method itself.
    interface Answered<T> {
        void accept(T answer) throws AmqpException;
    }

    /// An answer for which the channel paused: goes on with it, unless the channel is closed by now.
    <T> void answered(int id, T answer, Answered<T> then) {
        if (closed) {
            return;
        }
        resume();
        try {
            then.accept(answer);
        } catch (AmqpException wrong) {
            connection.failed(this, id, wrong);
        }
    }

    /// Changes the topology; what comes later waits.
    ///
    /// @param id of the method that asks
    void change(int id, TopologyChange change, Answered<TopologyOutcome.Done> then) {
        pause();
        connection
                .topology()
                .change(change, outcome -> answered(id, outcome, it -> changed(it, then)));
    }

    private static void changed(TopologyOutcome outcome, Answered<TopologyOutcome.Done> then)
            throws AmqpException {
        switch (outcome) {
            case TopologyOutcome.Done done -> then.accept(done);
            case TopologyOutcome.Refused(TopologyOutcome.Reason reason, String message) ->
                    throw TopologyCalls.error(reason, message);
            case TopologyOutcome.Unknown(String message) ->
                    throw new AmqpException(ReplyCode.INTERNAL_ERROR, message);
        }
    }

    // Turns and the end.

    void tellConfirms() {
        if (!closed) {
            publishing.tellConfirms();
        }
    }

    void windowOpened() {
        consuming.windowOpened();
    }

    /// Whether everything is carried out and answered.
    boolean idle() {
        return closed || (inbox.isEmpty() && !busy && publishing.unanswered() == 0);
    }

    boolean closed() {
        return closed;
    }

    /// Ends the channel: consumers end, what is unsettled goes back.
    ///
    /// @param then runs when queues are deleted that nobody else consumes and that do not outlive that, most often at once; never, if the connection ends
    private void release(Runnable then) {
        tellConfirms();
        end();
        consuming.endAll(
                () -> {
                    if (!connection.left()) {
                        then.run();
                        connection.dirty(this);
                    }
                });
        settling.returnAll();
    }

    /// Ends the channel with its connection, which gives everything back at once.
    void end() {
        if (closed) {
            return;
        }
        closed = true;
        connection.shared().quotas().channelClosed(connection.peer().user());
        assembler.release();
        for (Command command : inbox) {
            connection.waitsNoMore(command);
            command.release();
        }
        inbox.clear();
        transactions.end();
        publishing.end();
        settling.end();
        consuming.end();
    }

    /// For people who look; any thread.
    ChannelInfo info(String connectionName) {
        return new ChannelInfo(
                "%s (%s)".formatted(connectionName, number),
                number,
                "running",
                publishing.confirming(),
                transactions.selected(),
                consuming.prefetch(),
                consuming.globalPrefetch(),
                settling.unackedNow(),
                publishing.unconfirmedNow(),
                publishing.publishedNow(),
                consuming.deliveredNow(),
                settling.ackedNow(),
                consuming.infos());
    }
}
