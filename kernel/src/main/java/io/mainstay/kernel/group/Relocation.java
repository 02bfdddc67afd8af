package io.mainstay.kernel.group;

import io.mainstay.kernel.journal.Journal.DamagedJournalException;
import io.mainstay.platform.Disk;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Copies the bodies of one range of addresses that are still needed into a new [BodyFile], in steps.
///
/// ```
/// COPY     a block at a time: read (journal or older file, both checked), written to a file without a name
/// FINISH   the table of contents, sync
/// PUBLISH  the name, synced; readers find the new file
/// CLEAN    files that it replaces are deleted; the journal is told that it may let go
/// ```
/// A crash between any two steps leaves a file without a name, or bodies that lie in two places: both are put right at the start. A body that is damaged
/// where it lies cannot be saved: it is told, and not copied. Relocator thread only.
final class Relocation {

    private static final Logger LOG = LoggerFactory.getLogger(Relocation.class);

    /// Bodies that are checked and read together later: what a reader reads at least.
    private static final int BLOCK_BYTES = 64 << 10;

    private static final int MOST_IN_A_BLOCK = 4_096;

    private final int group;
    private final GroupBodies bodies;
    private final BodyFiles files;
    private final Disk disk;
    private final BodyFile.Builder builder;
    private final BodyRange range;
    private int next;
    private int damaged;
    private Disk.@Nullable File target;
    private boolean written;

    Relocation(int group, GroupBodies bodies, Disk disk, BodyRange range) {
        this.group = group;
        this.bodies = bodies;
        this.files = bodies.files();
        this.disk = disk;
        this.range = range;
        this.builder = files.begin(range.from(), range.to());
    }

    int group() {
        return group;
    }

    /// Bodies that could not be copied because they are damaged.
    int damaged() {
        return damaged;
    }

    /// Does the next step; returns the bytes that it read and wrote, or -1 if that was the last one.
    ///
    /// @throws IOException if the disk fails: nothing has changed, or only what is found again at a start
    long step() throws IOException {
        if (next < range.count()) {
            return copyBlock();
        }
        if (range.count() == 0) {
            files.forget(range.from(), range.to());
            return -1;
        }
        if (!written) {
            builder.finish(target());
            written = true;
            return 0;
        }
        publish();
        return -1;
    }

    private Disk.File target() throws IOException {
        Disk.File open = target;
        if (open == null) {
            open = disk.open(files.unfinished(), true);
            open.truncate(0);
            target = open;
        }
        return open;
    }

    private long copyBlock() throws IOException {
        List<ByteBuffer> read = new ArrayList<>();
        List<Long> at = new ArrayList<>();
        int bytes = 0;
        while (next < range.count()
                && bytes < BLOCK_BYTES
                && read.size() < MOST_IN_A_BLOCK
                && (bytes == 0 || bytes + range.bytes(next) <= BLOCK_BYTES)) {
            try {
                read.add(bodies.readForCopy(range.address(next), range.bytes(next)));
                at.add(range.address(next));
                bytes += range.bytes(next);
            } catch (DamagedJournalException e) {
                damaged++;
                LOG.error(
                        "raft group {}: {} bytes at address {} cannot be moved, the message that they are of is lost: {}",
                        group,
                        range.bytes(next),
                        range.address(next),
                        e.getMessage());
            }
            next++;
        }
        if (read.isEmpty()) {
            return 0;
        }
        long[] firsts = at.stream().mapToLong(Long::longValue).toArray();
        BodyBlock block = BodyBlock.of(firsts, read.toArray(ByteBuffer[]::new));
        builder.add(target(), block);
        return 2L * bytes;
    }

    private void publish() throws IOException {
        BodyFile file = builder.publish(files.directory(), files.unfinished());
        for (BodyFile replaced : files.publish(file)) {
            files.delete(replaced);
        }
    }

    /// It is not gone on with.
    void abandon() {
        try {
            Disk.File open = target;
            if (open != null && !written) {
                open.close();
            }
            disk.delete(files.unfinished());
        } catch (IOException e) {
            LOG.debug("raft group {}: {} stays until the next try", group, files.unfinished(), e);
        }
    }
}
