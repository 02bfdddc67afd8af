package io.mainstay.messaging.queue.simulation;

import io.mainstay.kernel.group.StateMachine;
import io.mainstay.messaging.queue.command.QueueCommand;
import io.mainstay.messaging.queue.state.BlockStore;
import io.mainstay.messaging.queue.state.PublishReply;
import io.mainstay.messaging.queue.state.QueueMachine;

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

    /// The node leads the group of that machine, whose dispatcher is told next.
    void gained(QueueMachine machine) {}

    /// False for a bug that is to be found by what clients see.
    boolean keepsStatesAlike() {
        return true;
    }
}
