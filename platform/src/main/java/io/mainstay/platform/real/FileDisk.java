package io.mainstay.platform.real;

import io.mainstay.platform.Disk;

import org.jspecify.annotations.Nullable;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/// Files of the operating system below one directory that only its owner may enter.
public final class FileDisk implements Disk {

    private final Path root;

    public FileDisk(Path root) throws IOException {
        this.root = root.toAbsolutePath().normalize();
        if (!Files.isDirectory(this.root)) {
            Path parent = this.root.getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            Files.createDirectory(
                    this.root,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
        }
    }

    private Path path(String name) {
        return root.resolve(name);
    }

    @Override
    public File open(String name, boolean create) throws IOException {
        Path path = path(name);
        if (!create) {
            return new ChannelFile(
                    FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE));
        }
        Path directory = path.getParent();
        if (directory != null && !Files.isDirectory(directory)) {
            Files.createDirectories(directory);
            syncChain(directory);
        }
        return new ChannelFile(
                FileChannel.open(
                        path,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.CREATE));
    }

    private void syncChain(Path directory) throws IOException {
        for (Path at = directory; at != null && at.startsWith(root); at = at.getParent()) {
            sync(at);
        }
    }

    @Override
    public boolean exists(String name) {
        return Files.exists(path(name));
    }

    @Override
    public List<String> list(String directory) throws IOException {
        List<String> names = new ArrayList<>();
        if (Files.isDirectory(path(directory))) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(path(directory))) {
                for (Path entry : entries) {
                    Path name = entry.getFileName();
                    if (name != null && Files.isRegularFile(entry)) {
                        names.add(name.toString());
                    }
                }
            }
        }
        names.sort(null);
        return names;
    }

    @Override
    public void delete(String name) throws IOException {
        Files.deleteIfExists(path(name));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Files.move(path(from), path(to), StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void syncDirectory(String directory) throws IOException {
        sync(path(directory));
    }

    private static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public long usableBytes() throws IOException {
        // Not by Files.getFileStore, which reads the list of mounts each time: this is asked at
        // each sync.
        return root.toFile().getUsableSpace();
    }

    @Override
    public long totalBytes() throws IOException {
        return root.toFile().getTotalSpace();
    }

    @Override
    public @Nullable Closeable tryLock(String name) throws IOException {
        FileChannel channel =
                FileChannel.open(path(name), StandardOpenOption.WRITE, StandardOpenOption.CREATE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return channel;
            }
        } catch (OverlappingFileLockException heldByThisProcess) {
            channel.close();
            return null;
        }
        channel.close();
        return null;
    }

    @Override
    public String describe(String name) {
        return path(name).toString();
    }

    private record ChannelFile(FileChannel channel) implements File {

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            long at = position;
            while (source.hasRemaining()) {
                at += channel.write(source, at);
            }
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            int total = 0;
            while (target.hasRemaining()) {
                int read = channel.read(target, position + total);
                if (read < 0) {
                    break;
                }
                total += read;
            }
            return total;
        }

        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public void truncate(long size) throws IOException {
            channel.truncate(size);
        }

        @Override
        public void sync() throws IOException {
            channel.force(false);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
