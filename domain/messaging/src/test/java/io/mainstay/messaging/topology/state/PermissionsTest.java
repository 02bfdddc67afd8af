package io.mainstay.messaging.topology.state;

import static io.mainstay.messaging.topology.Machines.VHOST;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.messaging.api.TopologyChange.DeletePermission;
import io.mainstay.messaging.api.TopologyChange.DeleteTopicPermission;
import io.mainstay.messaging.api.TopologyChange.DeleteVhost;
import io.mainstay.messaging.api.TopologyChange.PutPermission;
import io.mainstay.messaging.api.TopologyChange.PutTopicPermission;
import io.mainstay.messaging.api.TopologyChange.PutVhost;
import io.mainstay.messaging.api.TopologyOutcome.Done;
import io.mainstay.messaging.api.TopologyOutcome.Reason;
import io.mainstay.messaging.api.TopologyView.Operation;
import io.mainstay.messaging.topology.Machines;

import org.junit.jupiter.api.Test;

class PermissionsTest {

    private final Machines topology = new Machines();

    private boolean may(Operation operation, String resource) {
        return topology.view().may("ann", VHOST, operation, resource);
    }

    @Test
    void patternsAreFoundAnywhereInTheName() {
        assertThat(may(Operation.READ, "q")).isFalse();
        topology.make(new PutPermission("ann", VHOST, "^ann-", "", ".*"));
        assertThat(may(Operation.CONFIGURE, "ann-q")).isTrue();
        assertThat(may(Operation.CONFIGURE, "joann-q")).isFalse();
        assertThat(may(Operation.WRITE, "q")).isFalse();
        assertThat(may(Operation.READ, "q")).isTrue();
        assertThat(topology.view().may("bob", VHOST, Operation.READ, "q")).isFalse();
        assertThat(topology.view().may("ann", "shop", Operation.READ, "q")).isFalse();
    }

    @Test
    void theDefaultExchangeIsMeantByItsLongName() {
        topology.make(new PutPermission("ann", VHOST, "", "", ""));
        assertThat(may(Operation.WRITE, "")).isFalse();
        topology.make(new PutPermission("ann", VHOST, "", "^amq\\.default$", ""));
        assertThat(may(Operation.WRITE, "")).isTrue();
    }

    @Test
    void topicPermissionsRestrictOnlyWhereTheyAreSet() {
        assertThat(mayPublish("orders.new")).isTrue();
        topology.make(new PutTopicPermission("ann", VHOST, "e", "^orders\\.", "^{username}\\."));
        assertThat(mayPublish("orders.new")).isTrue();
        assertThat(mayPublish("bills.new")).isFalse();
        assertThat(topology.view().mayTopic("ann", VHOST, "e", Operation.READ, "ann.x")).isTrue();
        assertThat(topology.view().mayTopic("ann", VHOST, "e", Operation.READ, "bob.x")).isFalse();
        assertThat(topology.view().mayTopic("ann", VHOST, "other", Operation.WRITE, "b")).isTrue();
        topology.make(new DeleteTopicPermission("ann", VHOST, "e"));
        assertThat(mayPublish("bills.new")).isTrue();
    }

    private boolean mayPublish(String key) {
        return topology.view().mayTopic("ann", VHOST, "e", Operation.WRITE, key);
    }

    @Test
    void permissionsAreShownReplacedAndDeletedAndGoWithTheirVirtualHost() {
        topology.assertRefused(
                new PutPermission("ann", "shop", ".*", ".*", ".*"),
                Reason.NOT_FOUND,
                "vhost 'shop' not found");
        topology.make(new PutVhost("shop", ""));
        PutPermission all = new PutPermission("ann", "shop", ".*", ".*", ".*");
        assertThat(topology.change(all)).isEqualTo(Done.CHANGED);
        assertThat(topology.change(all)).isEqualTo(Done.UNCHANGED);
        topology.make(new PutTopicPermission("ann", "shop", "e", "", ""));
        topology.make(new PutTopicPermission("ann", "shop", "f", "", ""));
        assertThat(topology.view().permission("ann", "shop")).isNotNull();
        assertThat(topology.change(new DeleteTopicPermission("ann", "shop", "")))
                .isEqualTo(Done.CHANGED);
        assertThat(topology.view().topicPermissions()).isEmpty();
        assertThat(topology.change(new DeletePermission("ann", "shop"))).isEqualTo(Done.CHANGED);
        assertThat(topology.change(new DeletePermission("ann", "shop"))).isEqualTo(Done.UNCHANGED);
        topology.make(all);
        topology.make(new DeleteVhost("shop"));
        assertThat(topology.view().permissions()).isEmpty();
    }

    @Test
    void namesInTopicPatternsAreTakenAsTheyAre() {
        String user = "a.{b}[c]\\d";
        topology.make(new PutTopicPermission(user, VHOST, "e", "^{username}:{vhost}$", ""));
        assertThat(topology.view().mayTopic(user, VHOST, "e", Operation.WRITE, user + ":/"))
                .isTrue();
        assertThat(topology.view().mayTopic(user, VHOST, "e", Operation.WRITE, "ax{b}[c]\\d:/"))
                .isFalse();
    }
}
