package io.mainstay.bench.changes;

import io.mainstay.bench.stream.StreamLine;
import io.mainstay.registry.v1.Instance;
import io.mainstay.registry.v1.ServerFrame;
import io.mainstay.registry.v1.Update;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/// A subscriber's copy of one service, with what it cost. Every delta must build on what is there.
final class CountedView implements StreamLine.Listener {

    /// Version of each instance by id: enough to know whether the copy is right.
    private final Map<String, String> versions = new HashMap<>();

    private long revision = -1;
    private long updates;
    private long entries;
    private long fullBytes;

    @Override
    public void frame(StreamLine line, ServerFrame frame) throws IOException {
        if (!frame.hasUpdate()) {
            return;
        }
        Update update = frame.getUpdate();
        if (update.getFull()) {
            versions.clear();
            fullBytes = frame.getSerializedSize();
        } else if (update.getFromRevision() != revision) {
            throw new IOException(
                    "a delta from %d came to a subscriber at %d"
                            .formatted(update.getFromRevision(), revision));
        }
        for (Instance put : update.getPutList()) {
            versions.put(put.getInstanceId(), put.getMetadataOrDefault("version", "").intern());
        }
        update.getRemovedList().forEach(versions::remove);
        revision = update.getToRevision();
        updates++;
        entries += update.getPutCount() + update.getRemovedCount();
    }

    void startCounting() {
        updates = 0;
        entries = 0;
    }

    /// @throws IOException if this is not `instances` of the new version
    void check(int instances) throws IOException {
        long renewed = versions.values().stream().filter("new"::equals).count();
        if (versions.size() != instances || renewed != instances) {
            throw new IOException(
                    "a subscriber knows %d instances, %d of them new, and there are %d"
                            .formatted(versions.size(), renewed, instances));
        }
    }

    long revision() {
        return revision;
    }

    long updates() {
        return updates;
    }

    long entries() {
        return entries;
    }

    /// Of the last full list.
    long fullBytes() {
        return fullBytes;
    }
}
