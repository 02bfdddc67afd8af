package io.mainstay.messaging.queue.dispatch;

import io.mainstay.kernel.group.Durability;
import io.mainstay.kernel.group.MachineId;
import io.mainstay.kernel.group.Outcome;
import io.mainstay.kernel.group.Proposal;
import io.mainstay.kernel.group.RaftGroup;
import io.mainstay.messaging.api.OutgoingMessage;
import io.mainstay.messaging.api.QueueSession.PublishListener;
import io.mainstay.messaging.message.PublishId;
import io.mainstay.messaging.message.StoredMessage;
import io.mainstay.messaging.queue.command.QueueCommand;
import io.mainstay.messaging.queue.command.QueueCommandCodec;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Consumer;

/// The way of commands into one data group. Messages of all connections share proposals: what arrives while some are under way goes with the
/// next, so a single message goes at once and a storm goes in batches of up to 1 MiB. Order is kept. Thread-safe.
public final class Ingress {

    /// Proposals with messages under way at a time: one in the journal's buffer, one at the disk, one being answered.
    private static final int MAX_UNDER_WAY = 3;

    /// A command of more bytes goes in pieces: so are proposals well filled and none is too large.
    public static final int MAX_ONE_PIECE = 900 << 10;

    static final int PIECE_BYTES = 512 << 10;

    private static final PublishListener NOBODY = (sequence, outcome) -> {};

    private final RaftGroup group;
    private final ProposalBuffers buffers;
    private final Object lock = new Object();
    private final ArrayDeque<PublishBatch> full = new ArrayDeque<>();
    private @Nullable PublishBatch open;
    private int underWay;
    private int lastBytes;
    private boolean proposing;

    public Ingress(RaftGroup group, ProposalBuffers buffers) {
        this.group = group;
        this.buffers = buffers;
    }

    /// Bytes that a message takes in a proposal: more than [Proposal#MAX_BYTES] cannot be published in one piece.
    public static int commandBytes(OutgoingMessage message, int targets) {
        return QueueCommandCodec.onceHeadBytes(publisher(message))
                + QueueCommandCodec.publishHeadBytes(targets)
                + StoredMessage.bytes(
                        utf8(message.exchange()),
                        utf8(message.routingKey()),
                        message.properties().remaining(),
                        message.bodyBytes());
    }

    /// Takes a message; it goes with [#flush].
    ///
    /// @param targets queue and lane in turn, `count` of them, all of this group
    /// @param level when it is delivered and answered
    public void publish(
            OutgoingMessage message,
            long[] targets,
            int count,
            Durability level,
            PublishSink sink,
            PublishListener listener,
            long sequence) {
        byte[] exchange = utf8(message.exchange());
        byte[] routingKey = utf8(message.routingKey());
        ByteBuffer properties = message.properties();
        byte[] publisher = publisher(message);
        int bytes =
                QueueCommandCodec.onceHeadBytes(publisher)
                        + QueueCommandCodec.publishHeadBytes(count)
                        + StoredMessage.bytes(
                                exchange, routingKey, properties.remaining(), message.bodyBytes());
        synchronized (lock) {
            PublishBatch batch = room(bytes);
            ByteBuffer target =
                    batch.proposal.begin(MachineId.QUEUES, QueueCommandCodec.VERSION, bytes);
            once(target, publisher, message);
            QueueCommandCodec.publishHead(
                    target, message.ttlMs(), message.bodyBytes(), targets, count);
            StoredMessage.writeHead(target, exchange, routingKey, properties);
            message.copyBody(target);
            batch.add(sink, listener, sequence, bytes, level);
        }
    }

    /// As above, for a message of more than [#MAX_ONE_PIECE] bytes: its body goes in pieces, the last command makes it a message.
    ///
    /// @param part random for each process
    /// @param upload different for each message of the process
    public void publishInPieces(
            OutgoingMessage message,
            long[] targets,
            int count,
            Durability level,
            long part,
            long upload,
            PublishSink sink,
            PublishListener listener,
            long sequence) {
        ByteBuffer body = ByteBuffer.allocate(message.bodyBytes());
        message.copyBody(body);
        body.flip();
        byte[] exchange = utf8(message.exchange());
        byte[] routingKey = utf8(message.routingKey());
        ByteBuffer properties = message.properties();
        synchronized (lock) {
            int chunks = 0;
            while (body.hasRemaining()) {
                int piece = Math.min(PIECE_BYTES, body.remaining());
                PublishBatch batch = room(QueueCommandCodec.CHUNK_HEAD_BYTES + piece);
                ByteBuffer target =
                        batch.proposal.begin(
                                MachineId.QUEUES,
                                QueueCommandCodec.VERSION,
                                QueueCommandCodec.CHUNK_HEAD_BYTES + piece);
                QueueCommandCodec.chunkHead(target, part, upload);
                target.put(body.slice(body.position(), piece));
                body.position(body.position() + piece);
                // Only the last command is answered: it fails if a piece is missing.
                batch.add(sink, NOBODY, 0, 0, level);
                chunks++;
            }
            byte[] publisher = publisher(message);
            int bytes =
                    QueueCommandCodec.onceHeadBytes(publisher)
                            + QueueCommandCodec.chunkedHeadBytes(count)
                            + StoredMessage.bytes(exchange, routingKey, properties.remaining(), 0);
            PublishBatch batch = room(bytes);
            ByteBuffer target =
                    batch.proposal.begin(MachineId.QUEUES, QueueCommandCodec.VERSION, bytes);
            once(target, publisher, message);
            QueueCommandCodec.chunkedHead(
                    target,
                    part,
                    upload,
                    chunks,
                    message.ttlMs(),
                    message.bodyBytes(),
                    targets,
                    count);
            StoredMessage.writeHead(target, exchange, routingKey, properties);
            batch.add(sink, listener, sequence, commandBytes(message, count), level);
        }
    }

    /// The batch that takes a command of so many bytes. Under the lock.
    private PublishBatch room(int bytes) {
        PublishBatch batch = open;
        if (batch == null || !batch.proposal.fits(bytes)) {
            if (batch != null) {
                full.add(batch);
            }
            batch = new PublishBatch(Math.max(lastBytes, bytes + 64), buffers, this::completed);
            open = batch;
        }
        return batch;
    }

    /// Sends off what was published as far as there is room; the rest follows by itself.
    public void flush() {
        synchronized (lock) {
            proposeSome();
        }
    }

    private void proposeSome() {
        if (proposing) {
            // A refusal is answered inside of propose.
            return;
        }
        proposing = true;
        while (underWay < MAX_UNDER_WAY) {
            PublishBatch batch = full.poll();
            if (batch == null) {
                batch = open;
                open = null;
            }
            if (batch == null) {
                break;
            }
            underWay++;
            lastBytes = batch.proposal.bytes();
            group.propose(batch.proposal);
        }
        proposing = false;
    }

    private void completed() {
        synchronized (lock) {
            underWay--;
            proposeSome();
        }
    }

    /// Sends commands that are no messages, at once and in one entry; they may use the disk's reserve.
    ///
    /// @param done told on the apply thread (or here) whether they are applied
    public void control(
            List<? extends QueueCommand> commands, Durability level, Consumer<Outcome> done) {
        Proposal proposal = new Proposal(level, done::accept);
        for (QueueCommand command : commands) {
            proposal.add(
                    MachineId.QUEUES, QueueCommandCodec.VERSION, QueueCommandCodec.encode(command));
        }
        group.proposeFreeing(proposal);
    }

    /// Sends messages and other commands in one entry: all of it is applied, or none. They must fit one [Proposal].
    ///
    /// @param done told what became of it, with the replies in the order of messages, then commands
    public void atomic(
            List<TargetedMessage> messages,
            List<? extends QueueCommand> commands,
            Durability level,
            Consumer<Outcome> done) {
        Proposal proposal = new Proposal(level, done::accept);
        messages.forEach(message -> message.write(proposal));
        for (QueueCommand command : commands) {
            proposal.add(
                    MachineId.QUEUES, QueueCommandCodec.VERSION, QueueCommandCodec.encode(command));
        }
        group.propose(proposal);
    }

    /// Sends what somebody has put together. Its order with proposals of other methods here is open.
    void propose(Proposal proposal) {
        group.propose(proposal);
    }

    /// @param targets queue and lane in turn, all of one group
    public record TargetedMessage(OutgoingMessage message, long[] targets) {

        int commandBytes() {
            return Ingress.commandBytes(message, targets.length / 2);
        }

        private void write(Proposal proposal) {
            write(proposal.begin(MachineId.QUEUES, QueueCommandCodec.VERSION, commandBytes()));
        }

        /// Writes the publish command, of [#commandBytes].
        void write(ByteBuffer target) {
            once(target, publisher(message), message);
            QueueCommandCodec.publishHead(
                    target, message.ttlMs(), message.bodyBytes(), targets, targets.length / 2);
            writeHead(target);
            message.copyBody(target);
        }

        /// Bytes of the publish command of a message whose body goes in pieces.
        int chunkedBytes() {
            return QueueCommandCodec.onceHeadBytes(publisher(message))
                    + QueueCommandCodec.chunkedHeadBytes(targets.length / 2)
                    + StoredMessage.bytes(
                            utf8(message.exchange()),
                            utf8(message.routingKey()),
                            message.properties().remaining(),
                            0);
        }

        /// Writes that command, of [#chunkedBytes].
        void writeChunked(ByteBuffer target, long part, long upload, int chunks) {
            once(target, publisher(message), message);
            QueueCommandCodec.chunkedHead(
                    target,
                    part,
                    upload,
                    chunks,
                    message.ttlMs(),
                    message.bodyBytes(),
                    targets,
                    targets.length / 2);
            writeHead(target);
        }

        private void writeHead(ByteBuffer target) {
            StoredMessage.writeHead(
                    target,
                    utf8(message.exchange()),
                    utf8(message.routingKey()),
                    message.properties());
        }
    }

    private static byte @Nullable [] publisher(OutgoingMessage message) {
        PublishId id = message.publishId();
        return id == null ? null : utf8(id.publisher());
    }

    private static void once(
            ByteBuffer target, byte @Nullable [] publisher, OutgoingMessage message) {
        PublishId id = message.publishId();
        if (id != null && publisher != null) {
            QueueCommandCodec.onceHead(target, publisher, id.sequence());
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
