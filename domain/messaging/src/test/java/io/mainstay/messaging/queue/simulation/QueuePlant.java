package io.mainstay.messaging.queue.simulation;

import io.mainstay.kernel.group.StateMachine;
import io.mainstay.messaging.api.QueueSettings;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.queue.command.QueueCommand;
import io.mainstay.messaging.queue.state.BlockStore;
import io.mainstay.messaging.queue.state.PublishReply;
import io.mainstay.messaging.queue.state.QueueMachine;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// Where a test plants a bug in messaging. This one plants none.
class QueuePlant {

    static final QueuePlant NONE = new QueuePlant();

    StateMachine<QueueCommand, PublishReply> machine(
            StateMachine<QueueCommand, PublishReply> sound) {
        return sound;
    }

    BlockStore store(BlockStore sound) {
        return sound;
    }

    /// A queue as dispatchers know it.
    QueueView known(QueueView queue) {
        return queue;
    }

    /// Where somebody who reads a stream hears of it.
    Executor reader(Executor sound) {
        return sound;
    }

    /// The node leads the group of that machine, whose dispatcher is told next.
    void gained(QueueMachine machine) {}

    /// False for a bug that is to be found by what clients see.
    boolean keepsStatesAlike() {
        return true;
    }

    /// One whose machines are given other commands, or none where `change` returns `null`.
    static QueuePlant commands(Function<QueueCommand, @Nullable QueueCommand> change) {
        return new QueuePlant() {
            @Override
            StateMachine<QueueCommand, PublishReply> machine(
                    StateMachine<QueueCommand, PublishReply> sound) {
                return new WrappedMachine(sound) {
                    @Override
                    public Applied<PublishReply> apply(
                            long offset, long timeMs, QueueCommand command) {
                        QueueCommand changed = change.apply(command);
                        return changed == null
                                ? Applied.of(PublishReply.STORED)
                                : super.apply(offset, timeMs, changed);
                    }
                };
            }
        };
    }

    /// One whose dispatchers know other settings.
    static QueuePlant settings(UnaryOperator<QueueSettings> change) {
        return new QueuePlant() {
            @Override
            QueueView known(QueueView queue) {
                return with(queue, queue.autoDelete(), change.apply(queue.settings()));
            }
        };
    }

    static QueueView with(QueueView queue, boolean autoDelete, QueueSettings settings) {
        return new QueueView(
                queue.id(),
                queue.group(),
                queue.vhost(),
                queue.name(),
                queue.type(),
                queue.durable(),
                autoDelete,
                queue.owner(),
                queue.arguments(),
                settings,
                queue.policy(),
                queue.operatorPolicy());
    }
}
