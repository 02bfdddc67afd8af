package io.mainstay.messaging.queue.dispatch;

import io.mainstay.kernel.group.Durability;
import io.mainstay.kernel.group.Outcome;
import io.mainstay.messaging.queue.command.QueueCommand;
import io.mainstay.messaging.queue.command.QueueCommandCodec;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// What the turns of a [Dispatcher] have to write to the log: what was settled, and other commands of its queues. One list of commands is under way at a
/// time, so that what comes meanwhile goes together. Apply thread only.
final class TurnLog {

    /// Acknowledgements wait so long for others. Nobody is told that they are in the log: after a crash their messages come again, marked as redelivered.
    private static final long SETTLE_WAIT_MS = 10;

    /// Bytes of commands in a proposal; the rest goes with the next one.
    private static final long MOST_BYTES = 512 << 10;

    private static final long NEVER = Long.MAX_VALUE;

    private final Dispatcher dispatcher;
    private final List<QueueCommand> commands = new ArrayList<>();
    private final Set<LedQueue> settling = new LinkedHashSet<>();

    /// When the oldest acknowledgement that is not in the log came.
    private long settlingSinceMs = NEVER;

    private boolean settleNow;
    private boolean logging;

    TurnLog(Dispatcher dispatcher) {
        this.dispatcher = dispatcher;
    }

    void add(QueueCommand command) {
        commands.add(command);
    }

    /// The queue has something settled.
    void settled(LedQueue queue) {
        settling.add(queue);
        settleNow |= queue.settles.isLong() || RejectLimits.of(queue.view.settings()).any();
    }

    /// What is settled goes with this turn.
    void settleNow() {
        settleNow = true;
    }

    void gained() {
        logging = false;
        commands.clear();
    }

    void lost() {
        settling.clear();
        settlingSinceMs = NEVER;
    }

    void forget(LedQueue queue) {
        settling.remove(queue);
    }

    /// Writes what is to be written now, if nothing is under way.
    void send() {
        if (logging || commands.isEmpty() && !settlesAreDue()) {
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
        dispatcher.control(
                sent, level(sent), outcome -> dispatcher.submit(() -> logged(sent, outcome)));
    }

    /// A power cut may take an acknowledgement: the message comes again, marked, as a durable queue's reservation is on the disk before anything is delivered
    /// by it.
    private Durability level(List<QueueCommand> sent) {
        for (QueueCommand command : sent) {
            if (command instanceof QueueCommand.Reserve reserve) {
                LedQueue queue = dispatcher.queue(reserve.queue());
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
        long now = dispatcher.nowMs();
        if (settlingSinceMs == NEVER) {
            settlingSinceMs = now;
            dispatcher.at(now + SETTLE_WAIT_MS, () -> {});
        }
        return settleNow || now - settlingSinceMs >= SETTLE_WAIT_MS;
    }

    private void logged(List<QueueCommand> sent, Outcome outcome) {
        logging = false;
        if (dispatcher.leading() && !(outcome instanceof Outcome.Applied)) {
            // Nothing is lost by settling twice.
            dispatcher.at(
                    dispatcher.nowMs() + Dispatcher.AGAIN_MS, () -> sent.forEach(this::again));
        }
    }

    private void again(QueueCommand command) {
        if (command instanceof QueueCommand.Settle settle) {
            LedQueue queue = dispatcher.queue(settle.queue());
            if (queue != null) {
                queue.settles.again(settle);
                settling.add(queue);
            }
        } else {
            commands.add(command);
        }
    }
}
