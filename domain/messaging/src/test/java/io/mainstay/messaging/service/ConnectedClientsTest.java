package io.mainstay.messaging.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.messaging.api.Clients.ChannelInfo;
import io.mainstay.messaging.api.Clients.ClientConnection;
import io.mainstay.messaging.api.Clients.ConnectionInfo;
import io.mainstay.messaging.api.TopologyChange.DeleteVhost;
import io.mainstay.messaging.api.TopologyChange.PutVhost;
import io.mainstay.messaging.message.FieldTable;
import io.mainstay.messaging.topology.Machines;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/// Which connections end with their virtual host.
class ConnectedClientsTest {

    private final Machines machines = new Machines(1);
    private final ConnectedClients clients = new ConnectedClients(machines::view);
    private final List<String> closed = new ArrayList<>();

    private final class Connection implements ClientConnection {

        private final String id;
        private final String vhost;

        Connection(String id, String vhost) {
            this.id = id;
            this.vhost = vhost;
        }

        @Override
        public String id() {
            return id;
        }

        @Override
        public ConnectionInfo info() {
            return new ConnectionInfo(
                    id,
                    "guest",
                    vhost,
                    "AMQP 0-9-1",
                    "PLAIN",
                    false,
                    "127.0.0.1",
                    1,
                    "127.0.0.1",
                    2,
                    10,
                    131_072,
                    60,
                    0,
                    "running",
                    FieldTable.EMPTY,
                    0,
                    0);
        }

        @Override
        public List<ChannelInfo> channels() {
            return List.of();
        }

        @Override
        public void close(String reason) {
            closed.add(id + ": " + reason);
        }

        @Override
        public void closeChannel(int number, String reason) {}
    }

    private Connection open(String id, String vhost) {
        Connection connection = new Connection(id, vhost);
        clients.opened(connection);
        return connection;
    }

    private void changed() {
        clients.topologyChanged(machines.view());
    }

    @Test
    void connectionsEndWithTheirVirtualHost() {
        machines.make(new PutVhost("shop", ""));
        open("a", "/");
        open("b", "shop");
        changed();
        assertThat(closed).isEmpty();
        machines.make(new DeleteVhost("shop"));
        changed();
        assertThat(closed).containsExactly("b: vhost 'shop' is deleted");
    }

    @Test
    void alsoIfThereIsAnotherOneOfItsNameAtOnce() {
        machines.make(new PutVhost("shop", ""));
        Connection before = open("a", "shop");
        machines.make(new DeleteVhost("shop"));
        machines.make(new PutVhost("shop", ""));
        open("b", "shop");
        changed();
        assertThat(closed).containsExactly("a: vhost 'shop' is deleted");
        clients.closed(before);
        changed();
        assertThat(closed).hasSize(1);
        assertThat(clients.connections()).extracting(ClientConnection::id).containsExactly("b");
        assertThat(clients.connection("b")).isNotNull();
        assertThat(clients.connection("a")).isNull();
    }

    @Test
    void whoComesWhenItIsGoneIsSentAwayAtOnce() {
        open("a", "shop");
        assertThat(closed).containsExactly("a: vhost 'shop' is deleted");
    }
}
