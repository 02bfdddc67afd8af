package io.mainstay.kernel.group;

import io.mainstay.common.Check;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// One move of bodies from the front of the journal to its end: the oldest records of a group, what is needed of them, and the blocks that take their place.
/// Each block stands for itself: it is right whether the others became durable or not. One thread at a time, see [Relocator].
final class Relocation {

    /// Bodies that are copied in one move.
    private static final long MOST_BYTES = 4 << 20;

    final LocalGroup group;
    final GroupBodies bodies;
    private final List<BodyPiece> run;
    private final BodyRange needed;
    private final long decidedAt;
    private final List<BodyBlock.Builder> built = new ArrayList<>();
    private final List<BodyBlock> written = new ArrayList<>();

    /// Bytes of the records that are given up, and of the blocks.
    private long given;

    private long taken;

    /// @param run records in order of address and of position, with no other of the group between them
    Relocation(
            LocalGroup group,
            GroupBodies bodies,
            List<BodyPiece> run,
            BodyRange needed,
            long decidedAt) {
        this.group = group;
        this.bodies = bodies;
        this.run = run;
        this.needed = needed;
        this.decidedAt = decidedAt;
    }

    /// Copies what is needed into blocks of about `blockBytes`, never more than that or than one of the records has.
    ///
    /// @throws IOException if a record cannot be read, or does not have what is needed of it
    void read(int blockBytes) throws IOException {
        BodyBlock.Builder block = new BodyBlock.Builder(run.getFirst().start());
        int next = 0;
        for (BodyPiece piece : run) {
            if (taken + block.bytes() >= MOST_BYTES) {
                break;
            }
            int first = next;
            long bytes = 0;
            while (next < needed.count() && needed.address(next) < piece.end()) {
                bytes += needed.bytes(next) + StateMachine.BODY_OVERHEAD_BYTES;
                next++;
            }
            if (!block.isEmpty() && block.bytes() + bytes > blockBytes) {
                close(block);
                block = new BodyBlock.Builder(piece.start());
            }
            copy(piece, first, next, block);
            block.upTo(piece.end());
            given += piece.payloadBytes();
        }
        close(block);
    }

    private void copy(BodyPiece piece, int first, int behind, BodyBlock.Builder block)
            throws IOException {
        if (first == behind) {
            return;
        }
        if (needed.address(first) < piece.start()) {
            throw new IOException("no bytes at address " + needed.address(first));
        }
        BodyPiece.Payload whole = piece.load(group.journal);
        for (int i = first; i < behind; i++) {
            block.add(needed.address(i), whole.slice(needed.address(i), needed.bytes(i)));
        }
    }

    /// Records at the end that nothing is needed of are the next move's.
    private void close(BodyBlock.Builder block) {
        if (!block.isEmpty()) {
            built.add(block);
            taken += block.bytes();
        }
    }

    /// Whether it frees at least as much as it takes: then it may use the disk's reserve.
    boolean frees() {
        return given >= 2 * taken;
    }

    /// Bytes of the records that are given up.
    long given() {
        return given;
    }

    /// Bytes of the blocks.
    long taken() {
        return taken;
    }

    List<BodyBlock.Builder> built() {
        return built;
    }

    ByteBuffer payload(BodyBlock.Builder block) {
        return block.payload(decidedAt);
    }

    void written(BodyBlock.Builder block, long recordEnd) {
        written.add(new BodyBlock(block.start(), block.end(), recordEnd, block.bytes(), decidedAt));
    }

    List<BodyBlock> written() {
        return written;
    }

    long writtenUpTo() {
        Check.that(!written.isEmpty(), "nothing was written");
        return written.getLast().recordEnd();
    }
}
