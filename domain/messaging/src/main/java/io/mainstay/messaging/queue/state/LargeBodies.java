package io.mainstay.messaging.queue.state;

import io.mainstay.kernel.group.StateMachine;
import io.mainstay.kernel.group.StateMachine.BodySink;
import io.mainstay.kernel.group.StateMachine.SnapshotSink;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.TreeMap;

/// Where the pieces of bodies lie that are larger than a command: of messages that queues hold, and of those that are still coming.
final class LargeBodies {

    /// A message whose end did not come for so long is not coming any more.
    private static final long UPLOAD_MS = 600_000;

    private static final long NEVER = Long.MAX_VALUE;

    /// By address of the message: address and bytes of each piece in turn.
    private final TreeMap<Long, Large> messages = new TreeMap<>();

    private final TreeMap<Name, Upload> uploads = new TreeMap<>();

    /// The time of no upload is lower. Derived: it spares a look at all of them for each command.
    private long earliestMs = NEVER;

    private record Name(long part, long upload) implements Comparable<Name> {
        @Override
        public int compareTo(Name other) {
            int parts = Long.compare(part, other.part);
            return parts != 0 ? parts : Long.compare(upload, other.upload);
        }
    }

    private record Upload(long timeMs, long[] pieces) {}

    /// @param references entries of queues that point at it
    private record Large(int references, long[] pieces) {}

    void chunk(long timeMs, long part, long upload, long address, int bytes) {
        Name name = new Name(part, upload);
        Upload before = uploads.get(name);
        long[] pieces =
                before == null
                        ? new long[2]
                        : Arrays.copyOf(before.pieces, before.pieces.length + 2);
        pieces[pieces.length - 2] = address;
        pieces[pieces.length - 1] = bytes;
        uploads.put(name, new Upload(timeMs, pieces));
        earliestMs = Math.min(earliestMs, timeMs);
    }

    /// Drops the pieces of messages that do not come to their end any more. Cheap as long as there are none.
    void expire(long timeMs) {
        if (earliestMs < timeMs - UPLOAD_MS) {
            uploads.values().removeIf(old -> old.timeMs < timeMs - UPLOAD_MS);
            noteEarliest();
        }
    }

    private void noteEarliest() {
        earliestMs = NEVER;
        for (Upload upload : uploads.values()) {
            earliestMs = Math.min(earliestMs, upload.timeMs);
        }
    }

    /// From when on a command drops something, if nothing else happens: not later than that; [Long#MAX_VALUE] if there is nothing to drop.
    long expiresMs() {
        return uploads.isEmpty() ? NEVER : earliestMs + UPLOAD_MS + 1;
    }

    /// Whether all pieces of a message are here.
    boolean isComplete(long part, long upload, int chunks) {
        Upload whole = uploads.get(new Name(part, upload));
        return whole != null && whole.pieces.length == 2 * chunks;
    }

    /// The pieces of a message that is complete now; `null` if some are missing.
    long @Nullable [] complete(long part, long upload, int chunks) {
        Upload whole = uploads.remove(new Name(part, upload));
        return whole == null || whole.pieces.length != 2 * chunks ? null : whole.pieces;
    }

    void put(long address, int references, long[] pieces) {
        messages.put(address, new Large(references, pieces));
    }

    /// A queue is done with the message.
    void release(long address) {
        messages.computeIfPresent(
                address,
                (at, large) ->
                        large.references == 1
                                ? null
                                : new Large(large.references - 1, large.pieces));
    }

    long @Nullable [] pieces(long address) {
        Large large = messages.get(address);
        return large == null ? null : large.pieces;
    }

    /// The lowest address of a piece.
    long oldest() {
        long lowest = Long.MAX_VALUE;
        for (Large large : messages.values()) {
            lowest = Math.min(lowest, large.pieces[0]);
        }
        for (Upload upload : uploads.values()) {
            lowest = Math.min(lowest, upload.pieces[0]);
        }
        return lowest;
    }

    /// Names the pieces that begin at or above `from` and below `to`.
    void bodies(long from, long to, BodySink sink) {
        messages.values().forEach(large -> pieces(large.pieces, from, to, sink));
        uploads.values().forEach(upload -> pieces(upload.pieces, from, to, sink));
    }

    private static void pieces(long[] pieces, long from, long to, BodySink sink) {
        for (int i = 0; i < pieces.length; i += 2) {
            if (pieces[i] >= from && pieces[i] < to) {
                sink.body(pieces[i], (int) pieces[i + 1]);
            }
        }
    }

    /// See [StateMachine#bodyBytes()].
    long bytes() {
        long[] sum = new long[1];
        bodies(
                0,
                Long.MAX_VALUE,
                (address, bytes) -> sum[0] += bytes + StateMachine.BODY_OVERHEAD_BYTES);
        return sum[0];
    }

    void clear() {
        messages.clear();
        uploads.clear();
        earliestMs = NEVER;
    }

    /// Both lists with their lengths in front, all numbers longs.
    void write(SnapshotSink sink) {
        ByteBuffer out = ByteBuffer.allocate(size());
        out.putLong(messages.size());
        messages.forEach(
                (address, large) -> {
                    out.putLong(address).putLong(large.references).putLong(large.pieces.length);
                    for (long number : large.pieces) {
                        out.putLong(number);
                    }
                });
        out.putLong(uploads.size());
        uploads.forEach(
                (name, upload) -> {
                    out.putLong(name.part).putLong(name.upload).putLong(upload.timeMs);
                    out.putLong(upload.pieces.length);
                    for (long number : upload.pieces) {
                        out.putLong(number);
                    }
                });
        sink.write(out.flip());
    }

    private int size() {
        int longs = 2;
        for (Large large : messages.values()) {
            longs += 3 + large.pieces.length;
        }
        for (Upload upload : uploads.values()) {
            longs += 4 + upload.pieces.length;
        }
        return longs * Long.BYTES;
    }

    void read(ByteBuffer in) {
        clear();
        for (long left = in.getLong(); left > 0; left--) {
            long address = in.getLong();
            int references = (int) in.getLong();
            messages.put(address, new Large(references, longs(in)));
        }
        for (long left = in.getLong(); left > 0; left--) {
            Name name = new Name(in.getLong(), in.getLong());
            uploads.put(name, new Upload(in.getLong(), longs(in)));
        }
        noteEarliest();
    }

    private static long[] longs(ByteBuffer in) {
        long[] numbers = new long[(int) in.getLong()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = in.getLong();
        }
        return numbers;
    }
}
