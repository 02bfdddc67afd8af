package io.mainstay.bench.changes;

import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.apache.zookeeper.ZooKeeper;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A subscriber by ZooKeeper's own client alone: one watch over all children, and, as an event has no data, one read for each that comes.
/// This is less than a `ServiceCache` does.
final class RawWatcher implements AutoCloseable {

    private static final int SESSION_MS = 60_000;

    /// Told what this watcher knows.
    interface Report {
        void changed(int subscriber, String id, boolean there);
    }

    private final ZooKeeper zooKeeper;
    private final String path;
    private final Report report;
    private final int number;
    private final CountDownLatch connected = new CountDownLatch(1);

    RawWatcher(int port, String path, Report report, int number) throws Exception {
        this.path = path;
        this.report = report;
        this.number = number;
        zooKeeper = new ZooKeeper("127.0.0.1:" + port, SESSION_MS, event -> connected.countDown());
        if (!connected.await(60, TimeUnit.SECONDS)) {
            throw new IOException("no connection to ZooKeeper in 60 s");
        }
        zooKeeper.addWatch(path, this::happened, AddWatchMode.PERSISTENT_RECURSIVE);
    }

    private void happened(WatchedEvent event) {
        if (event.getPath() == null || event.getPath().length() <= path.length()) {
            return;
        }
        String id = event.getPath().substring(path.length() + 1);
        if (event.getType() == EventType.NodeDeleted) {
            report.changed(number, id, false);
        } else if (event.getType() == EventType.NodeCreated) {
            zooKeeper.getData(
                    event.getPath(),
                    false,
                    (result, where, context, data, stat) -> {
                        if (result == 0) {
                            report.changed(number, id, true);
                        }
                    },
                    null);
        }
    }

    @Override
    public void close() throws InterruptedException {
        zooKeeper.close();
    }
}
