package io.mainstay.kernel.group;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// Decides what of a group's bodies is to be moved. With `L` for the bytes of all bodies that are needed, `F` for those of the group's files, and `S` for
/// [RaftGroupsConfig#bodySpanBytes()]:
///
/// - The journal from the group's oldest body on is longer than `S + 2 (L - F)`: the oldest bodies go to a file. So a backlog that is consumed in order,
///   which is nearly all that the journal holds, is left where it is, and a few old messages in a long journal are not.
/// - The files are longer than `S / 4 + 2 L`: one file after the other that is mostly dead is written again without that, or deleted.
///
/// So what a group's bodies take of the disk is at most about `1.25 S + 4 L`, as long as the relocator keeps up. Apply thread only.
final class RelocationPlan {

    /// The usual size of a file.
    private static final long FILE_BYTES = 16L << 20;

    private static final long LEAST_FILE_BYTES = 16L << 10;

    private final LocalGroup group;
    private final Machines machines;
    private final GroupBodies bodies;
    private final BodyFiles files;
    private final long spanBytes;
    private final long fileBytes;

    /// The file that is looked at next, by its first address.
    private long cursor;

    RelocationPlan(LocalGroup group, Machines machines, GroupBodies bodies, long spanBytes) {
        this.group = group;
        this.machines = machines;
        this.bodies = bodies;
        this.files = bodies.files();
        this.spanBytes = spanBytes;
        this.fileBytes = Math.clamp(spanBytes / 16, LEAST_FILE_BYTES, FILE_BYTES);
    }

    /// What is to be moved now, or `null`.
    ///
    /// @param end address behind what is applied
    @Nullable BodyRange next(long end) {
        long inFiles = files.bytes();
        if (span() <= spanBytes && inFiles <= spanBytes / 4) {
            return null;
        }
        long needed = machines.bodyBytes();
        long most = spanBytes + 2 * Math.max(0, needed - inFiles);
        if (span() > most) {
            long covered = files.coveredTo();
            long oldest = machines.bodiesNeededFrom(covered);
            group.bodiesMoved(oldest);
            if (span() > most && oldest < end) {
                return oldest(covered, oldest, Math.min(end, oldest + fileBytes));
            }
        }
        return inFiles > spanBytes / 4 + 2 * needed ? mostlyDead() : null;
    }

    private long span() {
        long end = group.journal.end();
        return end - bodies.oldestPosition(end);
    }

    /// With what the last file has if that is little: few files, not many small ones.
    private BodyRange oldest(long covered, long oldest, long to) {
        List<BodyFile> present = files.files();
        if (!present.isEmpty() && covered <= oldest) {
            BodyFile last = present.getLast();
            if (!last.isDamaged()
                    && last.size() < fileBytes / 2
                    && to - last.from < BodyRange.MAX_SPAN) {
                return BodyRange.of(last.from, to, machines);
            }
        }
        return BodyRange.of(oldest, to, machines);
    }

    private @Nullable BodyRange mostlyDead() {
        BodyFile file = files.find(cursor);
        if (file == null) {
            List<BodyFile> present = files.files();
            file = present.getFirst();
            for (BodyFile later : present) {
                if (later.from >= cursor) {
                    file = later;
                    break;
                }
            }
        }
        cursor = file.to;
        BodyRange range = BodyRange.of(file.from, file.to, machines);
        boolean rewrites =
                file.isDamaged() ? range.count() == 0 : range.fileBytes() < file.size() / 4 * 3;
        return rewrites ? range : null;
    }
}
