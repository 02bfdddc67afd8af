package io.mainstay.messaging.queue.state;

import io.mainstay.kernel.group.StateMachine;
import io.mainstay.kernel.group.StateMachine.BodySink;
import io.mainstay.messaging.queue.command.QueueCommand;
import io.mainstay.messaging.queue.command.QueueCommand.CommitHeld;
import io.mainstay.messaging.queue.command.QueueCommand.Held;
import io.mainstay.messaging.queue.command.QueueCommand.Once;
import io.mainstay.messaging.queue.command.QueueCommand.Publish;
import io.mainstay.messaging.queue.command.QueueCommand.PublishChunked;
import io.mainstay.messaging.queue.command.QueueCommand.Settle;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// Commands of transactions that came in parts and wait for their end. Nobody sees anything of them before.
final class HeldCommands {

    /// A transaction that does not go on for so long has no end: its process is gone.
    private static final long HELD_MS = 600_000;

    private static final long PUBLISH = 1;
    private static final long CHUNKED = 2;
    private static final long SETTLE = 3;
    private static final long ONCE = 4;

    private final TreeMap<Name, Transaction> transactions = new TreeMap<>();

    private record Name(long process, long transaction) implements Comparable<Name> {
        @Override
        public int compareTo(Name other) {
            int processes = Long.compare(process, other.process);
            return processes != 0 ? processes : Long.compare(transaction, other.transaction);
        }
    }

    private static final class Transaction {
        long timeMs;
        final List<QueueCommand> commands = new ArrayList<>();
    }

    void add(long timeMs, Held held) {
        Transaction transaction =
                transactions.computeIfAbsent(
                        new Name(held.process(), held.transaction()), name -> new Transaction());
        transaction.timeMs = timeMs;
        transaction.commands.add(held.command());
    }

    /// Takes out what was held of a transaction; `null` if that is not what its end tells.
    @Nullable List<QueueCommand> take(CommitHeld commit) {
        Transaction whole = transactions.remove(new Name(commit.process(), commit.transaction()));
        return whole == null || whole.commands.size() != commit.commands() ? null : whole.commands;
    }

    /// Drops what has no end. Cheap as long as nothing is held.
    void expire(long timeMs) {
        if (!transactions.isEmpty()) {
            transactions.values().removeIf(old -> old.timeMs < timeMs - HELD_MS);
        }
    }

    /// When the next one goes that has no end; [Long#MAX_VALUE] if nothing is held.
    long expiresMs() {
        long earliest = Long.MAX_VALUE;
        for (Transaction transaction : transactions.values()) {
            earliest = Math.min(earliest, transaction.timeMs + HELD_MS + 1);
        }
        return earliest;
    }

    long lowestAddress() {
        long[] lowest = {Long.MAX_VALUE};
        bodies(0, Long.MAX_VALUE, (address, bytes) -> lowest[0] = Math.min(lowest[0], address));
        return lowest[0];
    }

    /// Names what is held of messages and begins at or above `from` and below `to`; pieces of large bodies are named by [LargeBodies].
    void bodies(long from, long to, BodySink sink) {
        for (Transaction transaction : transactions.values()) {
            for (QueueCommand command : transaction.commands) {
                switch (command instanceof Once once ? once.publish() : command) {
                    case Publish publish ->
                            body(publish.address(), publish.bytes(), from, to, sink);
                    case PublishChunked publish ->
                            body(publish.address(), publish.bytes(), from, to, sink);
                    default -> {}
                }
            }
        }
    }

    private static void body(long address, int bytes, long from, long to, BodySink sink) {
        if (address >= from && address < to) {
            sink.body(address, bytes);
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
        transactions.clear();
    }

    /// ```
    /// count | for each transaction: process, transaction, timeMs, commands
    ///         for each command:     kind and its numbers, lists with their lengths in front
    /// ```
    void write(QueueSnapshot.Writer out) {
        out.put(transactions.size());
        transactions.forEach(
                (name, transaction) -> {
                    out.put(name.process);
                    out.put(name.transaction);
                    out.put(transaction.timeMs);
                    out.put(transaction.commands.size());
                    transaction.commands.forEach(command -> write(command, out));
                });
    }

    private static void write(QueueCommand command, QueueSnapshot.Writer out) {
        switch (command) {
            case Publish publish -> {
                out.put(PUBLISH);
                write(publish, out);
            }
            case PublishChunked(
                            long part,
                            long upload,
                            int chunks,
                            long address,
                            int bytes,
                            int bodyBytes,
                            long ttlMs,
                            long[] targets) -> {
                out.put(CHUNKED);
                out.put(part);
                out.put(upload);
                out.put(chunks);
                write(new Publish(address, bytes, bodyBytes, ttlMs, targets), out);
            }
            case Once(String publisher, long sequence, QueueCommand publish) -> {
                out.put(ONCE);
                out.put(sequence);
                byte[] name = publisher.getBytes(StandardCharsets.UTF_8);
                out.put(name.length);
                for (byte one : name) {
                    out.put(one);
                }
                write(publish, out);
            }
            case Settle(long queue, long[] ranges) -> {
                out.put(SETTLE);
                out.put(queue);
                write(ranges, out);
            }
            default ->
                    throw new IllegalArgumentException("no command of a transaction: " + command);
        }
    }

    private static void write(Publish publish, QueueSnapshot.Writer out) {
        out.put(publish.address());
        out.put((long) publish.bytes() << 32 | publish.bodyBytes());
        out.put(publish.ttlMs());
        write(publish.targets(), out);
    }

    private static void write(long[] numbers, QueueSnapshot.Writer out) {
        out.put(numbers.length);
        for (long number : numbers) {
            out.put(number);
        }
    }

    void read(ByteBuffer in) {
        clear();
        for (long left = in.getLong(); left > 0; left--) {
            Name name = new Name(in.getLong(), in.getLong());
            Transaction transaction = new Transaction();
            transaction.timeMs = in.getLong();
            for (long commands = in.getLong(); commands > 0; commands--) {
                transaction.commands.add(command(in));
            }
            transactions.put(name, transaction);
        }
    }

    private static QueueCommand command(ByteBuffer in) {
        long kind = in.getLong();
        if (kind == PUBLISH) {
            return publish(in);
        }
        if (kind == CHUNKED) {
            long part = in.getLong();
            long upload = in.getLong();
            int chunks = (int) in.getLong();
            Publish publish = publish(in);
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
        if (kind == SETTLE) {
            return new Settle(in.getLong(), numbers(in));
        }
        if (kind == ONCE) {
            long sequence = in.getLong();
            byte[] name = new byte[(int) in.getLong()];
            for (int i = 0; i < name.length; i++) {
                name[i] = (byte) in.getLong();
            }
            return new Once(new String(name, StandardCharsets.UTF_8), sequence, command(in));
        }
        throw new IllegalArgumentException("a held command of kind " + kind);
    }

    private static Publish publish(ByteBuffer in) {
        long address = in.getLong();
        long sizes = in.getLong();
        return new Publish(address, (int) (sizes >>> 32), (int) sizes, in.getLong(), numbers(in));
    }

    private static long[] numbers(ByteBuffer in) {
        long[] numbers = new long[(int) in.getLong()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = in.getLong();
        }
        return numbers;
    }
}
