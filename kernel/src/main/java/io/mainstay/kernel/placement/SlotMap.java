package io.mainstay.kernel.placement;

import io.mainstay.common.Check;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/// Names to slots by hash, slots to data groups by a table. The number of slots never changes.
public final class SlotMap {

    public static final int SLOTS = 256;

    private final int[] groupOfSlot = new int[SLOTS];

    /// An even table.
    ///
    /// @param dataGroups 1 to 256; they are numbered from 1, as 0 is `meta`
    public SlotMap(int dataGroups) {
        Check.that(dataGroups >= 1 && dataGroups <= SLOTS, "%d data groups", dataGroups);
        for (int slot = 0; slot < SLOTS; slot++) {
            groupOfSlot[slot] = 1 + slot % dataGroups;
        }
    }

    /// Stable for ever: it decides where data lies.
    public static int slotOf(String namespace, String name) {
        CRC32C crc = new CRC32C();
        crc.update(namespace.getBytes(StandardCharsets.UTF_8));
        crc.update(0);
        crc.update(name.getBytes(StandardCharsets.UTF_8));
        return (int) (crc.getValue() & (SLOTS - 1));
    }

    public int groupOf(String namespace, String name) {
        return groupOfSlot[slotOf(namespace, name)];
    }
}
