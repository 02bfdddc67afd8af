package io.mainstay.kernel.journal;

import io.mainstay.common.Check;
import io.mainstay.kernel.journal.RecordFormat.Header;
import io.mainstay.platform.Disk;
import io.mainstay.platform.Platform;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/// The journal as segment files of one size.
///
/// Position `p` lies in segment `p / segmentBytes` at `p % segmentBytes`. A record never spans segments: [RecordType#SEGMENT_END] closes one
/// that has no room. Each commit block (what is appended between two flushes) opens with a [RecordType#SYNC_MARK] that carries the
/// position synced before it. At a start the highest mark found separates *damage* (a bad record below it: refused, with file and
/// position) from the *tail* (a bad record above it: cut; nobody was told that it is durable).
///
/// Invariants, each kept by an order of writes that [SpareSegments], [#roll] and [#recycle] state:
/// - a file that bears a segment's name has an intact block;
/// - a segment is closed only after its successor is durable, so a closed last segment means a missing file;
/// - a segment goes only after a mark that does without it is durable, so a missing oldest segment shows too.
///
/// Appended records are staged and written once per flush. A failed write or sync closes the journal for the life of the process:
/// the kernel may have dropped the dirty pages, so trying again proves nothing.
public final class SegmentedJournal implements Journal {

    private static final Logger LOG = LoggerFactory.getLogger(SegmentedJournal.class);

    /// Room for any batch of a leader; a larger record, which only a peer's answer may bring, gets a buffer of its own.
    private static final int STAGING_BYTES = 8 << 20;

    private static final ByteBuffer NO_PAYLOAD = ByteBuffer.allocate(0);

    private final Disk disk;
    private final Platform platform;
    private final int segmentBytes;
    private final ConcurrentSkipListMap<Long, Segment> segments = new ConcurrentSkipListMap<>();
    private final SpareSegments spares;
    private final Map<Integer, Long> lowest = new HashMap<>();
    private final Map<Integer, Long> last = new HashMap<>();
    private final ByteBuffer staging = ByteBuffer.allocateDirect(STAGING_BYTES);

    private boolean replayed;
    private boolean open;
    private boolean blockOpen;
    private long stagedAt;
    private long wantedOldest = 1;
    private long declaredOldest = 1;
    private long declaredAt;
    private volatile long end;
    private volatile long written;
    private volatile long synced;
    private volatile boolean failed;
    private volatile long records;
    private volatile long syncs;
    private volatile long syncNanos;
    private long cutAtStart;

    private SegmentedJournal(JournalConfig config, Platform platform) {
        this.platform = platform;
        this.disk = platform.disk();
        this.segmentBytes = config.segmentBytes();
        this.spares =
                new SpareSegments(disk, platform.clock(), segmentBytes, config.watermarkBytes());
    }

    /// Opens the journal of a data directory, or makes it. [#replay] must follow.
    ///
    /// @throws DamagedJournalException if a segment is missing or cannot be read
    public static SegmentedJournal open(JournalConfig config, Platform platform)
            throws IOException {
        SegmentedJournal journal = new SegmentedJournal(config, platform);
        journal.segments.putAll(JournalFiles.openSegments(platform.disk(), journal.segmentBytes));
        journal.spares.takeOver();
        return journal;
    }

    @Override
    public void replay(Replay replay) throws IOException {
        Check.that(!replayed, "a journal is replayed once");
        replayed = true;
        JournalScan scan = new JournalScan(disk, segmentBytes, segments);
        long cut =
                scan.run(
                        new JournalScan.Visitor() {
                            @Override
                            public void record(Header header, long recordEnd, ByteBuffer payload) {
                                note(header, recordEnd);
                                replay.record(
                                        header.type(),
                                        header.group(),
                                        header.baseOffset(),
                                        header.lastOffset(),
                                        header.epoch(),
                                        recordEnd,
                                        payload);
                            }

                            @Override
                            public boolean damaged(
                                    Header header, long recordEnd, ByteBuffer payload) {
                                boolean passed = passedOver(replay, header, recordEnd, payload);
                                if (passed) {
                                    note(header, recordEnd);
                                }
                                return passed;
                            }
                        });
        if (segments.isEmpty()) {
            end = begin(1);
        } else {
            cutAtStart = scan.cutTail(cut);
            if (cutAtStart > 0) {
                LOG.warn(
                        "journal: cut {} bytes behind position {} that no sync had covered (or that were left there by an earlier use of the file)",
                        cutAtStart,
                        cut);
            }
            end = cut;
        }
        if (!disk.exists(JournalFiles.BEGUN)) {
            disk.open(JournalFiles.BEGUN, true).close();
            disk.syncDirectory(Segment.DIRECTORY);
        }
        wantedOldest = segments.firstKey();
        declaredOldest = wantedOldest;
        written = end;
        stagedAt = end;
        for (Segment segment : segments.values()) {
            segment.file().sync();
        }
        synced = end;
        open = true;
        spares.prepare(0);
    }

    @Override
    public long neededFrom(int group) {
        return lowest.getOrDefault(group, end);
    }

    @Override
    public void replay(int group, long from, long to, Replay replay) throws IOException {
        Check.that(to <= synced, "replay up to %d, synced up to %d", to, synced);
        for (Segment segment :
                segments.tailMap(from / segmentBytes, true)
                        .headMap(to / segmentBytes, true)
                        .values()) {
            GroupScan scan = new GroupScan(segment, segmentBytes, group, to);
            long behind = scan.run(replay);
            if (behind >= 0) {
                throw JournalFiles.damaged(
                        disk, segment.name(), (int) (behind % segmentBytes), behind, to);
            }
        }
    }

    private void note(Header header, long recordEnd) {
        records++;
        if (isOfGroup(header.type())) {
            lowest.putIfAbsent(
                    header.group(), recordEnd - RecordFormat.recordBytes(header.payloadBytes()));
            last.put(header.group(), recordEnd);
        }
    }

    static boolean passedOver(Replay replay, Header header, long recordEnd, ByteBuffer payload) {
        return isOfGroup(header.type())
                && replay.damaged(
                        header.type(),
                        header.group(),
                        header.baseOffset(),
                        header.lastOffset(),
                        header.epoch(),
                        recordEnd,
                        payload);
    }

    static boolean isOfGroup(RecordType type) {
        return switch (type) {
            case BATCH, TRUNCATE, START_AT, RESET_TO_SNAPSHOT, ELECTION_STATE, BODIES -> true;
            case SYNC_MARK, CLEAN_STOP, SEGMENT_END -> false;
        };
    }

    /// Starts a segment and returns the position of its first record.
    private long begin(long sequence) throws IOException {
        segments.put(sequence, spares.begin(sequence, platform.random().nextLong()));
        return sequence * segmentBytes + Segment.BLOCK_BYTES;
    }

    @Override
    public long append(
            RecordType type,
            int group,
            long baseOffset,
            long lastOffset,
            int epoch,
            ByteBuffer payload,
            boolean fromReserve) {
        Check.that(open, "append to a journal that is not open");
        refuseIfFailed();
        int bytes = RecordFormat.recordBytes(payload.remaining());
        int most = segmentBytes - Segment.BLOCK_BYTES - 2 * RecordFormat.HEADER_BYTES - Long.BYTES;
        Check.that(
                bytes <= most,
                "a record of %d bytes, segments of %d take %d",
                bytes,
                segmentBytes,
                most);
        if (!fromReserve && spares.full()) {
            throw new JournalFullException(
                    "the disk has less free space than the watermark of "
                            + spares.watermarkBytes()
                            + " bytes (disk.watermark-bytes): only what frees space is taken");
        }
        try {
            if (!fits(bytes + RecordFormat.HEADER_BYTES) && !spares.canBegin()) {
                throw new JournalFullException(
                        "the disk has no room for another segment of " + segmentBytes + " bytes");
            }
            if (!blockOpen) {
                openBlock();
            }
            lowest.putIfAbsent(group, end);
            long recordEnd = write(type, group, baseOffset, lastOffset, epoch, payload);
            last.put(group, recordEnd);
            return recordEnd;
        } catch (IOException e) {
            throw fail("write to", e);
        }
    }

    private void openBlock() throws IOException {
        blockOpen = true;
        recycle();
        boolean declares = wantedOldest > declaredOldest && declaredAt <= synced;
        write(RecordType.SYNC_MARK, 0, synced, wantedOldest, 0, NO_PAYLOAD.duplicate());
        if (declares) {
            declaredOldest = wantedOldest;
            declaredAt = end;
        }
    }

    /// A record of `bytes` and the one that closes the segment have room in it.
    private boolean fits(int bytes) {
        return end % segmentBytes + bytes + RecordFormat.HEADER_BYTES <= segmentBytes;
    }

    /// Closes the segment. Its successor is durable before, so that a closed segment without one is known for damage.
    private void roll() throws IOException {
        long sequence = end / segmentBytes;
        long next = begin(sequence + 1);
        stage(RecordType.SEGMENT_END, 0, 0, 0, 0, NO_PAYLOAD.duplicate(), sequence);
        writeStaged();
        end = next;
        stagedAt = next;
        written = next;
    }

    private long write(
            RecordType type,
            int group,
            long baseOffset,
            long lastOffset,
            int epoch,
            ByteBuffer payload)
            throws IOException {
        int bytes = RecordFormat.recordBytes(payload.remaining());
        if (!fits(bytes)) {
            roll();
        }
        stage(type, group, baseOffset, lastOffset, epoch, payload, end / segmentBytes);
        records++;
        return end;
    }

    private void stage(
            RecordType type,
            int group,
            long baseOffset,
            long lastOffset,
            int epoch,
            ByteBuffer payload,
            long sequence)
            throws IOException {
        int bytes = RecordFormat.recordBytes(payload.remaining());
        Header header =
                new Header(
                        sequence,
                        type,
                        group,
                        baseOffset,
                        lastOffset,
                        epoch,
                        payload.remaining(),
                        RecordFormat.payloadCrc(payload));
        if (staging.remaining() < bytes) {
            writeStaged();
        }
        ByteBuffer target =
                staging.remaining() < bytes ? ByteBuffer.allocateDirect(bytes) : staging;
        int at = target.position();
        RecordFormat.putHeader(
                target, segment(sequence).salt(), (int) (end % segmentBytes), header);
        target.put(payload);
        while (target.position() < at + bytes) {
            target.put((byte) 0);
        }
        end += bytes;
        if (target != staging) {
            segment(sequence).file().write(target.flip(), stagedAt % segmentBytes);
            stagedAt = end;
            written = end;
        }
    }

    private void writeStaged() throws IOException {
        if (staging.position() > 0) {
            segment(stagedAt / segmentBytes).file().write(staging.flip(), stagedAt % segmentBytes);
            staging.clear();
        }
        stagedAt = end;
        written = end;
    }

    private Segment segment(long sequence) {
        return Check.present(segments.get(sequence), "no segment %d", sequence);
    }

    @Override
    public void flush() {
        if (stagedAt == end && !blockOpen) {
            return;
        }
        refuseIfFailed();
        try {
            writeStaged();
            blockOpen = false;
        } catch (IOException e) {
            throw fail("write to", e);
        }
    }

    @Override
    public long sync() throws IOException {
        refuseIfFailed();
        long target = written;
        if (target == synced) {
            return target;
        }
        long start = platform.clock().nanoTime();
        try {
            for (Segment segment :
                    segments.tailMap(synced / segmentBytes, true)
                            .headMap(target / segmentBytes, true)
                            .values()) {
                segment.file().sync();
            }
        } catch (IOException e) {
            throw fail("sync", e);
        }
        long grown = target - synced;
        synced = target;
        syncs++;
        syncNanos += platform.clock().nanoTime() - start;
        spares.prepare(grown);
        return target;
    }

    @Override
    public void read(long recordEnd, ByteBuffer target) throws IOException {
        int bytes = target.remaining();
        int recordBytes = RecordFormat.recordBytes(bytes);
        long start = recordEnd - recordBytes;
        Check.that(recordEnd <= written, "read of %d before it was written", recordEnd);
        Segment segment = segments.get(start / segmentBytes);
        if (segment == null) {
            throw new DamagedJournalException(
                    "journal: position " + start + " lies in a segment that is gone");
        }
        ByteBuffer head = ByteBuffer.allocate(RecordFormat.HEADER_BYTES);
        int at = (int) (start % segmentBytes);
        segment.file().read(head, at);
        Header header = RecordFormat.header(head.flip(), segment.salt(), segment.sequence(), at);
        int payloadAt = target.position();
        if (header != null && header.payloadBytes() == bytes) {
            segment.file().read(target, at + RecordFormat.HEADER_BYTES);
            ByteBuffer payload = target.slice(payloadAt, bytes);
            if (!target.hasRemaining() && RecordFormat.payloadCrc(payload) == header.payloadCrc()) {
                return;
            }
        }
        throw new DamagedJournalException(
                "journal: "
                        + disk.describe(segment.name())
                        + " is damaged at bytes "
                        + at
                        + " to "
                        + (at + recordBytes)
                        + " (position "
                        + start
                        + "): what stands there is not what was written");
    }

    @Override
    public void release(int released, long position) {
        if (failed) {
            return;
        }
        lowest.merge(released, position, Math::max);
        long keep = Math.min(end, synced);
        for (var group : lowest.entrySet()) {
            boolean needsNothing =
                    group.getValue() >= last.getOrDefault(group.getKey(), Long.MAX_VALUE);
            keep = needsNothing ? keep : Math.min(keep, group.getValue());
        }
        wantedOldest = Math.max(wantedOldest, keep / segmentBytes);
        try {
            recycle();
        } catch (IOException e) {
            throw fail("recycle a segment of", e);
        }
    }

    /// Recycles what the last durable mark does without.
    private void recycle() throws IOException {
        while (declaredAt <= synced && segments.firstKey() < declaredOldest) {
            spares.give(segments.pollFirstEntry().getValue());
        }
    }

    @Override
    public long end() {
        return end;
    }

    @Override
    public long synced() {
        return synced;
    }

    @Override
    public boolean failed() {
        return failed;
    }

    @Override
    public boolean full() {
        return spares.full();
    }

    @Override
    public JournalStats stats() {
        return new JournalStats(
                end,
                synced,
                segments.size(),
                spares.count(),
                segmentBytes,
                records,
                syncs,
                syncNanos,
                cutAtStart,
                spares.full(),
                failed);
    }

    private void refuseIfFailed() {
        if (failed) {
            throw new JournalFailedException(
                    "the journal takes no records after a failed write: restart the node", null);
        }
    }

    private JournalFailedException fail(String what, IOException cause) {
        failed = true;
        LOG.error(
                "journal: could not {} {}: nothing is written any more by this process; mend the disk and restart the node",
                what,
                disk.describe(Segment.DIRECTORY),
                cause);
        return new JournalFailedException("could not " + what + " the journal", cause);
    }

    /// Ends in order: everything is synced and a mark says so. A failed journal only closes its files.
    @Override
    public void close() throws IOException {
        try {
            if (!failed && open) {
                open = false;
                flush();
                sync();
                if (fits(RecordFormat.HEADER_BYTES) || spares.canBegin()) {
                    write(
                            RecordType.CLEAN_STOP,
                            0,
                            synced,
                            wantedOldest,
                            0,
                            NO_PAYLOAD.duplicate());
                    writeStaged();
                    sync();
                }
            }
        } finally {
            for (Segment segment : segments.values()) {
                segment.file().close();
            }
            spares.close();
        }
    }
}
