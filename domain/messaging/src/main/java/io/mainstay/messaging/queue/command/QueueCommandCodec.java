package io.mainstay.messaging.queue.command;

import io.mainstay.common.Check;
import io.mainstay.messaging.queue.command.QueueCommand.Chunk;
import io.mainstay.messaging.queue.command.QueueCommand.CommitHeld;
import io.mainstay.messaging.queue.command.QueueCommand.Delete;
import io.mainstay.messaging.queue.command.QueueCommand.Held;
import io.mainstay.messaging.queue.command.QueueCommand.Once;
import io.mainstay.messaging.queue.command.QueueCommand.Open;
import io.mainstay.messaging.queue.command.QueueCommand.OpenDelayed;
import io.mainstay.messaging.queue.command.QueueCommand.Publish;
import io.mainstay.messaging.queue.command.QueueCommand.PublishChunked;
import io.mainstay.messaging.queue.command.QueueCommand.Reserve;
import io.mainstay.messaging.queue.command.QueueCommand.Return;
import io.mainstay.messaging.queue.command.QueueCommand.Settle;
import io.mainstay.messaging.queue.command.QueueCommand.SettleDelayed;
import io.mainstay.messaging.queue.command.QueueCommand.Truncate;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Bytes of commands: a kind (1 byte), then
///
/// ```
/// open     queue (8) | rejectLength (8) | rejectBytes (8)
/// delete   queue (8)
/// publish  ttlMs (8) | bodyBytes (4) | count (2) | for each target: queue (8), lane (1) | message to the end
/// chunk    part (8) | upload (8) | bytes to the end
/// chunked  part (8) | upload (8) | chunks (4) | as publish, the message without its body
/// once     sequence (8) | length (1) | publisher | a publish or chunked command, from its kind on
/// settle   queue (8) | for each range: first (8), last (8)
/// return   queue (8) | sequences (8 each)
/// reserve  queue (8) | upTo (8)
/// truncate queue (8) | upTo (8)
/// delayed  queue (8)
/// settle of a delayed exchange   queue (8) | for each message: dueMs (8), address (8)
/// held     process (8) | transaction (8) | a publish, chunked or settle command, from its kind on
/// commit   process (8) | transaction (8) | commands (4)
/// ```
public final class QueueCommandCodec {

    public static final int VERSION = 1;

    /// Targets of one publish command; a message to more of them takes several.
    public static final int MAX_TARGETS = 32_767;

    /// Numbers in one settle or return command: it fits a proposal many times.
    public static final int MAX_NUMBERS = 8_192;

    private static final byte OPEN = 1;
    private static final byte DELETE = 2;
    private static final byte PUBLISH = 3;
    private static final byte SETTLE = 4;
    private static final byte RETURN = 5;
    private static final byte RESERVE = 6;
    private static final byte CHUNK = 7;
    private static final byte CHUNKED = 8;
    private static final byte TRUNCATE = 9;
    private static final byte ONCE = 10;
    private static final byte OPEN_DELAYED = 32;
    private static final byte SETTLE_DELAYED = 33;
    private static final byte HELD = 34;
    private static final byte COMMIT_HELD = 35;

    /// Bytes of a chunk command in front of the piece.
    public static final int CHUNK_HEAD_BYTES = 1 + 2 * Long.BYTES;

    /// Bytes of a held command in front of the command that it holds.
    public static final int HELD_HEAD_BYTES = 1 + 2 * Long.BYTES;

    private static final int CHUNKED_FIXED_BYTES = 2 * Long.BYTES + Integer.BYTES;

    private static final int PUBLISH_FIXED_BYTES = 1 + Long.BYTES + Integer.BYTES + Short.BYTES;
    private static final int TARGET_BYTES = Long.BYTES + 1;

    private QueueCommandCodec() {}

    /// Everything but [Publish], whose message is written by [#publishHead] and its owner.
    public static ByteBuffer encode(QueueCommand command) {
        return switch (command) {
            case Open(long queue, long rejectLength, long rejectBytes) ->
                    numbers(OPEN, queue, rejectLength, rejectBytes);
            case Delete(long queue) -> numbers(DELETE, queue);
            case Settle(long queue, long[] ranges) -> numbers(SETTLE, queue, ranges);
            case Return(long queue, long[] sequences) -> numbers(RETURN, queue, sequences);
            case Reserve(long queue, long upTo) -> numbers(RESERVE, queue, upTo);
            case Truncate(long queue, long upTo) -> numbers(TRUNCATE, queue, upTo);
            case OpenDelayed(long queue) -> numbers(OPEN_DELAYED, queue);
            case SettleDelayed(long queue, long[] keys) -> numbers(SETTLE_DELAYED, queue, keys);
            case Held(long process, long transaction, QueueCommand held) ->
                    held(process, transaction, encode(held));
            case CommitHeld(long process, long transaction, int commands) ->
                    ByteBuffer.allocate(HELD_HEAD_BYTES + Integer.BYTES)
                            .put(COMMIT_HELD)
                            .putLong(process)
                            .putLong(transaction)
                            .putInt(commands)
                            .flip();
            case Publish _, Chunk _, PublishChunked _, Once _ ->
                    throw new IllegalArgumentException("a publish is encoded with its message");
        };
    }

    private static ByteBuffer held(long process, long transaction, ByteBuffer command) {
        ByteBuffer bytes = ByteBuffer.allocate(HELD_HEAD_BYTES + command.remaining());
        heldHead(bytes, process, transaction);
        return bytes.put(command).flip();
    }

    /// Writes everything of a held command but the command that it holds.
    public static void heldHead(ByteBuffer into, long process, long transaction) {
        into.put(HELD).putLong(process).putLong(transaction);
    }

    private static ByteBuffer numbers(byte kind, long queue, long... more) {
        ByteBuffer bytes = ByteBuffer.allocate(1 + Long.BYTES + more.length * Long.BYTES);
        bytes.put(kind).putLong(queue);
        for (long number : more) {
            bytes.putLong(number);
        }
        return bytes.flip();
    }

    /// Bytes that a command takes in a proposal, with what the proposal adds: a bound.
    public static long bytes(QueueCommand command) {
        if (command instanceof Held held) {
            return HELD_HEAD_BYTES + bytes(held.command());
        }
        int numbers =
                switch (command) {
                    case Settle(long queue, long[] ranges) -> ranges.length;
                    case Return(long queue, long[] sequences) -> sequences.length;
                    case Open open -> 2;
                    case Reserve reserve -> 1;
                    case Truncate truncate -> 1;
                    case Delete delete -> 0;
                    case OpenDelayed delayed -> 0;
                    case SettleDelayed(long queue, long[] keys) -> keys.length;
                    case Publish publish -> publish.bytes();
                    case Chunk chunk -> chunk.bytes();
                    case PublishChunked publish -> publish.bytes();
                    case CommitHeld commit -> 2;
                    case Held held -> throw new IllegalArgumentException("held in " + held);
                    case Once once -> throw new IllegalArgumentException("a publish");
                };
        return 32 + (long) numbers * Long.BYTES;
    }

    /// Bytes of a once command in front of the publish command.
    ///
    /// @param publisher `null` if there is none: then the publish command stands for itself
    public static int onceHeadBytes(byte @Nullable [] publisher) {
        return publisher == null ? 0 : 1 + Long.BYTES + 1 + publisher.length;
    }

    /// Writes everything of a once command but the publish command.
    public static void onceHead(ByteBuffer into, byte[] publisher, long sequence) {
        into.put(ONCE).putLong(sequence).put((byte) publisher.length).put(publisher);
    }

    /// Bytes of a publish command in front of the message.
    public static int publishHeadBytes(int targets) {
        return PUBLISH_FIXED_BYTES + targets * TARGET_BYTES;
    }

    /// Writes everything of a publish command but the message.
    ///
    /// @param targets queue and lane in turn
    public static void publishHead(
            ByteBuffer into, long ttlMs, int bodyBytes, long[] targets, int count) {
        into.put(PUBLISH);
        publishFields(into, ttlMs, bodyBytes, targets, count);
    }

    private static void publishFields(
            ByteBuffer into, long ttlMs, int bodyBytes, long[] targets, int count) {
        into.putLong(ttlMs).putInt(bodyBytes).putShort((short) count);
        for (int i = 0; i < count; i++) {
            into.putLong(targets[2 * i]).put((byte) targets[2 * i + 1]);
        }
    }

    /// Writes everything of a chunk command but the piece.
    public static void chunkHead(ByteBuffer into, long part, long upload) {
        into.put(CHUNK).putLong(part).putLong(upload);
    }

    /// Bytes of a chunked publish command in front of the message.
    public static int chunkedHeadBytes(int targets) {
        return CHUNKED_FIXED_BYTES + publishHeadBytes(targets);
    }

    /// Writes everything of a chunked publish command but the message.
    public static void chunkedHead(
            ByteBuffer into,
            long part,
            long upload,
            int chunks,
            long ttlMs,
            int bodyBytes,
            long[] targets,
            int count) {
        into.put(CHUNKED).putLong(part).putLong(upload).putInt(chunks);
        publishFields(into, ttlMs, bodyBytes, targets, count);
    }

    /// @param address of the command's first byte
    public static QueueCommand decode(int version, ByteBuffer command, long address) {
        Check.that(version == VERSION, "a queue command of version %d", version);
        return decode(command.duplicate(), address - command.position());
    }

    private static QueueCommand decode(ByteBuffer in, long addressOfBuffer) {
        byte kind = in.get();
        return switch (kind) {
            case OPEN -> new Open(in.getLong(), in.getLong(), in.getLong());
            case DELETE -> new Delete(in.getLong());
            case PUBLISH -> publish(in, addressOfBuffer);
            case SETTLE -> new Settle(in.getLong(), rest(in));
            case RETURN -> new Return(in.getLong(), rest(in));
            case CHUNK ->
                    new Chunk(
                            in.getLong(),
                            in.getLong(),
                            addressOfBuffer + in.position(),
                            in.remaining());
            case CHUNKED -> chunked(in, addressOfBuffer);
            case ONCE -> {
                long sequence = in.getLong();
                byte[] publisher = new byte[in.get() & 0xff];
                in.get(publisher);
                yield new Once(
                        new String(publisher, StandardCharsets.UTF_8),
                        sequence,
                        decode(in, addressOfBuffer));
            }
            case RESERVE -> new Reserve(in.getLong(), in.getLong());
            case TRUNCATE -> new Truncate(in.getLong(), in.getLong());
            case OPEN_DELAYED -> new OpenDelayed(in.getLong());
            case SETTLE_DELAYED -> new SettleDelayed(in.getLong(), rest(in));
            case HELD -> new Held(in.getLong(), in.getLong(), decode(in, addressOfBuffer));
            case COMMIT_HELD -> new CommitHeld(in.getLong(), in.getLong(), in.getInt());
            default -> throw new IllegalArgumentException("a queue command of kind " + kind);
        };
    }

    private static Publish publish(ByteBuffer in, long addressOfBuffer) {
        long ttlMs = in.getLong();
        int bodyBytes = in.getInt();
        int count = in.getShort();
        long[] targets = new long[2 * count];
        for (int i = 0; i < count; i++) {
            targets[2 * i] = in.getLong();
            targets[2 * i + 1] = Byte.toUnsignedInt(in.get());
        }
        return new Publish(
                addressOfBuffer + in.position(), in.remaining(), bodyBytes, ttlMs, targets);
    }

    private static PublishChunked chunked(ByteBuffer in, long addressOfBuffer) {
        long part = in.getLong();
        long upload = in.getLong();
        int chunks = in.getInt();
        Publish publish = publish(in, addressOfBuffer);
        return new PublishChunked(
                part,
                upload,
                chunks,
                publish.address(),
                publish.bytes(),
                publish.bodyBytes(),
                publish.ttlMs(),
                publish.targets());
    }

    private static long[] rest(ByteBuffer in) {
        long[] numbers = new long[in.remaining() / Long.BYTES];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = in.getLong();
        }
        return numbers;
    }
}
