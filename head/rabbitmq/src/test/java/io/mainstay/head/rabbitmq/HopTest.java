package io.mainstay.head.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.http.client.Client;
import com.rabbitmq.http.client.ClientParameters;
import com.rabbitmq.http.client.GetAckMode;
import com.rabbitmq.http.client.GetEncoding;
import com.rabbitmq.http.client.HttpClientException;
import com.rabbitmq.http.client.domain.BindingInfo;
import com.rabbitmq.http.client.domain.DeleteQueueParameters;
import com.rabbitmq.http.client.domain.ExchangeInfo;
import com.rabbitmq.http.client.domain.InboundMessage;
import com.rabbitmq.http.client.domain.OutboundMessage;
import com.rabbitmq.http.client.domain.Page;
import com.rabbitmq.http.client.domain.PolicyInfo;
import com.rabbitmq.http.client.domain.QueryParameters;
import com.rabbitmq.http.client.domain.QueueInfo;
import com.rabbitmq.http.client.domain.TopicPermissions;
import com.rabbitmq.http.client.domain.UserPermissions;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// RabbitMQ's own client of the management API, unchanged.
class HopTest {

    @TempDir Path directory;
    private RabbitFixture node;
    private Client client;

    @BeforeEach
    void open() throws Exception {
        node = new RabbitFixture(directory);
        client =
                new Client(
                        new ClientParameters()
                                .url(node.url() + "/api/")
                                .username("guest")
                                .password("guest"));
    }

    @AfterEach
    void close() throws Exception {
        node.close();
    }

    @Test
    void overviewNodesAndWhoami() {
        assertThat(client.getOverview().getClusterName()).isEqualTo("shop");
        assertThat(client.getOverview().getObjectTotals().getQueues()).isZero();
        assertThat(client.getNodes())
                .singleElement()
                .matches(n -> n.getName().equals("rabbit@here"));
        assertThat(client.getNode("rabbit@here").getUptime()).isPositive();
        assertThat(client.whoAmI().getTags()).containsExactly("administrator");
        assertThat(client.getClusterName().getName()).isEqualTo("shop");
        assertThat(client.getExtensions()).isEmpty();
        assertThat(client.alivenessTest("/")).isTrue();
    }

    @Test
    void queuesAndMessages() {
        client.declareQueue(
                "/", "q/1", new QueueInfo(true, false, false, Map.of("x-max-length", 5)));
        QueueInfo queue = client.getQueue("/", "q/1");
        assertThat(queue.getName()).isEqualTo("q/1");
        assertThat(queue.getArguments()).containsEntry("x-max-length", 5);
        assertThat(client.getQueue("/", "nope")).isNull();
        assertThat(client.getQueues()).hasSize(1);
        Page<QueueInfo> page =
                client.getQueues(new QueryParameters().pagination().pageSize(1).query());
        assertThat(page.getItems()).hasSize(1);
        boolean routed =
                client.publish(
                        "/",
                        "amq.default",
                        "q/1",
                        new OutboundMessage().payload("hello").utf8Encoded());
        assertThat(routed).isTrue();
        List<InboundMessage> seen =
                client.get("/", "q/1", 1, GetAckMode.NACK_REQUEUE_TRUE, GetEncoding.AUTO, -1);
        assertThat(seen).singleElement().matches(m -> m.getPayload().equals("hello"));
        assertThatThrownBy(
                        () -> client.deleteQueue("/", "q/1", new DeleteQueueParameters(true, true)))
                .isInstanceOf(HttpClientException.class);
        client.purgeQueue("/", "q/1");
        client.deleteQueue("/", "q/1", new DeleteQueueParameters(true, true));
        assertThat(client.getQueues("/")).isEmpty();
    }

    @Test
    void exchangesAndBindings() {
        client.declareExchange("/", "e1", new ExchangeInfo("topic", true, false));
        client.declareExchange("/", "e2", new ExchangeInfo("fanout", true, false));
        client.declareQueue("/", "q1", new QueueInfo(true, false, false));
        client.bindQueue("/", "q1", "e1", "a.#");
        client.bindQueue("/", "q1", "e1", "", Map.of("x", "y"));
        client.bindExchange("/", "e2", "e1", "b");
        assertThat(client.getExchange("/", "e1").getType()).isEqualTo("topic");
        assertThat(client.getBindingsBySource("/", "e1")).hasSize(3);
        assertThat(client.getQueueBindings("/", "q1")).hasSize(3);
        assertThat(client.getQueueBindingsBetween("/", "e1", "q1"))
                .extracting(BindingInfo::getRoutingKey)
                .containsExactlyInAnyOrder("a.#", "");
        assertThat(client.getExchangeBindingsBetween("/", "e1", "e2")).hasSize(1);
        client.unbindQueue("/", "q1", "e1", "a.#");
        client.unbindExchange("/", "e2", "e1", "b");
        assertThat(client.getBindingsBySource("/", "e1")).hasSize(1);
        client.deleteExchange("/", "e1");
        assertThat(client.getExchanges("/")).extracting(ExchangeInfo::getName).doesNotContain("e1");
    }

    @Test
    void usersPermissionsAndVirtualHosts() throws Exception {
        client.createVhost("v1", "for tests", "a");
        assertThat(client.getVhost("v1").getDescription()).isEqualTo("for tests");
        client.createUser("ann", "x".toCharArray(), List.of("monitoring"));
        UserPermissions permissions = new UserPermissions();
        permissions.setConfigure(".*");
        permissions.setWrite(".*");
        permissions.setRead("^a");
        client.updatePermissions("v1", "ann", permissions);
        assertThat(client.getPermissions("v1", "ann").getRead()).isEqualTo("^a");
        assertThat(client.getPermissionsOf("ann")).hasSize(1);
        assertThat(client.getPermissionsIn("v1")).hasSize(2);
        client.updateTopicPermissions("v1", "ann", new TopicPermissions("amq.topic", "^w", "^r"));
        assertThat(client.getTopicPermissions("v1", "ann")).hasSize(1);
        client.clearTopicPermissions("v1", "ann");
        client.clearPermissions("v1", "ann");
        assertThat(client.getPermissions("v1", "ann")).isNull();
        Client ann =
                new Client(
                        new ClientParameters()
                                .url(node.url() + "/api/")
                                .username("ann")
                                .password("x"));
        assertThat(ann.whoAmI().getTags()).containsExactly("monitoring");
        assertThat(client.getUsers()).hasSize(2);
        client.deleteUser("ann");
        client.deleteVhost("v1");
        assertThat(client.getVhosts()).hasSize(1);
    }

    @Test
    void policiesAndDefinitions() {
        client.declareQueue("/", "q1", new QueueInfo(true, false, false));
        PolicyInfo policy = new PolicyInfo("^q", 3, "queues", Map.of("max-length", 5));
        client.declarePolicy("/", "p1", policy);
        client.declareOperatorPolicy(
                "/", "o1", new PolicyInfo("^q", 3, "queues", Map.of("max-length", 7)));
        assertThat(client.getPolicies("/"))
                .singleElement()
                .matches(p -> p.getPriority() == 3 && p.getApplyTo().equals("queues"));
        assertThat(client.getOperatorPolicies()).hasSize(1);
        assertThat(client.getDefinitions().getQueues()).hasSize(1);
        client.deletePolicy("/", "p1");
        client.deleteOperatorPolicy("/", "o1");
        assertThat(client.getPolicies()).isEmpty();
        assertThat(client.getVhostLimits()).isEmpty();
        assertThat(client.getShovels()).isEmpty();
    }

    @Test
    void connectionsChannelsAndConsumers() throws Exception {
        FakeConnection connection = new FakeConnection("guest", 40_000);
        node.messaging.clients().opened(connection);
        assertThat(client.getConnections())
                .singleElement()
                .matches(c -> c.getClientProperties().getProduct().equals("test"));
        assertThat(client.getConnection(connection.name()).getPeerPort()).isEqualTo(40_000);
        assertThat(client.getChannels()).hasSize(1);
        assertThat(client.getChannels(connection.name())).hasSize(1);
        assertThat(client.getChannel(connection.name() + " (1)").getConsumerDetails()).hasSize(1);
        assertThat(client.getConsumers("/")).hasSize(1);
        assertThat(client.getConnectionsOfUser("guest")).hasSize(1);
        client.closeConnection(connection.name(), "bye");
        assertThat(connection.closedBecause).isEqualTo("bye");
    }
}
