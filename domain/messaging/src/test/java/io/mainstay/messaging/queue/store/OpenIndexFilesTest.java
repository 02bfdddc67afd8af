package io.mainstay.messaging.queue.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.platform.Disk;
import io.mainstay.platform.sim.SimDisk;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// How many files of queue indexes are open.
class OpenIndexFilesTest {

    private static final int FILES = 3 * IndexFiles.MOST_OPEN;
    private static final int MOST_DESCRIPTORS = 2 * IndexFiles.MOST_OPEN;

    private final CountingDisk disk = new CountingDisk(new SimDisk(256L << 20));
    private final List<Long> handles = new ArrayList<>();

    /// Each start begins a new file.
    private void write(boolean synced) {
        for (int file = 0; file < FILES; file++) {
            IndexFiles files = new IndexFiles(disk, 1);
            files.restored(handles);
            handles.add(files.put(new long[] {file, 1}));
            handles.add(files.put(new long[] {file, 2}));
            if (synced) {
                files.sync();
            }
        }
    }

    @Test
    void aLongBacklogKeepsFewFilesOpen() {
        write(true);
        disk.open = 0;
        IndexFiles files = new IndexFiles(disk, 1);
        files.restored(handles);
        assertThat(disk.open).isLessThanOrEqualTo(MOST_DESCRIPTORS);
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < handles.size(); i++) {
                assertThat(files.get(handles.get(i))).containsExactly(i / 2, 1 + i % 2);
                assertThat(disk.open).isLessThanOrEqualTo(MOST_DESCRIPTORS);
            }
        }
    }

    @Test
    void whatIsReadAgainAndAgainStaysOpen() {
        write(true);
        IndexFiles files = new IndexFiles(disk, 1);
        files.restored(handles);
        files.get(handles.getFirst());
        int before = disk.opened;
        for (int i = 2; i < handles.size(); i += 2) {
            files.get(handles.getFirst());
            files.get(handles.get(i));
        }
        files.get(handles.getFirst());
        assertThat(disk.opened - before).isLessThanOrEqualTo(FILES - 1);
    }

    @Test
    void whatIsNotSyncedStaysOpen() {
        IndexFiles writing = new IndexFiles(disk, 1);
        handles.add(writing.put(new long[] {7}));
        int open = disk.open;
        write(true);
        for (long handle : handles.subList(1, handles.size())) {
            writing.get(handle);
        }
        int opened = disk.opened;
        handles.add(writing.put(new long[] {8}));
        assertThat(disk.opened).isEqualTo(opened);
        assertThat(open).isEqualTo(2);
        writing.sync();
        for (long handle : handles) {
            assertThat(writing.get(handle)).isNotEmpty();
        }
    }

    /// Knows how many of its files are open.
    private static final class CountingDisk implements Disk {

        private final Disk disk;
        private int open;
        private int opened;

        CountingDisk(Disk disk) {
            this.disk = disk;
        }

        @Override
        public File open(String name, boolean create) throws IOException {
            File file = disk.open(name, create);
            open++;
            opened++;
            return new File() {
                @Override
                public void write(ByteBuffer source, long position) throws IOException {
                    file.write(source, position);
                }

                @Override
                public int read(ByteBuffer target, long position) throws IOException {
                    return file.read(target, position);
                }

                @Override
                public long size() throws IOException {
                    return file.size();
                }

                @Override
                public void truncate(long size) throws IOException {
                    file.truncate(size);
                }

                @Override
                public void sync() throws IOException {
                    file.sync();
                }

                @Override
                public void close() throws IOException {
                    open--;
                    file.close();
                }
            };
        }

        @Override
        public boolean exists(String name) throws IOException {
            return disk.exists(name);
        }

        @Override
        public List<String> list(String directory) throws IOException {
            return disk.list(directory);
        }

        @Override
        public void delete(String name) throws IOException {
            disk.delete(name);
        }

        @Override
        public void rename(String from, String to) throws IOException {
            disk.rename(from, to);
        }

        @Override
        public void syncDirectory(String directory) throws IOException {
            disk.syncDirectory(directory);
        }

        @Override
        public long usableBytes() throws IOException {
            return disk.usableBytes();
        }

        @Override
        public long totalBytes() throws IOException {
            return disk.totalBytes();
        }

        @Override
        public @Nullable Closeable tryLock(String name) throws IOException {
            return disk.tryLock(name);
        }

        @Override
        public String describe(String name) {
            return disk.describe(name);
        }
    }
}
