package io.mainstay.kernel.group;

import io.mainstay.common.Check;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// The state machines of one group, by number. Apply thread only.
///
/// Snapshot: for each machine in order of number: machine (1), version (1), length (4), section.
final class Machines {

    private final TreeMap<Integer, StateMachine<?, ?>> byNumber = new TreeMap<>();

    /// What they hold before the first entry: where a rebuild begins that finds no snapshot.
    private final ByteBuffer initial;

    Machines(List<StateMachine<?, ?>> machines) {
        for (StateMachine<?, ?> machine : machines) {
            var before = byNumber.put(machine.id().number(), machine);
            Check.that(before == null, "two machines %s in one group", machine.id());
        }
        initial = gathered();
    }

    /// Applies all commands of an entry; their replies go to `replies`, their effects to `effects`. Returns whether one of them holds a
    /// body.
    ///
    /// @param address of the entry's first byte
    boolean apply(
            long offset,
            long address,
            ByteBuffer entry,
            List<Object> replies,
            List<Runnable> effects) {
        int start = entry.position();
        boolean bodies = false;
        long timeMs = entry.getLong();
        int count = entry.getInt();
        for (int i = 0; i < count; i++) {
            int length = entry.getInt();
            int number = entry.get();
            int version = entry.get() & 0xff;
            ByteBuffer command = entry.slice(entry.position(), length);
            entry.position(entry.position() + length);
            StateMachine<?, ?> machine =
                    Check.present(
                            byNumber.get(number),
                            "a command of offset %d for machine %d",
                            offset,
                            number);
            long commandAddress = address + entry.position() - length - start;
            bodies |=
                    apply(
                            machine,
                            offset,
                            timeMs,
                            version,
                            command,
                            commandAddress,
                            replies,
                            effects);
        }
        return bodies;
    }

    private static <C, R> boolean apply(
            StateMachine<C, R> machine,
            long offset,
            long timeMs,
            int version,
            ByteBuffer bytes,
            long address,
            List<Object> replies,
            List<Runnable> effects) {
        C command = machine.decode(version, bytes, address);
        StateMachine.Applied<R> applied = machine.apply(offset, timeMs, command);
        replies.add(applied.reply());
        effects.addAll(applied.effects());
        return machine.holdsBody(command);
    }

    /// The lowest address of a body that any machine still needs.
    long bodiesNeededFrom() {
        long lowest = Long.MAX_VALUE;
        for (StateMachine<?, ?> machine : byNumber.values()) {
            lowest = Math.min(lowest, machine.bodiesNeededFrom());
        }
        return lowest;
    }

    /// See [StateMachine#bodies(long, long, BodySink)], of all machines; the next one likewise.
    void bodies(long from, long to, StateMachine.BodySink sink) {
        byNumber.values().forEach(machine -> machine.bodies(from, to, sink));
    }

    long bodyBytes() {
        long bytes = 0;
        for (StateMachine<?, ?> machine : byNumber.values()) {
            bytes += machine.bodyBytes();
        }
        return bytes;
    }

    void publish(long appliedOffset) {
        byNumber.values().forEach(machine -> machine.publish(appliedOffset));
    }

    /// Writes the snapshot in pieces: a large state is never gathered in the heap. Each machine is asked twice, since its length stands in front.
    void snapshot(StateMachine.SnapshotSink sink) {
        byNumber.forEach(
                (number, machine) -> {
                    // Noted in an array, for lambdas.
                    long[] length = {0};
                    machine.snapshot(bytes -> length[0] += bytes.remaining());
                    sink.write(
                            ByteBuffer.allocate(2 + Integer.BYTES)
                                    .put((byte) (int) number)
                                    .put((byte) machine.snapshotVersion())
                                    .putInt(Math.toIntExact(length[0]))
                                    .flip());
                    machine.snapshot(
                            bytes -> {
                                length[0] -= bytes.remaining();
                                sink.write(bytes);
                            });
                    Check.that(length[0] == 0, "machine %d wrote two different snapshots", number);
                });
    }

    private ByteBuffer gathered() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        snapshot(
                bytes -> {
                    byte[] copy = new byte[bytes.remaining()];
                    bytes.duplicate().get(copy);
                    all.writeBytes(copy);
                });
        return ByteBuffer.wrap(all.toByteArray());
    }

    void snapshotDurable() {
        byNumber.values().forEach(StateMachine::snapshotDurable);
    }

    /// Replaces the state of each machine once; one that the snapshot does not know begins anew.
    void restore(ByteBuffer snapshot) {
        TreeMap<Integer, Section> sections = sections(initial);
        sections.putAll(sections(snapshot));
        sections.forEach(
                (number, section) ->
                        Check.present(
                                        byNumber.get(number),
                                        "a snapshot has state of machine %d",
                                        number)
                                .restore(section.version, section.bytes));
    }

    private static TreeMap<Integer, Section> sections(ByteBuffer snapshot) {
        TreeMap<Integer, Section> sections = new TreeMap<>();
        ByteBuffer rest = snapshot.duplicate();
        while (rest.hasRemaining()) {
            int number = rest.get();
            int version = rest.get() & 0xff;
            int length = rest.getInt();
            sections.put(number, new Section(version, rest.slice(rest.position(), length)));
            rest.position(rest.position() + length);
        }
        return sections;
    }

    private record Section(int version, ByteBuffer bytes) {}

    /// One digest for each machine, in order of number.
    List<Long> digests() {
        List<Long> digests = new ArrayList<>();
        byNumber.values().forEach(machine -> digests.add(machine.digest()));
        return digests;
    }
}
