package io.mainstay.kernel.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mainstay.kernel.journal.RecordType;

import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;

import java.io.IOException;

/// Where the bodies of a replayed journal are.
class GroupBodiesTest {

    private static final int ENTRY_BYTES = 100;

    private final GroupBodies bodies =
            new GroupBodies(1, null, new BodyCache(BodyCache.USUAL_BYTES, BodyCache.USUAL_RUN));

    private void replay(long offset) {
        MemoryRecords records =
                MemoryRecords.withRecords(
                        offset, Compression.NONE, new SimpleRecord(new byte[ENTRY_BYTES]));
        bodies.replayed(RecordType.BATCH, offset, offset, 1_000 * (offset + 1), records.buffer());
    }

    @Test
    void addressesFollowFromTheSnapshot() {
        replay(0);
        replay(1);
        replay(2);
        bodies.restored(2, 700);
        assertThat(bodies.oldestPosition(-1)).isNotNegative();
        assertThatThrownBy(() -> bodies.read(400, 10)).isInstanceOf(IOException.class);
        // What the snapshot contains ends at its address.
        assertThatThrownBy(() -> bodies.read(700, 10)).isInstanceOf(IOException.class);
    }

    /// A power cut took the end of the log, and the snapshot that another member sent was durable already.
    @Test
    void nothingIsKnownOfALogThatEndsBeforeItsSnapshot() {
        replay(0);
        replay(1);
        bodies.restored(5, 700);
        assertThat(bodies.oldestPosition(-1)).isEqualTo(-1);
        assertThatThrownBy(() -> bodies.read(650, 10))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no bytes at address 650");
    }
}
