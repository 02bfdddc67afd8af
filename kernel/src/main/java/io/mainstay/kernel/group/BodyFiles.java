package io.mainstay.kernel.group;

import io.mainstay.common.Check;
import io.mainstay.platform.Disk;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// The bodies of one group that were moved out of the journal: files in `bodies/<group>/`, whose ranges of addresses do not overlap.
///
/// What they hold was applied and never changes, and an address means the same for as long as the group lives; so a file is right whenever it is found,
/// and no list of files is kept. Invariant: what is needed below [#coveredTo] is in a file. Readers see one reference; the relocator's thread writes.
final class BodyFiles {

    private static final Logger LOG = LoggerFactory.getLogger(BodyFiles.class);

    private final Disk disk;
    private final String directory;

    /// In order of address.
    private volatile List<BodyFile> files = List.of();

    private long nextNumber = 1;

    private BodyFiles(Disk disk, int group) {
        this.disk = disk;
        this.directory = "bodies/" + group;
    }

    /// Finds the files of a group, and removes what a crash left: files without a name, and those that a newer one replaces.
    static BodyFiles open(Disk disk, int group) throws IOException {
        BodyFiles opened = new BodyFiles(disk, group);
        opened.open();
        return opened;
    }

    private void open() throws IOException {
        List<BodyFile> found = new ArrayList<>();
        for (String name : disk.list(directory)) {
            if (name.endsWith(BodyFile.UNFINISHED)) {
                disk.delete(directory + "/" + name);
            }
            BodyFile file = BodyFile.open(disk, directory, name);
            if (file != null) {
                found.add(file);
                nextNumber = Math.max(nextNumber, file.number + 1);
            }
        }
        List<BodyFile> kept = new ArrayList<>();
        for (BodyFile file : found) {
            if (isReplaced(file, found)) {
                file.close();
                disk.delete(file.name());
            } else {
                kept.add(file);
                if (file.isDamaged()) {
                    LOG.error(
                            "bodies: {} is damaged: its table of contents cannot be read, and none of the messages in it",
                            disk.describe(file.name()));
                }
            }
        }
        kept.sort(Comparator.comparingLong(file -> file.from));
        for (int i = 1; i < kept.size(); i++) {
            Check.that(
                    kept.get(i - 1).to <= kept.get(i).from,
                    "%s and %s overlap",
                    kept.get(i - 1).name(),
                    kept.get(i).name());
        }
        files = List.copyOf(kept);
    }

    private static boolean isReplaced(BodyFile file, List<BodyFile> all) {
        for (BodyFile other : all) {
            if (other.number > file.number && other.from <= file.from && other.to >= file.to) {
                return true;
            }
        }
        return false;
    }

    List<BodyFile> files() {
        return files;
    }

    /// What is needed below is here.
    long coveredTo() {
        List<BodyFile> present = files;
        return present.isEmpty() ? 0 : present.getLast().to;
    }

    /// Bytes of all files.
    long bytes() {
        long bytes = 0;
        for (BodyFile file : files) {
            bytes += file.size();
        }
        return bytes;
    }

    /// The file whose range has the address.
    @Nullable BodyFile find(long address) {
        List<BodyFile> present = files;
        int low = 0;
        int high = present.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            BodyFile file = present.get(middle);
            if (file.covers(address)) {
                return file;
            }
            if (address < file.from) {
                high = middle - 1;
            } else {
                low = middle + 1;
            }
        }
        return null;
    }

    // --- the relocator's -------------------------------------------------------------------------

    BodyFile.Builder begin(long from, long to) {
        return new BodyFile.Builder(disk, nextNumber++, from, to);
    }

    String unfinished() {
        return directory + "/next" + BodyFile.UNFINISHED;
    }

    /// Readers find bodies in `file` from now on, and not in those that lie in its range, which are returned to be deleted.
    List<BodyFile> publish(BodyFile file) {
        List<BodyFile> next = new ArrayList<>();
        List<BodyFile> replaced = new ArrayList<>();
        for (BodyFile other : files) {
            (other.from >= file.from && other.to <= file.to ? replaced : next).add(other);
        }
        next.add(file);
        next.sort(Comparator.comparingLong(one -> one.from));
        files = List.copyOf(next);
        return replaced;
    }

    /// Nothing in the range is needed any more: deletes the files in it.
    void forget(long from, long to) throws IOException {
        List<BodyFile> next = new ArrayList<>();
        List<BodyFile> gone = new ArrayList<>();
        for (BodyFile file : files) {
            (file.from >= from && file.to <= to ? gone : next).add(file);
        }
        files = List.copyOf(next);
        for (BodyFile file : gone) {
            delete(file);
        }
    }

    String directory() {
        return directory;
    }

    /// Deletes a file that readers do not find any more; one that still reads it looks again.
    void delete(BodyFile file) throws IOException {
        file.close();
        disk.delete(file.name());
    }

    void close() {
        for (BodyFile file : files) {
            try {
                file.close();
            } catch (IOException e) {
                LOG.debug("bodies: closing {}", file.name(), e);
            }
        }
    }
}
