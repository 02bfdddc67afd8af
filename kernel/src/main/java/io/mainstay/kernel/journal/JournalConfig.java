package io.mainstay.kernel.journal;

import io.mainstay.common.Check;

/// @param segmentBytes size of one segment file, 64 KiB to 1 GiB, a multiple of 4 KiB; fixed when the journal is made
/// @param watermarkBytes free disk space below which only records that free space are taken
public record JournalConfig(int segmentBytes, long watermarkBytes) {

    public static final JournalConfig DEFAULT = new JournalConfig(64 << 20, 256L << 20);

    public JournalConfig {
        Check.that(
                segmentBytes >= 64 << 10 && segmentBytes <= 1 << 30 && segmentBytes % 4096 == 0,
                "segment of %d bytes",
                segmentBytes);
    }
}
