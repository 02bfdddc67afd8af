package io.mainstay.messaging.queue.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.kernel.group.FaultMix;
import io.mainstay.kernel.group.Simulations;
import io.mainstay.kernel.group.StateMachine;
import io.mainstay.messaging.api.QueueSettings;
import io.mainstay.messaging.api.QueueView;
import io.mainstay.messaging.queue.command.QueueCommand;
import io.mainstay.messaging.queue.command.QueueCommand.Chunk;
import io.mainstay.messaging.queue.command.QueueCommand.Delete;
import io.mainstay.messaging.queue.command.QueueCommand.Once;
import io.mainstay.messaging.queue.command.QueueCommand.Publish;
import io.mainstay.messaging.queue.command.QueueCommand.Truncate;
import io.mainstay.messaging.queue.state.BlockStore;
import io.mainstay.messaging.queue.state.PublishReply;
import io.mainstay.messaging.queue.state.QueueMachine;
import io.mainstay.messaging.queue.state.SmallShapes;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.concurrent.Executor;
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
                "is retained"),
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
                "are both damaged"),
        /// Retention takes messages that the bounds of the stream keep.
        TRUNCATED_TOO_FAR(
                1,
                () ->
                        QueuePlant.commands(
                                command ->
                                        command instanceof Truncate(long stream, long upTo)
                                                ? new Truncate(stream, upTo + 3)
                                                : command),
                "is within the bounds of the stream"),
        /// Who reads a stream misses some.
        READER_PASSES_OVER(1, PlantedQueueBugsTest::passesOver, "is retained"),
        /// The messages of a queue that is deleted stay.
        DELETED_QUEUE_STAYS(
                1,
                () -> QueuePlant.commands(command -> command instanceof Delete ? null : command),
                "is deleted and still there"),
        AUTO_DELETE_FORGOTTEN(
                1,
                () ->
                        new QueuePlant() {
                            @Override
                            QueueView known(QueueView queue) {
                                return with(queue, false, queue.settings());
                            }
                        },
                "has lost its last consumer and is there"),
        EXPIRES_TOO_EARLY(
                1,
                () -> QueuePlant.settings(known -> known.expiresMs() < 0 ? known : expires(known)),
                "ms ago and goes"),
        /// A consumer keeps what it has for ever.
        TIMEOUT_FORGOTTEN(
                1, () -> QueuePlant.settings(PlantedQueueBugsTest::patient), "and was not told"),
        /// All consumers are served where one should be.
        SINGLE_ACTIVE_FORGOTTEN(
                1, () -> QueuePlant.settings(PlantedQueueBugsTest::serving), "has not ended"),
        /// A delayed message is due too early.
        DELAY_CUT(1, () -> QueuePlant.commands(PlantedQueueBugsTest::sooner), "comes too early"),
        /// What a publisher sends again is taken again.
        NUMBERS_FORGOTTEN(
                3,
                () ->
                        QueuePlant.commands(
                                command -> command instanceof Once once ? once.publish() : command),
                " twice, as number "),
        /// A message is taken for a duplicate and is none.
        WRONG_DUPLICATES(
                1,
                () ->
                        QueuePlant.commands(
                                command ->
                                        command instanceof Once once && once.sequence() % 5 == 4
                                                ? null
                                                : command),
                "did not take it"),
        /// The pieces of a large body are put together in the wrong order.
        PIECES_SWAPPED(1, PlantedQueueBugsTest::swapsPieces, "nobody sent message");

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

    private static QueuePlant passesOver() {
        return new QueuePlant() {
            private int told;

            @Override
            Executor reader(Executor sound) {
                return task -> {
                    if (++told % 20 != 0) {
                        sound.execute(task);
                    }
                };
            }
        };
    }

    private static QueuePlant swapsPieces() {
        return new QueuePlant() {
            @Override
            StateMachine<QueueCommand, PublishReply> machine(
                    StateMachine<QueueCommand, PublishReply> sound) {
                return new WrappedMachine(sound) {
                    private @Nullable Chunk first;

                    @Override
                    public Applied<PublishReply> apply(
                            long offset, long timeMs, QueueCommand command) {
                        Chunk before = first;
                        first = null;
                        if (!(command instanceof Chunk chunk)) {
                            if (before != null) {
                                super.apply(offset, timeMs, before);
                            }
                            return super.apply(offset, timeMs, command);
                        }
                        if (before == null) {
                            first = chunk;
                            return Applied.of(PublishReply.STORED);
                        }
                        Applied<PublishReply> applied = super.apply(offset, timeMs, chunk);
                        super.apply(offset, timeMs, before);
                        return applied;
                    }
                };
            }
        };
    }

    private static QueueCommand sooner(QueueCommand command) {
        return command instanceof Publish publish && publish.ttlMs() > 0
                ? new Publish(
                        publish.address(),
                        publish.bytes(),
                        publish.bodyBytes(),
                        publish.ttlMs() / 8,
                        publish.targets())
                : command;
    }

    private static QueueSettings expires(QueueSettings known) {
        return with(known, 50, known.singleActiveConsumer(), known.consumerTimeoutMs());
    }

    private static QueueSettings patient(QueueSettings known) {
        return with(known, known.expiresMs(), known.singleActiveConsumer(), 0);
    }

    private static QueueSettings serving(QueueSettings known) {
        return with(known, known.expiresMs(), false, known.consumerTimeoutMs());
    }

    private static QueueSettings with(
            QueueSettings known, long expiresMs, boolean single, long consumerTimeoutMs) {
        return new QueueSettings(
                known.messageTtlMs(),
                expiresMs,
                known.maxLength(),
                known.maxBytes(),
                known.overflow(),
                known.deadLetterExchange(),
                known.deadLetterRoutingKey(),
                known.maxPriority(),
                single,
                known.deliveryLimit(),
                known.maxAgeMs(),
                consumerTimeoutMs);
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
