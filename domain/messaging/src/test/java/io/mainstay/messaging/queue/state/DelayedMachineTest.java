package io.mainstay.messaging.queue.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.messaging.queue.command.QueueCommand;
import io.mainstay.messaging.queue.command.QueueCommand.Chunk;
import io.mainstay.messaging.queue.command.QueueCommand.Delete;
import io.mainstay.messaging.queue.command.QueueCommand.Open;
import io.mainstay.messaging.queue.command.QueueCommand.OpenDelayed;
import io.mainstay.messaging.queue.command.QueueCommand.Publish;
import io.mainstay.messaging.queue.command.QueueCommand.PublishChunked;
import io.mainstay.messaging.queue.command.QueueCommand.SettleDelayed;
import io.mainstay.messaging.queue.command.QueueCommandCodec;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Commands of delayed exchanges, and what a snapshot keeps of them.
class DelayedMachineTest {

    private static final long QUEUE = 1;
    private static final long DELAYED = 2;

    private QueueMachine machine = new QueueMachine();
    private long time = 1_000;

    private PublishReply apply(QueueCommand command) {
        QueueCommand decoded =
                switch (command) {
                    case Publish _, PublishChunked _, Chunk _ -> command;
                    default ->
                            machine.decode(
                                    QueueCommandCodec.VERSION,
                                    QueueCommandCodec.encode(command),
                                    0);
                };
        return machine.apply(time, time, decoded).reply();
    }

    private static Publish publish(long address, long delayMs, long... targets) {
        return new Publish(address, 100, 50, delayMs, targets);
    }

    private List<Pending> waiting() {
        List<Pending> all = new ArrayList<>();
        machine.delayed(DELAYED).forEach(all::add);
        return all;
    }

    private void restart() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        machine.snapshot(
                part -> {
                    byte[] copy = new byte[part.remaining()];
                    part.duplicate().get(copy);
                    bytes.writeBytes(copy);
                });
        QueueMachine other = new QueueMachine();
        other.restore(machine.snapshotVersion(), ByteBuffer.wrap(bytes.toByteArray()));
        assertThat(other.digest()).isEqualTo(machine.digest());
        machine = other;
    }

    @Test
    void messagesWaitInTheOrderOfTheirTimesAndAreSettledByName() {
        apply(new OpenDelayed(DELAYED));
        apply(publish(10, 500, DELAYED, 0));
        apply(publish(20, Long.MAX_VALUE, DELAYED, 0));
        apply(publish(30, 100, DELAYED, 0));
        apply(publish(40, 500, DELAYED, 0));
        restart();
        assertThat(waiting()).extracting(Pending::address).containsExactly(30L, 10L, 40L, 20L);
        assertThat(waiting())
                .extracting(Pending::dueMs)
                .containsExactly(1_100L, 1_500L, 1_500L, Long.MAX_VALUE);
        assertThat(machine.bodiesNeededFrom()).isEqualTo(10);

        apply(new SettleDelayed(DELAYED, new long[] {1_500, 10, 1_500, 10, 7, 7}));
        restart();
        assertThat(waiting()).extracting(Pending::address).containsExactly(30L, 40L, 20L);
        assertThat(machine.delayed(DELAYED).messages()).isEqualTo(3);
        assertThat(machine.delayed(DELAYED).bytes()).isEqualTo(150);
        assertThat(machine.bodiesNeededFrom()).isEqualTo(20);

        apply(new OpenDelayed(DELAYED));
        assertThat(waiting()).as("opened again").hasSize(3);
        apply(new Delete(DELAYED));
        restart();
        assertThat(machine.delayed(DELAYED)).isNull();
        assertThat(machine.bodiesNeededFrom()).isEqualTo(Long.MAX_VALUE);
        assertThat(apply(publish(50, 1, DELAYED, 0))).isEqualTo(PublishReply.STORED);
    }

    @Test
    void aLargeMessageIsKeptUntilTheLastOfThoseThatHaveItIsDone() {
        apply(new Open(QUEUE, -1, -1));
        apply(new OpenDelayed(DELAYED));
        apply(new Chunk(1, 1, 100, 500_000));
        apply(new Chunk(1, 1, 200, 500_000));
        long[] both = {QUEUE, 0, DELAYED, 0};
        assertThat(apply(new PublishChunked(1, 1, 2, 300, 80, 1_000_000, 60, both)))
                .isEqualTo(PublishReply.STORED);
        restart();
        Pending large = waiting().getFirst();
        assertThat(machine.piecesOf(large.entry())).containsExactly(100, 500_000, 200, 500_000);

        apply(new QueueCommand.Settle(QUEUE, new long[] {0, 0}));
        assertThat(machine.bodiesNeededFrom()).isEqualTo(100);
        apply(new SettleDelayed(DELAYED, new long[] {large.dueMs(), large.address()}));
        assertThat(machine.bodiesNeededFrom()).isEqualTo(Long.MAX_VALUE);
    }
}
