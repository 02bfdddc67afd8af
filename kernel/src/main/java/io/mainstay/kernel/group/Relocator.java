package io.mainstay.kernel.group;

import io.mainstay.platform.Disk;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/// Moves old bodies out of the journal, for all groups of a node, one range at a time and no faster than [#BYTES_A_SECOND].
///
/// The apply thread offers what is to be moved, see [GroupApply]; the work is done by a thread of its own; the driver releases the journal.
final class Relocator {

    private static final Logger LOG = LoggerFactory.getLogger(Relocator.class);

    /// Bytes read and written together: less than a tenth of what a disk for servers takes.
    private static final long BYTES_A_SECOND = 64L << 20;

    /// After a failure of the disk nothing is moved for so long.
    private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Disk disk;
    private final Wake wake;

    /// Both ends: the apply thread puts one in when there is none.
    private final AtomicReference<@Nullable Offer> offered = new AtomicReference<>();

    private @Nullable Relocation running;
    private volatile boolean resting;
    private volatile long damaged;
    private volatile long moved;

    private record Offer(LocalGroup group, GroupBodies bodies, BodyRange range) {}

    Relocator(Disk disk, Wake wake) {
        this.disk = disk;
        this.wake = wake;
    }

    /// Nothing is being moved: an offer will be taken. Apply thread.
    boolean isFree() {
        return offered.get() == null && !resting;
    }

    /// Apply thread, when free.
    void offer(LocalGroup group, GroupBodies bodies, BodyRange range) {
        offered.set(new Offer(group, bodies, range));
        wake.wake();
    }

    /// Bodies that were found damaged.
    long damaged() {
        return damaged;
    }

    /// Bytes of bodies that were moved.
    long moved() {
        return moved;
    }

    /// The next step; returns the nanoseconds until there is another one.
    long turn() {
        resting = false;
        Offer offer = offered.get();
        if (offer == null) {
            return IDLE_NANOS;
        }
        Relocation relocation = running;
        if (relocation == null) {
            relocation =
                    new Relocation(offer.group.id, offer.bodies, disk, offer.range);
            running = relocation;
        }
        try {
            long bytes = relocation.step();
            if (bytes >= 0) {
                moved += bytes / 2;
                return TimeUnit.SECONDS.toNanos(1) * bytes / BYTES_A_SECOND;
            }
            damaged += relocation.damaged();
            offer.group.bodiesMoved(offer.range.to());
            end();
            return 0;
        } catch (IOException e) {
            LOG.warn(
                    "raft group {}: old messages could not be moved out of the journal, which is tried again in 30 s: {}",
                    relocation.group(),
                    e.toString());
            relocation.abandon();
            resting = true;
            end();
            return AGAIN_NANOS;
        }
    }

    private void end() {
        running = null;
        offered.set(null);
    }
}
