package io.mainstay.bench.changes;

import org.apache.zookeeper.server.ZooKeeperServerMain;

import java.nio.file.Files;
import java.nio.file.Path;

/// ZooKeeper's own server, one of them, with its clock as fine as that of a node's leases. Two arguments: port and data directory.
public final class ZooKeeperServer {

    private ZooKeeperServer() {}

    public static void main(String[] args) throws Exception {
        Path config = Path.of(args[1], "zoo.cfg");
        Files.writeString(
                config,
                """
                clientPortAddress=127.0.0.1
                clientPort=%s
                dataDir=%s
                tickTime=100
                minSessionTimeout=200
                maxSessionTimeout=120000
                maxClientCnxns=0
                admin.enableServer=false
                """
                        .formatted(args[0], args[1]));
        ZooKeeperServerMain.main(new String[] {config.toString()});
    }
}
