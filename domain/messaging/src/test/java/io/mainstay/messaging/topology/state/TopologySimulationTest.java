package io.mainstay.messaging.topology.state;

import io.mainstay.kernel.group.MachineId;
import io.mainstay.kernel.group.SimHost;
import io.mainstay.kernel.group.Simulations;
import io.mainstay.kernel.group.StateMachine;
import io.mainstay.kernel.group.Workload;
import io.mainstay.kernel.placement.SlotMap;
import io.mainstay.messaging.topology.TopologyHistory;
import io.mainstay.messaging.topology.command.TopologyCommandCodec;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.random.RandomGenerator;

/// The topology's machine on three voters under every fault: members agree after each command, snapshots included.
class TopologySimulationTest {

    @Test
    void threeMembersAgreeUnderEveryFault() {
        Simulations.run(
                "domain/messaging TopologySimulationTest#threeMembersAgreeUnderEveryFault",
                20,
                Declarations::new);
    }

    private static final class Declarations implements Workload {

        @Override
        public List<StateMachine<?, ?>> machines(SimHost host, int group) {
            return List.of(new TopologyMachine(new SlotMap(8)));
        }

        @Override
        public boolean repeatsCommands() {
            return true;
        }

        @Override
        public Command command(int group, long number, RandomGenerator random) {
            return new Command(
                    MachineId.TOPOLOGY,
                    TopologyCommandCodec.VERSION,
                    TopologyCommandCodec.encode(
                            new TopologyHistory(random).next(random.nextLong(1 << 12) << 16)));
        }
    }
}
