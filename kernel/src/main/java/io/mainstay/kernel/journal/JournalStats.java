package io.mainstay.kernel.journal;

/// Figures of a journal for people; a moment that may be old when read.
///
/// @param end position behind the last record, `synced` position below which everything is durable
/// @param segments files in use, `spareSegments` files ready to be used
/// @param segmentBytes size of one file
/// @param syncs fdatasyncs of this process, `syncNanos` spent in them
/// @param bytesCutAtStart bytes of the tail that were cut because no sync covered them
public record JournalStats(
        long end,
        long synced,
        int segments,
        int spareSegments,
        int segmentBytes,
        long records,
        long syncs,
        long syncNanos,
        long bytesCutAtStart,
        boolean full,
        boolean failed) {}
