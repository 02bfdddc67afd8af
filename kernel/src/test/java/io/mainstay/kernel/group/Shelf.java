package io.mainstay.kernel.group;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/// Keeps the places of its commands' bodies until they are taken away, some soon and some late; knows whether what is read there is what was put.
///
/// ```
/// put   number (8) | 1 (1) | most (4) | body
/// take  number (8) | 2 (1)
/// ```
final class Shelf implements StateMachine<Shelf.Command, Long> {

    private final TreeMap<Long, Item> items = new TreeMap<>();

    private record Item(long address, int bytes, int crc) {}

    sealed interface Command {
        /// @param most more than so many are not kept: then one of them goes
        record Put(long number, int most, long address, int bytes, int crc) implements Command {}

        record Take(long number) implements Command {}
    }

    static ByteBuffer put(long number, int most, byte[] body) {
        return ByteBuffer.allocate(13 + body.length)
                .putLong(number)
                .put((byte) 1)
                .putInt(most)
                .put(body)
                .flip();
    }

    static ByteBuffer take(long number) {
        return ByteBuffer.allocate(9).putLong(number).put((byte) 2).flip();
    }

    @Override
    public MachineId id() {
        return MachineId.QUEUES;
    }

    @Override
    public Command decode(int version, ByteBuffer command) {
        throw new UnsupportedOperationException("without an address");
    }

    @Override
    public Command decode(int version, ByteBuffer command, long address) {
        ByteBuffer in = command.duplicate();
        long number = in.getLong();
        if (in.get() == 2) {
            return new Command.Take(number);
        }
        int most = in.getInt();
        long place = address + in.position() - command.position();
        return new Command.Put(number, most, place, in.remaining(), crc(in));
    }

    private static int crc(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate());
        return (int) crc.getValue();
    }

    @Override
    public boolean holdsBody(Command command) {
        return command instanceof Command.Put;
    }

    @Override
    public long bodiesNeededFrom() {
        return items.values().stream().mapToLong(Item::address).min().orElse(Long.MAX_VALUE);
    }

    @Override
    public void bodies(long from, long to, BodySink sink) {
        for (Item item : items.values()) {
            if (item.address >= from && item.address < to) {
                sink.body(item.address, item.bytes);
            }
        }
    }

    @Override
    public long bodyBytes() {
        return items.values().stream().mapToLong(i -> i.bytes + BODY_OVERHEAD_BYTES).sum();
    }

    @Override
    public Applied<Long> apply(long offset, long timeMs, Command command) {
        switch (command) {
            case Command.Put(long number, int most, long address, int bytes, int crc) -> {
                items.put(number, new Item(address, bytes, crc));
                if (items.size() > most) {
                    removeOne(crc >>> 1);
                }
            }
            case Command.Take(long number) -> items.remove(number);
        }
        return Applied.of((long) items.size());
    }

    /// Mostly one of the younger half: the others become old.
    private void removeOne(int chance) {
        List<Long> numbers = new ArrayList<>(items.keySet());
        int half = chance % 16 == 0 ? 0 : numbers.size() / 2;
        items.remove(numbers.get(half + (chance >>> 8) % (numbers.size() - half)));
    }

    /// How many bodies cannot be read; the others are what was put there.
    int unreadable(Bodies bodies) {
        int unreadable = 0;
        for (Item item : items.values()) {
            try {
                ByteBuffer body = bodies.read(item.address, item.bytes);
                SimChecker.require(crc(body) == item.crc, "wrong bytes at %d", item.address);
            } catch (IOException told) {
                unreadable++;
            }
        }
        return unreadable;
    }

    boolean has(long number) {
        return items.containsKey(number);
    }

    /// Reads every body.
    ///
    /// @throws SimulationFailure if one is not what was put there
    void check(Bodies bodies, String where) {
        items.forEach(
                (number, item) -> {
                    try {
                        ByteBuffer body = bodies.read(item.address, item.bytes);
                        SimChecker.require(
                                crc(body) == item.crc,
                                "%s: the body of %d is not what was put there",
                                where,
                                number);
                    } catch (IOException e) {
                        throw new SimulationFailure(
                                where + ": the body of " + number + " cannot be read: " + e, e);
                    }
                });
    }

    @Override
    public void publish(long appliedOffset) {}

    @Override
    public void snapshot(SnapshotSink sink) {
        ByteBuffer out = ByteBuffer.allocate(items.size() * 24);
        items.forEach(
                (number, item) ->
                        out.putLong(number)
                                .putLong(item.address)
                                .putInt(item.bytes)
                                .putInt(item.crc));
        sink.write(out.flip());
    }

    @Override
    public void restore(int version, ByteBuffer section) {
        items.clear();
        while (section.hasRemaining()) {
            items.put(
                    section.getLong(),
                    new Item(section.getLong(), section.getInt(), section.getInt()));
        }
    }

    @Override
    public int snapshotVersion() {
        return 1;
    }

    @Override
    public long digest() {
        long digest = items.size();
        for (var item : items.entrySet()) {
            digest = digest * 31 + item.getKey();
            digest = digest * 31 + item.getValue().hashCode();
        }
        return digest;
    }
}
