package io.mainstay.kernel.group;

import io.mainstay.platform.Disk;
import io.mainstay.platform.Platform;

import org.apache.kafka.common.Uuid;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/// Who this data directory is: written once, at the first start. A directory that was emptied is somebody else.
record NodeIdentity(int nodeId, int dataGroups, String clusterId, Uuid directoryId) {

    private static final String FILE = "identity";
    private static final String CHECKSUM = "crc32c";
    private static final int MAX_BYTES = 1024;

    static NodeIdentity load(Platform platform, RaftGroupsConfig config) throws IOException {
        Disk disk = platform.disk();
        if (!disk.exists(FILE)) {
            NodeIdentity fresh =
                    new NodeIdentity(
                            config.nodeId(),
                            config.dataGroups(),
                            uuid(platform).toString(),
                            uuid(platform));
            fresh.write(disk);
            return fresh;
        }
        NodeIdentity known = read(disk);
        if (known.nodeId != config.nodeId() || known.dataGroups != config.dataGroups()) {
            throw new IOException(
                    disk.describe(FILE)
                            + " says node.id="
                            + known.nodeId
                            + " and groups.data="
                            + known.dataGroups
                            + ", the configuration says "
                            + config.nodeId()
                            + " and "
                            + config.dataGroups()
                            + ": both are fixed when a data directory is made");
        }
        return known;
    }

    private static Uuid uuid(Platform platform) {
        return new Uuid(platform.random().nextLong() | 1, platform.random().nextLong());
    }

    void write(Disk disk) throws IOException {
        String fields =
                "format=2\nnode.id=%d\ngroups.data=%d\ncluster=%s\ndirectory=%s\n"
                        .formatted(nodeId, dataGroups, clusterId, directoryId);
        String text = fields + CHECKSUM + "=" + checksum(fields) + "\n";
        String unfinished = FILE + ".tmp";
        try (Disk.File file = disk.open(unfinished, true)) {
            file.truncate(0);
            file.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), 0);
            file.sync();
        }
        disk.rename(unfinished, FILE);
        disk.syncDirectory("");
    }

    private static NodeIdentity read(Disk disk) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(MAX_BYTES);
        try (Disk.File file = disk.open(FILE, false)) {
            file.read(bytes, 0);
        }
        String text = StandardCharsets.UTF_8.decode(bytes.flip()).toString();
        try {
            refuseDamage(text);
            return new NodeIdentity(
                    Integer.parseInt(value(text, "node.id")),
                    Integer.parseInt(value(text, "groups.data")),
                    value(text, "cluster"),
                    Uuid.fromString(value(text, "directory")));
        } catch (IllegalArgumentException e) {
            throw new IOException(disk.describe(FILE) + " is damaged: " + e.getMessage(), e);
        }
    }

    /// Format 1 had no checksum.
    private static void refuseDamage(String text) {
        String format = value(text, "format");
        if (format.equals("1")) {
            return;
        }
        if (!format.equals("2")) {
            throw new IllegalArgumentException(
                    "its format is " + format + ", this program reads 1 and 2");
        }
        int end = Math.max(0, text.indexOf(CHECKSUM + "="));
        if (!text.substring(end).equals(CHECKSUM + "=" + checksum(text.substring(0, end)) + "\n")) {
            throw new IllegalArgumentException("its checksum is wrong");
        }
    }

    private static String checksum(String fields) {
        CRC32C crc = new CRC32C();
        crc.update(fields.getBytes(StandardCharsets.UTF_8));
        return "%08x".formatted(crc.getValue());
    }

    private static String value(String text, String key) {
        return text.lines()
                .filter(line -> line.startsWith(key + "="))
                .map(line -> line.substring(key.length() + 1))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(key + " is missing"));
    }
}
