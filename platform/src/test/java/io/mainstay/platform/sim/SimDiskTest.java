package io.mainstay.platform.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mainstay.platform.Disk;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;

class SimDiskTest {

    private final SimDisk disk = new SimDisk(1 << 20);

    private Disk.File synced(String name, int bytes, int value) throws IOException {
        Disk.File file = disk.open(name, true);
        file.write(filled(bytes, value), 0);
        file.sync();
        disk.syncDirectory("d");
        return file;
    }

    private static ByteBuffer filled(int bytes, int value) {
        byte[] content = new byte[bytes];
        java.util.Arrays.fill(content, (byte) value);
        return ByteBuffer.wrap(content);
    }

    @Test
    void syncedBytesUnderASyncedNameSurviveAPowerCut() throws IOException {
        Disk.File file = synced("d/a", 2_000, 7);
        disk.powerCut(new SplittableRandom(1));
        assertThat(disk.content("d/a")).hasSize(2_000).containsOnly(7);
        assertThatThrownBy(file::size).isInstanceOf(IOException.class);
    }

    @Test
    void unsyncedWritesAreLostOrTornAtSectors() throws IOException {
        boolean torn = false;
        boolean lost = false;
        boolean kept = false;
        for (int seed = 0; seed < 200; seed++) {
            synced("d/a", 4_096, 1).write(filled(4_096, 2), 0);
            disk.powerCut(new SplittableRandom(seed));
            byte[] content = disk.content("d/a");
            int changed = 0;
            for (int sector = 0; sector < 8; sector++) {
                byte first = content[sector * SimNode.SECTOR_BYTES];
                for (int i = 0; i < SimNode.SECTOR_BYTES; i++) {
                    assertThat(content[sector * SimNode.SECTOR_BYTES + i]).isEqualTo(first);
                }
                changed += first == 2 ? 1 : 0;
            }
            lost |= changed == 0;
            kept |= changed == 8;
            torn |= changed > 0 && changed < 8;
        }
        assertThat(torn && lost && kept).isTrue();
    }

    @Test
    void aNameWithoutASyncOfItsDirectoryMayVanish() throws IOException {
        boolean vanished = false;
        boolean stayed = false;
        for (int seed = 0; seed < 50; seed++) {
            SimDisk fresh = new SimDisk(1 << 20);
            fresh.open("d/a", true).sync();
            fresh.powerCut(new SplittableRandom(seed));
            vanished |= !fresh.exists("d/a");
            stayed |= fresh.exists("d/a");
        }
        assertThat(vanished && stayed).isTrue();
    }

    @Test
    void aKilledProcessLosesNothing() throws IOException {
        disk.open("d/a", true).write(filled(10, 3), 0);
        disk.killProcess();
        assertThat(disk.content("d/a")).hasSize(10).containsOnly(3);
    }

    @Test
    void aFullDiskAndAFailedSyncAreErrors() throws IOException {
        Disk.File file = disk.open("d/a", true);
        disk.takenByOthers(disk.totalBytes() - 100);
        assertThatThrownBy(() -> file.write(filled(101, 1), 0)).hasMessageContaining("space");
        file.write(filled(100, 1), 0);
        disk.failNextSync();
        assertThatThrownBy(file::sync).isInstanceOf(IOException.class);
        file.sync();
        assertThat(disk.syncs()).isEqualTo(1);
    }
}
