package io.mainstay.client.internal;

import com.google.protobuf.InvalidProtocolBufferException;

import io.mainstay.client.Selector;
import io.mainstay.registry.v1.Update;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/// Files with the last views, one for each service and selector, so that a client that starts while no node answers knows where its
/// services were.
///
/// A file is replaced at once by renaming; one that is damaged, or of another version, is passed over. Writing is put off for a second and runs
/// on the thread of callbacks: beats do not wait for a disk.
final class ViewCache {
    private static final Logger LOG = LoggerFactory.getLogger(ViewCache.class);

    private static final int MAGIC = 0x4d53_5631;
    private static final int HEAD_BYTES = 4 + 4 + 8 + 2;
    private static final long MAX_BYTES = 64L << 20;
    private static final long PUT_OFF_MS = 1_000;

    private final Loop loop;
    private final Callbacks callbacks;
    private final @Nullable Path directory;
    private final String namespace;
    private final Map<Path, Snapshot> waiting = new HashMap<>();

    /// @param savedAtMs Unix ms when a node said that it holds
    /// @param update a full one
    record Snapshot(String clusterId, long savedAtMs, Update update) {}

    ViewCache(Loop loop, Callbacks callbacks, @Nullable Path directory, String namespace) {
        this.loop = loop;
        this.callbacks = callbacks;
        this.directory = directory;
        this.namespace = namespace;
    }

    void save(String service, Selector selector, Snapshot snapshot) {
        if (directory == null) {
            return;
        }
        if (waiting.isEmpty()) {
            loop.schedule(PUT_OFF_MS, this::flush);
        }
        waiting.put(file(directory, service, selector), snapshot);
    }

    /// Begins to write what was put off.
    void flush() {
        Map<Path, Snapshot> now = Map.copyOf(waiting);
        waiting.clear();
        if (!now.isEmpty()) {
            callbacks.run(() -> now.forEach(ViewCache::write));
        }
    }

    Optional<Snapshot> load(String service, Selector selector) {
        if (directory == null) {
            return Optional.empty();
        }
        Path file = file(directory, service, selector);
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new IOException("it is larger than a view can be");
            }
            return Optional.of(parse(ByteBuffer.wrap(Files.readAllBytes(file)), service));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IOException unreadable) {
            LOG.warn(
                    "The cached view of {} is not used, {}: {}",
                    service,
                    file,
                    unreadable.getMessage());
            return Optional.empty();
        }
    }

    private static Snapshot parse(ByteBuffer file, String service) throws IOException {
        if (file.remaining() < HEAD_BYTES || file.getInt() != MAGIC) {
            throw new IOException("it is no file of a view");
        }
        int sum = file.getInt();
        if (sum != sumOf(file)) {
            throw new IOException("it is damaged");
        }
        long savedAtMs = file.getLong();
        byte[] cluster = new byte[file.getShort()];
        file.get(cluster);
        try {
            Update update = Update.parseFrom(file);
            if (!update.getService().equals(Wire.service(service))) {
                throw new IOException("it is of " + update.getService());
            }
            return new Snapshot(new String(cluster, StandardCharsets.UTF_8), savedAtMs, update);
        } catch (InvalidProtocolBufferException e) {
            throw new IOException("it is damaged", e);
        }
    }

    private static void write(Path file, Snapshot snapshot) {
        byte[] cluster = snapshot.clusterId().getBytes(StandardCharsets.UTF_8);
        byte[] update = snapshot.update().toByteArray();
        ByteBuffer bytes = ByteBuffer.allocate(HEAD_BYTES + cluster.length + update.length);
        bytes.putInt(MAGIC).putInt(0).putLong(snapshot.savedAtMs());
        bytes.putShort((short) cluster.length).put(cluster).put(update).flip();
        bytes.putInt(4, sumOf(bytes.duplicate().position(8)));
        try {
            Path directory = file.toAbsolutePath().getParent();
            if (directory == null) {
                throw new IOException("it is in no directory");
            }
            Files.createDirectories(directory);
            Path fresh = Files.createTempFile(directory, "view", ".new");
            try {
                Files.write(fresh, bytes.array());
                Files.move(
                        fresh,
                        file,
                        StandardCopyOption.REPLACE_EXISTING,
                        StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(fresh);
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("The view could not be kept in {}: {}", file, e.toString());
        }
    }

    private static int sumOf(ByteBuffer bytes) {
        CRC32C sum = new CRC32C();
        sum.update(bytes.duplicate());
        return (int) sum.getValue();
    }

    private Path file(Path directory, String service, Selector selector) {
        String name = namespace + "~" + service;
        if (!selector.equals(Selector.ALL)) {
            String all =
                    new java.util.TreeSet<>(selector.zones())
                            + " "
                            + new TreeMap<>(selector.labels());
            name += "~" + sumText(all);
        }
        String encoded = URLEncoder.encode(name, StandardCharsets.UTF_8);
        // Names of files end somewhere.
        return directory.resolve(
                (encoded.length() > 180 ? encoded.substring(0, 160) + sumText(name) : encoded)
                        + ".view");
    }

    private static String sumText(String text) {
        try {
            byte[] digest =
                    java.security.MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return java.util.HexFormat.of().formatHex(digest, 0, 8);
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError("every JVM has SHA-256", e);
        }
    }
}
