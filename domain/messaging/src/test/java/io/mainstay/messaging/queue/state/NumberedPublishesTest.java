package io.mainstay.messaging.queue.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.messaging.message.StoredMessage;
import io.mainstay.messaging.queue.command.QueueCommand;
import io.mainstay.messaging.queue.command.QueueCommand.Once;
import io.mainstay.messaging.queue.command.QueueCommand.Publish;
import io.mainstay.messaging.queue.command.QueueCommandCodec;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// What a queue does with messages of publishers that number them, beside the histories of [QueueMachineTest].
class NumberedPublishesTest {

    private static final long QUEUE = 7;
    private static final long DELAYED = 8;

    private QueueMachine machine = new QueueMachine();
    private long address;

    @Test
    void aMessageThatCameIsConfirmedAndNotStoredAgain() {
        open(-1);
        assertThat(publish(QUEUE, "p", 1, 0)).isEqualTo(PublishReply.STORED);
        assertThat(publish(QUEUE, "p", 1, 0)).isEqualTo(PublishReply.STORED);
        publish(QUEUE, "q", 1, 0);
        assertThat(queue().messages()).isEqualTo(2);
        assertThat(queue().duplicates()).isEqualTo(1);
    }

    @Test
    void whatAFullQueueRefusedIsTakenWhenItComesAgainAlsoBehindItsSuccessors() {
        open(1);
        publish(QUEUE, "p", 1, 0);
        assertThat(publish(QUEUE, "p", 2, 0)).isEqualTo(PublishReply.REFUSED);
        assertThat(publish(QUEUE, "p", 1, 0)).isEqualTo(PublishReply.STORED);
        open(-1);
        publish(QUEUE, "p", 3, 0);
        publish(QUEUE, "p", 2, 0);
        assertThat(queue().messages()).isEqualTo(3);
        publish(QUEUE, "p", 2, 0);
        assertThat(queue().messages()).isEqualTo(3);
    }

    @Test
    void aQueueThatIsMadeAnewKnowsNobody() {
        open(-1);
        publish(QUEUE, "p", 1, 0);
        machine.apply(0, 0, new QueueCommand.Delete(QUEUE));
        open(-1);
        publish(QUEUE, "p", 1, 0);
        assertThat(queue().messages()).isEqualTo(1);
    }

    @Test
    void whatWaitsAtADelayedExchangeIsKnownToItAlsoWhenItIsGone() {
        machine.apply(0, 0, new QueueCommand.OpenDelayed(DELAYED));
        publish(DELAYED, "p", 1, 5);
        long first = address;
        publish(DELAYED, "p", 1, 6);
        machine = copy();
        DelayedState delayed = machine.delayed(DELAYED);
        assertThat(delayed.messages()).isEqualTo(1);
        machine.apply(0, 7, new QueueCommand.SettleDelayed(DELAYED, new long[] {5, first}));
        publish(DELAYED, "p", 1, 8);
        assertThat(machine.delayed(DELAYED).messages()).isZero();
    }

    @Test
    void thePublishersNotHeardOfForLongestAreForgotten() {
        open(-1);
        for (int i = 0; i < SequenceWindows.MAX_OF_QUEUE; i++) {
            publish(QUEUE, "p" + i, 1, 0);
        }
        publish(QUEUE, "p0", 2, 0);
        machine = copy();
        publish(QUEUE, "one more", 1, 0);
        long before = queue().messages();
        publish(QUEUE, "p0", 1, 0);
        publish(QUEUE, "p2", 1, 0);
        assertThat(queue().messages()).isEqualTo(before);
        publish(QUEUE, "p1", 1, 0);
        assertThat(queue().messages()).isEqualTo(before + 1);
    }

    @Test
    void allQueuesTogetherKnowSoManyPublishers() {
        int queues = SequenceWindows.MAX / SequenceWindows.MAX_OF_QUEUE;
        for (long id = 100; id <= 100 + queues; id++) {
            machine.apply(0, 0, new QueueCommand.Open(id, -1, -1));
            for (int i = 0; i < SequenceWindows.MAX_OF_QUEUE; i++) {
                publish(id, "p" + i, 1, 0);
            }
        }
        publish(101, "p0", 1, 0);
        publish(100, "p0", 1, 0);
        assertThat(machine.queue(101).duplicates()).isEqualTo(1);
        assertThat(machine.queue(100).duplicates()).isZero();
    }

    @Test
    void aPublisherThatIsIdleForLongIsForgottenWhenAnotherComes() {
        open(-1);
        publish(QUEUE, "p", 1, 0);
        publish(QUEUE, "other", 1, SequenceWindows.IDLE_MS - 1);
        publish(QUEUE, "p", 1, SequenceWindows.IDLE_MS - 1);
        assertThat(queue().messages()).isEqualTo(2);
        publish(QUEUE, "third", 1, SequenceWindows.IDLE_MS);
        publish(QUEUE, "p", 1, SequenceWindows.IDLE_MS);
        assertThat(queue().messages()).isEqualTo(4);
    }

    @Test
    void theCommandIsReadAsItWasWritten() {
        byte[] publisher = "Bestellungen-ä".getBytes(StandardCharsets.UTF_8);
        byte[] name = {'x'};
        int once = QueueCommandCodec.onceHeadBytes(publisher);
        int head = once + QueueCommandCodec.publishHeadBytes(1);
        ByteBuffer command = ByteBuffer.allocate(head + StoredMessage.bytes(name, name, 2, 3));
        QueueCommandCodec.onceHead(command, publisher, 1L << 40);
        QueueCommandCodec.publishHead(command, 5_000, 3, new long[] {7, 1}, 1);
        StoredMessage.writeHead(command, name, name, ByteBuffer.wrap(new byte[] {0, 0}));
        command.put(new byte[] {1, 2, 3}).flip();

        QueueCommand read = machine.decode(QueueCommandCodec.VERSION, command, 10_000);

        assertThat(machine.holdsBody(read)).isTrue();
        Once numbered = (Once) read;
        assertThat(numbered.publisher()).isEqualTo("Bestellungen-ä");
        assertThat(numbered.sequence()).isEqualTo(1L << 40);
        Publish publish = (Publish) numbered.publish();
        assertThat(publish.address()).isEqualTo(10_000 + head);
        assertThat(publish.bytes()).isEqualTo(command.limit() - head);
        assertThat(publish.targets()).containsExactly(7, 1);
    }

    private void open(long rejectLength) {
        machine.apply(0, 0, new QueueCommand.Open(QUEUE, rejectLength, -1));
    }

    private PublishReply publish(long queue, String publisher, long sequence, long timeMs) {
        address += 1_000;
        Publish publish = new Publish(address, 100, 10, -1, new long[] {queue, 0});
        return machine.apply(0, timeMs, new Once(publisher, sequence, publish)).reply();
    }

    private QueueState queue() {
        return machine.queue(QUEUE);
    }

    private QueueMachine copy() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        machine.snapshot(
                part -> {
                    byte[] some = new byte[part.remaining()];
                    part.get(some);
                    bytes.writeBytes(some);
                });
        QueueMachine other = new QueueMachine();
        other.restore(machine.snapshotVersion(), ByteBuffer.wrap(bytes.toByteArray()));
        assertThat(other.digest()).isEqualTo(machine.digest());
        return other;
    }
}
