package io.mainstay.platform;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/// Files below one data directory. Names are relative paths with `/`, made by us and never by a stranger.
///
/// The simulated disk loses on a power cut what was not synced: bytes without [File#sync()], and names without
/// [#syncDirectory(String)].
public interface Disk {

    /// Opens for reading and writing; creates the file (and its directories) if `create`.
    File open(String name, boolean create) throws IOException;

    boolean exists(String name) throws IOException;

    /// Names of the files (not directories) directly in `directory`, sorted; empty if there is no such directory.
    List<String> list(String directory) throws IOException;

    void delete(String name) throws IOException;

    /// Atomic replacement; durable after [#syncDirectory(String)] of both directories.
    void rename(String from, String to) throws IOException;

    void syncDirectory(String directory) throws IOException;

    /// Bytes that this process may still write.
    long usableBytes() throws IOException;

    /// Bytes of the file system.
    long totalBytes() throws IOException;

    /// Takes the directory for this process until closed; `null` if another process holds it.
    @org.jspecify.annotations.Nullable
    Closeable tryLock(String name) throws IOException;

    /// Where `name` is, for people.
    String describe(String name);

    /// One open file. Positions are bytes from its start. Reads and [#sync()] may run beside one writer.
    interface File extends Closeable {

        /// Writes all remaining bytes at `position`.
        void write(ByteBuffer source, long position) throws IOException;

        /// Reads until `target` is full or the file ends; returns the bytes read (0 at the end).
        int read(ByteBuffer target, long position) throws IOException;

        long size() throws IOException;

        void truncate(long size) throws IOException;

        /// `fdatasync`: all bytes written before the call are durable on return. An exception means that nothing may be
        /// assumed about any byte since the last sync that succeeded, and that trying again proves nothing.
        void sync() throws IOException;

        @Override
        void close() throws IOException;
    }
}
