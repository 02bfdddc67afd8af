package io.mainstay.messaging.queue.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.kernel.group.FaultMix;
import io.mainstay.kernel.group.Simulations;
import io.mainstay.kernel.group.StateMachine;
import io.mainstay.messaging.queue.command.QueueCommand;
import io.mainstay.messaging.queue.state.BlockStore;
import io.mainstay.messaging.queue.state.PublishReply;
import io.mainstay.messaging.queue.state.QueueMachine;
import io.mainstay.messaging.queue.state.SmallShapes;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.function.Supplier;

/// The simulation of queues finds what it is there to find. That the same seeds without a bug are green is [QueueSimulationTest].
class PlantedQueueBugsTest {

    private static final int MOST_SEEDS = 5;

    enum Bug {
        /// The body of the oldest message is let go.
        OLDEST_BODY_LET_GO(
                1,
                () ->
                        new QueuePlant() {
                            @Override
                            StateMachine<QueueCommand, PublishReply> machine(
                                    StateMachine<QueueCommand, PublishReply> sound) {
                                return new WrappedMachine(sound) {
                                    @Override
                                    public long bodiesNeededFrom() {
                                        long lowest = super.bodiesNeededFrom();
                                        return lowest == Long.MAX_VALUE ? lowest : lowest + 20_000;
                                    }
                                };
                            }
                        },
                "not everything is consumed"),
        /// A leader does not know what an earlier one may have delivered.
        RESERVATIONS_FORGOTTEN(
                3,
                () ->
                        new QueuePlant() {
                            @Override
                            void gained(QueueMachine machine) {
                                SmallShapes.forgetReservations(machine);
                            }

                            @Override
                            boolean keepsStatesAlike() {
                                return false;
                            }
                        },
                "comes again unmarked"),
        /// A snapshot names blocks that are not on the disk.
        INDEX_NOT_SYNCED(
                1,
                () ->
                        new QueuePlant() {
                            @Override
                            BlockStore store(BlockStore sound) {
                                return new WrappedBlocks(sound) {
                                    @Override
                                    public void sync() {}
                                };
                            }
                        },
                "are both damaged");

        final int nodes;
        final Supplier<QueuePlant> plant;
        final String found;

        /// @param found what the failure says
        Bug(int nodes, Supplier<QueuePlant> plant, String found) {
            this.nodes = nodes;
            this.plant = plant;
            this.found = found;
        }
    }

    @ParameterizedTest
    @EnumSource
    void isFound(Bug bug) {
        String failure =
                Simulations.firstFailure(
                        MOST_SEEDS,
                        bug.nodes,
                        () -> FaultMix.withGoodClocks(3_000, 30),
                        () -> new QueueWorkload(bug.nodes == 1, bug.plant.get()));
        System.out.println(bug + ": " + failure);
        assertThat(failure).isNotNull().contains(bug.found);
    }
}
