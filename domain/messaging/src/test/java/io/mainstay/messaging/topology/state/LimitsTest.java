package io.mainstay.messaging.topology.state;

import static io.mainstay.messaging.topology.Machines.VHOST;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.messaging.api.TopologyChange.DeleteUserLimit;
import io.mainstay.messaging.api.TopologyChange.DeleteVhost;
import io.mainstay.messaging.api.TopologyChange.DeleteVhostLimit;
import io.mainstay.messaging.api.TopologyChange.PutUserLimit;
import io.mainstay.messaging.api.TopologyChange.PutVhost;
import io.mainstay.messaging.api.TopologyChange.PutVhostLimit;
import io.mainstay.messaging.api.TopologyOutcome.Done;
import io.mainstay.messaging.api.TopologyOutcome.Reason;
import io.mainstay.messaging.api.UserLimit;
import io.mainstay.messaging.api.VhostLimit;
import io.mainstay.messaging.topology.Machines;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.Arrays;

class LimitsTest {

    private final Machines topology = new Machines();

    private void queues(long most) {
        topology.make(new PutVhostLimit(VHOST, VhostLimit.MAX_QUEUES, most));
    }

    @Test
    void aVirtualHostTakesNoMoreQueuesThanItsLimit() {
        queues(2);
        topology.make(Machines.declare("a"));
        topology.make(Machines.declare("b"));
        topology.assertRefused(
                Machines.declare("c"),
                Reason.PRECONDITION_FAILED,
                "cannot declare queue 'c': queue limit in vhost '/' (2) is reached");
        topology.assertRefused(
                Machines.exclusive("c", "someone"),
                Reason.PRECONDITION_FAILED,
                "cannot declare queue 'c': queue limit in vhost '/' (2) is reached");
        topology.make(Machines.declare("b"));

        queues(1);
        assertThat(topology.vhost().queues()).hasSize(2);
        queues(3);
        topology.make(Machines.declare("c"));
        queues(-1);
        topology.make(Machines.declare("d"));
        queues(0);
        topology.make(Machines.declare("a"));
        topology.make(new DeleteVhostLimit(VHOST, VhostLimit.MAX_QUEUES));
        topology.make(Machines.declare("e"));
    }

    @Test
    void limitsAreShownAndGoWithTheirVirtualHost() {
        topology.assertRefused(
                new PutVhostLimit("shop", VhostLimit.MAX_CONNECTIONS, 1),
                Reason.NOT_FOUND,
                "vhost 'shop' not found");
        topology.make(new PutVhost("shop", ""));
        PutVhostLimit limit = new PutVhostLimit("shop", VhostLimit.MAX_CONNECTIONS, 7);
        assertThat(topology.change(limit)).isEqualTo(Done.CHANGED);
        assertThat(topology.change(limit)).isEqualTo(Done.UNCHANGED);
        assertThat(topology.view().vhost("shop").most(VhostLimit.MAX_CONNECTIONS)).isEqualTo(7);
        assertThat(topology.view().vhost("shop").most(VhostLimit.MAX_QUEUES))
                .isEqualTo(Long.MAX_VALUE);
        topology.make(new DeleteVhost("shop"));
        topology.make(new PutVhost("shop", ""));
        assertThat(topology.view().vhost("shop").limits()).isEmpty();
    }

    @Test
    void limitsOfUsersAreShownUntilTheLastIsDeleted() {
        topology.make(new PutUserLimit("ann", UserLimit.MAX_CHANNELS, 5));
        topology.make(new PutUserLimit("ann", UserLimit.MAX_CONNECTIONS, -1));
        assertThat(topology.view().most("ann", UserLimit.MAX_CHANNELS)).isEqualTo(5);
        assertThat(topology.view().most("ann", UserLimit.MAX_CONNECTIONS))
                .isEqualTo(Long.MAX_VALUE);
        assertThat(topology.view().most("bob", UserLimit.MAX_CHANNELS)).isEqualTo(Long.MAX_VALUE);
        DeleteUserLimit delete = new DeleteUserLimit("ann", UserLimit.MAX_CHANNELS);
        assertThat(topology.change(delete)).isEqualTo(Done.CHANGED);
        assertThat(topology.change(delete)).isEqualTo(Done.UNCHANGED);
        topology.make(new DeleteUserLimit("ann", UserLimit.MAX_CONNECTIONS));
        assertThat(topology.view().userLimits()).isEmpty();
    }

    @Test
    void snapshotsOfBeforeThereWereLimitsOrIncarnationsAreRead() {
        topology.make(Machines.declare("a"));
        byte[] bytes = Machines.snapshot(topology.machine);
        // Two empty lists of limits stand at the end, and one of incarnations.
        for (int version = 1; version <= 3; version++) {
            int less = version == 1 ? 3 : version == 2 ? 1 : 0;
            byte[] old = Arrays.copyOf(bytes, bytes.length - less);
            Machines other = new Machines();
            other.machine.restore(version, ByteBuffer.wrap(old));
            other.machine.publish(10);
            assertThat(Machines.contents(other.view()))
                    .isEqualTo(Machines.contents(topology.view()));
        }
    }
}
