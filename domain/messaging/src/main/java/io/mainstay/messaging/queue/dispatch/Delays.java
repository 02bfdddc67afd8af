package io.mainstay.messaging.queue.dispatch;

import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.queue.command.QueueCommand;
import io.mainstay.messaging.queue.state.DelayedState;
import io.mainstay.messaging.queue.state.QueueMachine;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The delayed exchanges of one data group at their leader. Apply thread only.
final class Delays {

    private final Dispatcher dispatcher;
    private final QueueMachine machine;
    private final DispatcherPort port;
    private final Map<Long, LeaderDelay> exchanges = new HashMap<>();
    private final Set<LeaderDelay> dirty = new LinkedHashSet<>();
    private long nextDueMs = Long.MAX_VALUE;

    Delays(Dispatcher dispatcher, QueueMachine machine, DispatcherPort port) {
        this.dispatcher = dispatcher;
        this.machine = machine;
        this.port = port;
    }

    void touch(LeaderDelay exchange) {
        dirty.add(exchange);
    }

    /// A delayed exchange exists; the log hears of it before anybody can publish to it.
    void add(QueueView view) {
        if (exchanges.containsKey(view.id())) {
            return;
        }
        LeaderDelay exchange = new LeaderDelay(dispatcher, this, port.publisher(dispatcher), view);
        exchanges.put(view.id(), exchange);
        DelayedState state = machine.delayed(view.id());
        if (state == null) {
            dispatcher.control(new QueueCommand.OpenDelayed(view.id()), outcome -> {});
        } else {
            exchange.takenOver(state);
            dirty.add(exchange);
        }
    }

    /// Asks the log to delete what no exchange stands for: the node stopped between its deletion in the topology and here.
    void deleteUnknown() {
        for (DelayedState state : machine.delays()) {
            if (!exchanges.containsKey(state.id())) {
                dispatcher.control(new QueueCommand.Delete(state.id()), outcome -> {});
            }
        }
    }

    void remove(long id) {
        LeaderDelay exchange = exchanges.remove(id);
        if (exchange != null) {
            exchange.end();
            dirty.remove(exchange);
            port.forget(id);
        }
    }

    /// This node leads the group no more.
    void end() {
        exchanges.values().forEach(LeaderDelay::end);
        exchanges.clear();
        dirty.clear();
        nextDueMs = Long.MAX_VALUE;
    }

    /// The log went on.
    void applied(Collection<DelayedState> changed) {
        for (DelayedState state : changed) {
            LeaderDelay exchange = exchanges.get(state.id());
            if (exchange != null) {
                exchange.opened(state);
                dirty.add(exchange);
            }
        }
    }

    /// A turn. Returns when the next message is due.
    long work(long nowMs) {
        if (dirty.isEmpty() && nowMs < nextDueMs) {
            return nextDueMs;
        }
        for (LeaderDelay exchange : exchanges.values()) {
            if (exchange.nextDueMs() <= nowMs) {
                dirty.add(exchange);
            }
        }
        for (LeaderDelay exchange : List.copyOf(dirty)) {
            dirty.remove(exchange);
            Dispatcher.guarded(exchange::work);
            port.stats(exchange.id(), exchange.stats());
        }
        nextDueMs = Long.MAX_VALUE;
        for (LeaderDelay exchange : exchanges.values()) {
            nextDueMs = Math.min(nextDueMs, exchange.nextDueMs());
        }
        return nextDueMs;
    }
}
