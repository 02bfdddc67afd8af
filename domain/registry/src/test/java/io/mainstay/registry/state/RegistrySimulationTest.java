package io.mainstay.registry.state;

import io.mainstay.kernel.group.MachineId;
import io.mainstay.kernel.group.SimHost;
import io.mainstay.kernel.group.Simulations;
import io.mainstay.kernel.group.StateMachine;
import io.mainstay.kernel.group.Workload;
import io.mainstay.registry.Samples;
import io.mainstay.registry.api.InstanceKey;
import io.mainstay.registry.api.InstanceStatus;
import io.mainstay.registry.api.Lease;
import io.mainstay.registry.command.RegistryCommand;
import io.mainstay.registry.command.RegistryCommand.Cancel;
import io.mainstay.registry.command.RegistryCommand.ClearOverride;
import io.mainstay.registry.command.RegistryCommand.EnableProtection;
import io.mainstay.registry.command.RegistryCommand.Evict;
import io.mainstay.registry.command.RegistryCommand.PutMetadata;
import io.mainstay.registry.command.RegistryCommand.Register;
import io.mainstay.registry.command.RegistryCommandCodec;
import io.mainstay.registry.view.RegistryViews;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// The registry's machine on three voters under every fault: members agree after each command, snapshots included.
class RegistrySimulationTest {

    @Test
    void threeMembersAgreeUnderEveryFault() {
        Simulations.run(
                "domain/registry RegistrySimulationTest#threeMembersAgreeUnderEveryFault",
                30,
                Registrations::new);
    }

    private static final class Registrations implements Workload {
        private static final Lease LEASE = new Lease(1_000, 3_000);
        private static final InstanceStatus[] STATUSES = InstanceStatus.values();

        @Override
        public List<StateMachine<?, ?>> machines(SimHost host, int group) {
            return List.of(new RegistryMachine(new RegistryViews(180_000)));
        }

        @Override
        public boolean repeatsCommands() {
            return true;
        }

        @Override
        public Command command(int group, long number, RandomGenerator random) {
            return new Command(
                    MachineId.REGISTRY, 1, RegistryCommandCodec.encode(change(number, random)));
        }

        private static RegistryCommand change(long number, RandomGenerator random) {
            InstanceKey key = Samples.key("S" + random.nextInt(4), "i" + random.nextInt(8));
            InstanceStatus status = STATUSES[random.nextInt(STATUSES.length)];
            return switch (random.nextInt(9)) {
                case 0 -> new Cancel(key);
                case 1 -> new Evict(key, random.nextLong(2_000));
                case 2 -> new RegistryCommand.Override(key, status);
                case 3 -> new ClearOverride(key, status);
                case 4 -> new PutMetadata(key, new TreeMap<>(Map.of("k", "v" + number)));
                case 5 -> new EnableProtection(random.nextBoolean());
                default -> new Register(Samples.registration(key, status, LEASE));
            };
        }
    }
}
