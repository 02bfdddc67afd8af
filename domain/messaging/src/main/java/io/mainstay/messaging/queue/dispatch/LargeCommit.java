package io.mainstay.messaging.queue.dispatch;

import io.mainstay.kernel.group.Durability;
import io.mainstay.kernel.group.MachineId;
import io.mainstay.kernel.group.Outcome;
import io.mainstay.kernel.group.Proposal;
import io.mainstay.messaging.queue.command.QueueCommand;
import io.mainstay.messaging.queue.command.QueueCommandCodec;
import io.mainstay.messaging.queue.dispatch.Ingress.TargetedMessage;
import io.mainstay.messaging.queue.state.PublishReply;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// The step of a transaction in one raft group that is too large for one entry of the log: its commands are held there, a proposal after the other, and a last command
/// makes all of them happen. If it does not come they are dropped, and nobody has seen them. Apply thread only.
final class LargeCommit {

    /// Proposals under way at a time, so that a large transaction takes little memory and leaves room for others.
    private static final int MAX_UNDER_WAY = 2;

    private final Dispatcher dispatcher;
    private final Ingress ingress;
    private final Durability level;
    private final long process;
    private final long transaction;
    private final GroupDoors doors;
    private final Iterator<TargetedMessage> messages;
    private final Iterator<QueueCommand> commands;
    private final Consumer<Commit.Result> done;
    private final Runnable unknown;
    private final AtomicBoolean told = new AtomicBoolean();

    /// What is to go next and found no room in the proposal before.
    private @Nullable TargetedMessage message;

    private @Nullable QueueCommand command;

    /// The body of [#message] that is not proposed yet, if it goes in pieces.
    private @Nullable ByteBuffer body;

    private long upload;
    private int chunks;
    private int held;
    private int underWay;
    private boolean failed;

    /// @param done told what became of it
    /// @param unknown told in its place, on any thread, if nobody leads the group any more
    LargeCommit(
            GroupDoors doors,
            int group,
            Durability level,
            List<TargetedMessage> messages,
            List<QueueCommand> commands,
            Consumer<Commit.Result> done,
            Runnable unknown) {
        this.doors = doors;
        this.dispatcher = doors.dispatcher(group);
        this.ingress = doors.ingress(group);
        this.level = level;
        this.process = doors.process();
        this.transaction = doors.nextUpload();
        this.messages = messages.iterator();
        this.commands = commands.iterator();
        this.done = done;
        this.unknown = unknown;
    }

    void begin() {
        advanceMessage();
        advanceCommand();
        goOn();
    }

    private void goOn() {
        while (!failed && !isAllProposed() && underWay < MAX_UNDER_WAY) {
            Proposal proposal =
                    new Proposal(
                            level,
                            outcome -> dispatcher.request(() -> applied(outcome), this::leftBehind),
                            Proposal.MAX_BYTES);
            while (addNext(proposal)) {
                // Until there is no room, or nothing left.
            }
            underWay++;
            ingress.propose(proposal);
        }
        if (underWay == 0) {
            end();
        }
    }

    private void applied(Outcome outcome) {
        underWay--;
        failed |= !(outcome instanceof Outcome.Applied);
        goOn();
    }

    private boolean isAllProposed() {
        return message == null && command == null;
    }

    private boolean addNext(Proposal proposal) {
        TargetedMessage nextMessage = message;
        QueueCommand nextCommand = command;
        if (nextMessage != null) {
            return add(proposal, nextMessage);
        }
        return nextCommand != null && add(proposal, nextCommand);
    }

    private boolean add(Proposal proposal, TargetedMessage next) {
        if (body != null || next.commandBytes() > Ingress.MAX_ONE_PIECE) {
            return addInPieces(proposal, next);
        }
        int bytes = QueueCommandCodec.HELD_HEAD_BYTES + next.commandBytes();
        if (!proposal.fits(bytes)) {
            return false;
        }
        next.write(hold(proposal, bytes));
        advanceMessage();
        return true;
    }

    private boolean addInPieces(Proposal proposal, TargetedMessage next) {
        ByteBuffer rest = body;
        if (rest == null) {
            rest = ByteBuffer.allocate(next.message().bodyBytes());
            next.message().copyBody(rest);
            body = rest.flip();
            upload = doors.nextUpload();
            chunks = 0;
        }
        if (!rest.hasRemaining()) {
            int bytes = QueueCommandCodec.HELD_HEAD_BYTES + next.chunkedBytes();
            if (!proposal.fits(bytes)) {
                return false;
            }
            next.writeChunked(hold(proposal, bytes), process, upload, chunks);
            body = null;
            advanceMessage();
            return true;
        }
        int piece = Math.min(Ingress.PIECE_BYTES, rest.remaining());
        int bytes = QueueCommandCodec.CHUNK_HEAD_BYTES + piece;
        if (!proposal.fits(bytes)) {
            return false;
        }
        ByteBuffer target = proposal.begin(MachineId.QUEUES, QueueCommandCodec.VERSION, bytes);
        QueueCommandCodec.chunkHead(target, process, upload);
        target.put(rest.slice(rest.position(), piece));
        rest.position(rest.position() + piece);
        chunks++;
        return true;
    }

    private boolean add(Proposal proposal, QueueCommand next) {
        ByteBuffer bytes = QueueCommandCodec.encode(next);
        int size = QueueCommandCodec.HELD_HEAD_BYTES + bytes.remaining();
        if (!proposal.fits(size)) {
            return false;
        }
        hold(proposal, size).put(bytes);
        advanceCommand();
        return true;
    }

    private ByteBuffer hold(Proposal proposal, int bytes) {
        ByteBuffer target = proposal.begin(MachineId.QUEUES, QueueCommandCodec.VERSION, bytes);
        QueueCommandCodec.heldHead(target, process, transaction);
        held++;
        return target;
    }

    private void advanceMessage() {
        message = messages.hasNext() ? messages.next() : null;
    }

    private void advanceCommand() {
        command = commands.hasNext() ? commands.next() : null;
    }

    /// All parts are in the log, or some are and the rest is given up: their room on the disk is given back then.
    private void end() {
        int count = failed ? -1 : held;
        ingress.control(
                List.of(new QueueCommand.CommitHeld(process, transaction, count)),
                level,
                outcome -> dispatcher.request(() -> ended(result(outcome)), this::leftBehind));
    }

    private void ended(Commit.Result result) {
        if (told.compareAndSet(false, true)) {
            done.accept(result);
        }
    }

    /// Nobody leads the group any more: nothing is known of the transaction, and nobody shall wait for it. Any thread.
    private void leftBehind() {
        if (told.compareAndSet(false, true)) {
            unknown.run();
        }
    }

    private Commit.Result result(Outcome outcome) {
        if (failed || !(outcome instanceof Outcome.Applied applied)) {
            return Commit.Result.FAILED;
        }
        return switch ((PublishReply) applied.replies().getFirst()) {
            case STORED -> Commit.Result.DONE;
            case REFUSED -> Commit.Result.REFUSED;
            case INCOMPLETE -> Commit.Result.FAILED;
        };
    }
}
