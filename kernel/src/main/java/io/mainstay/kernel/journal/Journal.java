package io.mainstay.kernel.journal;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;

/// All groups' log, votes and truncations, in the order in which they happened on this node.
///
/// A *position* is a byte in the endless sequence of all segments; it only grows. One thread (the group driver) appends;
/// another calls [#sync()] while appends go on; any thread reads. Layout of segments and records, what is durable when, and how
/// damage is told from a torn tail, stand at the implementation.
public interface Journal extends AutoCloseable {

    /// Appends one record and returns the position behind it: it is durable when [#synced()] is at least that. The payload is
    /// consumed before return. Driver thread only.
    ///
    /// @throws JournalFullException if the record would go into the reserve and `fromReserve` is false; nothing was written
    /// @throws JournalFailedException if a write or sync has failed in this process
    long append(
            RecordType type,
            int group,
            long baseOffset,
            long lastOffset,
            int epoch,
            ByteBuffer payload,
            boolean fromReserve);

    /// The position behind the last appended record.
    long end();

    /// Everything below is durable.
    long synced();

    /// Makes everything flushed before the call durable and returns [#synced()]. Called by the sync thread only; a failure closes the
    /// journal for writing for the life of the process.
    long sync() throws IOException;

    /// Hands everything appended to the operating system, so that the next [#sync()] covers it. Driver thread only.
    void flush();

    /// Reads the whole payload of the record that ends at `recordEnd` (what [#append] returned) into `target`, whose remaining bytes are the
    /// payload's size. The record must have been flushed and not released. Any thread.
    ///
    /// @throws DamagedJournalException if the bytes are not what was written: never serves them
    void read(long recordEnd, ByteBuffer target) throws IOException;

    /// Says that `group` needs nothing before `position` any more; segments that no group needs are recycled.
    void release(int group, long position);

    /// Calls `replay` for each intact record in order, from the oldest segment kept. Once, before the first append.
    ///
    /// @throws DamagedJournalException if there is damage below the highest synced mark, with file, position and range
    void replay(Replay replay) throws IOException;

    /// Where a replay of `group` alone has to begin: it needs nothing that lies before. Driver thread only.
    long neededFrom(int group);

    /// Calls `replay` for each record of `group` in order from the segment of `from` on, below `to`, which is synced; appends and syncs go on
    /// beside it. The group releases nothing meanwhile. Any thread.
    ///
    /// @throws DamagedJournalException if something below `to` cannot be read, with file, position and range
    void replay(int group, long from, long to, Replay replay) throws IOException;

    /// Writes the clean-stop mark, syncs and closes.
    @Override
    void close() throws IOException;

    /// A failed write or sync: no record is taken any more.
    boolean failed();

    /// The disk watermark is reached: only records that may use the reserve are taken.
    boolean full();

    JournalStats stats();

    /// Sees each record at a start. `payload` is valid during the call only.
    interface Replay {
        void record(
                RecordType type,
                int group,
                long baseOffset,
                long lastOffset,
                int epoch,
                long recordEnd,
                ByteBuffer payload);

        /// Sees a record whose header is intact and whose payload, which was durable, is not what was written. Returns true if nothing of it is needed to
        /// go on: then the record is passed over, and reading it fails later. Otherwise the journal is refused.
        default boolean damaged(
                RecordType type,
                int group,
                long baseOffset,
                long lastOffset,
                int epoch,
                long recordEnd,
                ByteBuffer payload) {
            return false;
        }
    }

    /// The disk watermark is reached; try again when space is free.
    final class JournalFullException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public JournalFullException(String message) {
            super(message);
        }
    }

    /// The journal takes no records until the process is started again.
    final class JournalFailedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public JournalFailedException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /// Bytes below the synced mark are not what was written.
    final class DamagedJournalException extends IOException {
        private static final long serialVersionUID = 1L;

        public DamagedJournalException(String message) {
            super(message);
        }
    }
}
