package io.mainstay.kernel.group;

import io.mainstay.kernel.group.StateMachine.SnapshotSink;
import io.mainstay.platform.Disk;

import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.Records;
import org.apache.kafka.common.record.internal.UnalignedMemoryRecords;
import org.apache.kafka.common.record.internal.UnalignedRecords;
import org.apache.kafka.server.common.OffsetAndEpoch;
import org.apache.kafka.snapshot.RawSnapshotReader;
import org.apache.kafka.snapshot.RawSnapshotWriter;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/// The snapshots of one group: for each id a manifest, which is the engine's snapshot and says who votes, and beside it the state of the
/// machines. Both are durable before they bear their names; the state is written first, so a manifest never stands without its state.
///
/// An id's offset is the first one that the snapshot does not contain.
final class Snapshots {

    private static final String MANIFEST = ".manifest";
    private static final String STATE = ".state";
    private static final Pattern MANIFEST_NAME = Pattern.compile("(\\d{20})-(\\d{10})\\.manifest");
    private static final String UNFINISHED = ".tmp";
    private static final int STATE_HEADER_BYTES = 2 * Long.BYTES;

    private final Disk disk;
    private final String directory;
    private final ConcurrentSkipListSet<OffsetAndEpoch> ids = new ConcurrentSkipListSet<>();
    private final StateSource elsewhere;

    Snapshots(Disk disk, int group, StateSource elsewhere) throws IOException {
        this.disk = disk;
        this.elsewhere = elsewhere;
        this.directory = "snapshots/" + group;
        for (String name : disk.list(directory)) {
            if (name.endsWith(UNFINISHED)) {
                disk.delete(directory + "/" + name);
            }
            Matcher manifest = MANIFEST_NAME.matcher(name);
            if (manifest.matches()) {
                ids.add(
                        new OffsetAndEpoch(
                                Long.parseLong(manifest.group(1)),
                                Integer.parseInt(manifest.group(2))));
            }
        }
        deleteStatesWithoutManifest();
    }

    /// A crash between the two files of a snapshot leaves a state that nothing refers to.
    private void deleteStatesWithoutManifest() throws IOException {
        for (String name : disk.list(directory)) {
            String manifest = name.replace(STATE, MANIFEST);
            if (name.endsWith(STATE) && !disk.exists(directory + "/" + manifest)) {
                disk.delete(directory + "/" + name);
            }
        }
    }

    private String name(OffsetAndEpoch id, String suffix) {
        return directory + "/" + String.format("%020d-%010d", id.offset(), id.epoch()) + suffix;
    }

    boolean has(OffsetAndEpoch id) {
        return ids.contains(id);
    }

    Optional<OffsetAndEpoch> latest() {
        return ids.isEmpty() ? Optional.empty() : Optional.of(ids.last());
    }

    /// The first snapshot that does not end before `offset`.
    Optional<OffsetAndEpoch> earliestFrom(long offset) {
        return ids.stream().filter(id -> id.offset() >= offset).findFirst();
    }

    /// What a group's machines hold at a snapshot.
    ///
    /// @param timeMs leader time of the last entry in it; the next leader's time starts there
    /// @param entryBytes bytes of all entries before it, since the first: where addresses go on, see [Bodies]
    /// @param machines their sections, see [Machines]
    record State(long timeMs, long entryBytes, ByteBuffer machines) {}

    private void writeState(OffsetAndEpoch id, State state) throws IOException {
        writeState(id, state.timeMs, state.entryBytes, sink -> sink.write(state.machines));
    }

    /// Writes the state as time (8 bytes), bytes of entries (8 bytes), sections, CRC32C of all of it (4 bytes); durable on return.
    ///
    /// @param machines writes the sections, piece by piece
    /// @return bytes of the sections
    long writeState(
            OffsetAndEpoch id, long timeMs, long entryBytes, Consumer<SnapshotSink> machines)
            throws IOException {
        // Noted in an array, for lambdas.
        long[] end = new long[1];
        write(
                name(id, STATE),
                file -> {
                    CRC32C crc = new CRC32C();
                    SnapshotSink sink =
                            bytes -> {
                                crc.update(bytes.duplicate());
                                end[0] = append(file, bytes.duplicate(), end[0]);
                            };
                    sink.write(
                            ByteBuffer.allocate(STATE_HEADER_BYTES)
                                    .putLong(timeMs)
                                    .putLong(entryBytes)
                                    .flip());
                    machines.accept(sink);
                    append(
                            file,
                            ByteBuffer.allocate(Integer.BYTES).putInt((int) crc.getValue()).flip(),
                            end[0]);
                });
        return end[0] - STATE_HEADER_BYTES;
    }

    private static long append(Disk.File file, ByteBuffer bytes, long position) {
        int length = bytes.remaining();
        try {
            file.write(bytes, position);
        } catch (IOException e) {
            throw new Unwritten(e);
        }
        return position + length;
    }

    /// A piece of a state could not be written: on its way through machines, whose own failures are others.
    private static final class Unwritten extends UncheckedIOException {
        private static final long serialVersionUID = 1;

        Unwritten(IOException cause) {
            super(cause);
        }
    }

    /// The latest snapshot, whose log begins at `logStart`.
    ///
    /// @throws IOException if it is missing, or its manifest is damaged
    OffsetAndEpoch latestFor(long logStart) throws IOException {
        if (ids.isEmpty() || ids.last().offset() < logStart) {
            throw new IOException(
                    "snapshot: "
                            + disk.describe(directory)
                            + " has none from offset "
                            + logStart
                            + " on, where the log of the raft group begins: what lies before is missing; restore the directory from a"
                            + " backup");
        }
        OffsetAndEpoch id = ids.last();
        if (!isWhole(id)) {
            throw new IOException(
                    "snapshot: "
                            + disk.describe(name(id, MANIFEST))
                            + " is damaged: it says who votes and cannot be replaced; restore it from a backup");
        }
        return id;
    }

    /// The engine's checksum leaves out a batch's offset and epoch, which are known here.
    private boolean isWhole(OffsetAndEpoch id) throws IOException {
        ByteBuffer bytes = read(name(id, MANIFEST));
        int left = bytes.remaining();
        long offset = 0;
        try {
            for (MutableRecordBatch batch : MemoryRecords.readableRecords(bytes).batches()) {
                if (batch.magic() != RecordBatch.CURRENT_MAGIC_VALUE
                        || batch.baseOffset() != offset
                        || batch.partitionLeaderEpoch() != id.epoch()) {
                    return false;
                }
                batch.ensureValid();
                offset = batch.lastOffset() + 1;
                left -= batch.sizeInBytes();
            }
        } catch (CorruptRecordException e) {
            return false;
        }
        return offset > 0 && left == 0;
    }

    /// The state of a snapshot; empty for the one that a node begins with.
    ///
    /// @throws IOException if the file is missing or damaged: its group cannot be served
    State readState(OffsetAndEpoch id) throws IOException {
        String name = name(id, STATE);
        if (id.offset() == 0) {
            return new State(0, 0, ByteBuffer.allocate(0));
        }
        ByteBuffer framed = disk.exists(name) ? read(name) : ByteBuffer.allocate(0);
        int end = framed.limit() - Integer.BYTES;
        if (end >= STATE_HEADER_BYTES) {
            CRC32C crc = new CRC32C();
            crc.update(framed.slice(0, end));
            if ((int) crc.getValue() == framed.getInt(end)) {
                return new State(
                        framed.getLong(0),
                        framed.getLong(Long.BYTES),
                        framed.slice(STATE_HEADER_BYTES, end - STATE_HEADER_BYTES));
            }
        }
        throw new IOException(
                "snapshot: "
                        + disk.describe(name)
                        + " is missing or damaged in bytes 0 to "
                        + framed.limit()
                        + ": the state that it holds cannot be served; restore it from a backup");
    }

    /// Removes what is older than the latest.
    void deleteOlder() throws IOException {
        while (ids.size() > 1) {
            OffsetAndEpoch oldest = ids.pollFirst();
            if (oldest != null) {
                disk.delete(name(oldest, MANIFEST));
                disk.delete(name(oldest, STATE));
            }
        }
    }

    /// Fills a file that has no name yet.
    private interface Content {
        void write(Disk.File file) throws IOException;
    }

    private void write(String name, Content content) throws IOException {
        String unfinished = name + UNFINISHED;
        try (Disk.File file = disk.open(unfinished, true)) {
            file.truncate(0);
            content.write(file);
            file.sync();
        } catch (IOException | Unwritten | OutOfMemoryError e) {
            // On a full disk what was begun is in the way of others.
            disk.delete(unfinished);
            if (e instanceof Unwritten unwritten) {
                throw unwritten.getCause();
            }
            throw e;
        }
        disk.rename(unfinished, name);
        disk.syncDirectory(directory);
    }

    private ByteBuffer read(String name) throws IOException {
        try (Disk.File file = disk.open(name, false)) {
            ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
            file.read(bytes, 0);
            return bytes.flip();
        }
    }

    RawSnapshotWriter writer(OffsetAndEpoch id) {
        return new Writer(id);
    }

    Optional<RawSnapshotReader> reader(OffsetAndEpoch id) {
        if (!ids.contains(id)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Reader(id, read(name(id, MANIFEST))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Where the state is of a snapshot that was made by another member.
    interface StateSource {
        State stateOf(OffsetAndEpoch id) throws IOException;
    }

    /// A manifest is small: it is gathered in memory and written when it is frozen.
    private final class Writer implements RawSnapshotWriter {
        private final OffsetAndEpoch id;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private boolean frozen;

        Writer(OffsetAndEpoch id) {
            this.id = id;
        }

        @Override
        public OffsetAndEpoch snapshotId() {
            return id;
        }

        @Override
        public long sizeInBytes() {
            return bytes.size();
        }

        @Override
        public void append(MemoryRecords records) {
            append(records.buffer());
        }

        @Override
        public void append(UnalignedMemoryRecords records) {
            append(records.buffer());
        }

        private void append(ByteBuffer source) {
            byte[] copy = new byte[source.remaining()];
            source.duplicate().get(copy);
            bytes.writeBytes(copy);
        }

        @Override
        public boolean isFrozen() {
            return frozen;
        }

        @Override
        public void freeze() {
            try {
                if (id.offset() > 0 && !disk.exists(name(id, STATE))) {
                    writeState(id, elsewhere.stateOf(id));
                }
                ByteBuffer manifest = ByteBuffer.wrap(bytes.toByteArray());
                write(name(id, MANIFEST), file -> file.write(manifest, 0));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            frozen = true;
            ids.add(id);
        }

        @Override
        public void close() {
            bytes.reset();
        }
    }

    private record Reader(OffsetAndEpoch snapshotId, ByteBuffer bytes)
            implements RawSnapshotReader {

        @Override
        public long sizeInBytes() {
            return bytes.limit();
        }

        @Override
        public UnalignedRecords slice(long position, int size) {
            int length = (int) Math.min(size, bytes.limit() - position);
            return new UnalignedMemoryRecords(bytes.slice((int) position, length));
        }

        @Override
        public Records records() {
            return MemoryRecords.readableRecords(bytes.duplicate());
        }
    }
}
