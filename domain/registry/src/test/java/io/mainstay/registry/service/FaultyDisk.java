package io.mainstay.registry.service;

import io.mainstay.platform.Disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/// A real disk that is full, or whose next sync fails, when a test says so.
final class FaultyDisk implements Disk {

    private final Disk disk;
    volatile boolean full;
    volatile boolean failsToSync;

    FaultyDisk(Disk disk) {
        this.disk = disk;
    }

    @Override
    public File open(String name, boolean create) throws IOException {
        File file = disk.open(name, create);
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
                if (failsToSync) {
                    throw new IOException("Input/output error");
                }
                file.sync();
            }

            @Override
            public void close() throws IOException {
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
        return full ? 0 : disk.usableBytes();
    }

    @Override
    public long totalBytes() throws IOException {
        return disk.totalBytes();
    }

    @Override
    public Closeable tryLock(String name) throws IOException {
        return disk.tryLock(name);
    }

    @Override
    public String describe(String name) {
        return disk.describe(name);
    }
}
