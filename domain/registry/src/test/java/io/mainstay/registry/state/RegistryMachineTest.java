package io.mainstay.registry.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.registry.Samples;
import io.mainstay.registry.api.ChangeOutcome;
import io.mainstay.registry.api.ChangeOutcome.Done;
import io.mainstay.registry.api.ChangeOutcome.NotFound;
import io.mainstay.registry.api.ChangeOutcome.Refused;
import io.mainstay.registry.api.Instance;
import io.mainstay.registry.api.InstanceKey;
import io.mainstay.registry.api.InstanceStatus;
import io.mainstay.registry.api.Lease;
import io.mainstay.registry.api.RegistryView;
import io.mainstay.registry.api.ServiceView;
import io.mainstay.registry.command.RegistryCommand;
import io.mainstay.registry.command.RegistryCommand.Cancel;
import io.mainstay.registry.command.RegistryCommand.ClearOverride;
import io.mainstay.registry.command.RegistryCommand.EnableProtection;
import io.mainstay.registry.command.RegistryCommand.Evict;
import io.mainstay.registry.command.RegistryCommand.PutMetadata;
import io.mainstay.registry.command.RegistryCommand.Register;
import io.mainstay.registry.command.RegistryCommandCodec;
import io.mainstay.registry.command.TextPool;
import io.mainstay.registry.view.RegistryViews;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Generated histories against a map, through the codec, with snapshots on the way; the view says the same as the state.
class RegistryMachineTest {
    private static final Lease LEASE = new Lease(1_000, 3_000);
    private static final InstanceStatus[] STATUSES = InstanceStatus.values();

    private final RegistryViews views = new RegistryViews(180_000);
    private final RegistryMachine machine = new RegistryMachine(views);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void generatedHistoryEqualsTheModel(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        RegistryMachine replica = new RegistryMachine(_ -> {});
        TextPool texts = new TextPool();
        TreeMap<InstanceKey, Long> registrations = new TreeMap<>();
        TreeMap<InstanceKey, InstanceStatus> statuses = new TreeMap<>();
        TreeMap<InstanceKey, InstanceStatus> overrides = new TreeMap<>();
        long sequence = 0;
        for (long offset = 1; offset <= 2_000; offset++) {
            InstanceKey key = Samples.key("S" + random.nextInt(4), "i" + random.nextInt(12));
            RegistryCommand command = command(random, key, offset);
            RegistryCommand read =
                    RegistryCommandCodec.decode(1, RegistryCommandCodec.encode(command), texts);
            assertThat(read).isEqualTo(command);
            ChangeOutcome outcome = machine.apply(offset, offset * 10, read).reply();
            assertThat(replica.apply(offset, offset * 10, read).reply()).isEqualTo(outcome);
            boolean known = registrations.containsKey(key);
            boolean stale =
                    read instanceof Evict evict
                            && known
                            && registrations.getOrDefault(key, 0L) > evict.registration();
            Class<?> expected =
                    stale
                            ? Refused.class
                            : known || read instanceof Register || read instanceof EnableProtection
                                    ? Done.class
                                    : NotFound.class;
            assertThat(outcome)
                    .as("seed %d offset %d %s", seed, offset, read)
                    .isInstanceOf(expected);
            if (outcome instanceof Done) {
                switch (read) {
                    case Register(var registration) -> {
                        registrations.put(key, offset);
                        InstanceStatus said = registration.declared();
                        boolean questioned =
                                said == InstanceStatus.UP || said == InstanceStatus.OUT_OF_SERVICE;
                        statuses.put(key, questioned ? overrides.getOrDefault(key, said) : said);
                    }
                    case Cancel _, Evict _ -> {
                        registrations.remove(key);
                        statuses.remove(key);
                        overrides.remove(key);
                    }
                    case RegistryCommand.Override(_, var status) -> {
                        if (statuses.put(key, status) != status) {
                            overrides.put(key, status);
                        }
                    }
                    case ClearOverride(_, var declared) -> {
                        if (overrides.remove(key) != null) {
                            statuses.put(key, declared);
                        }
                    }
                    case PutMetadata _, EnableProtection _ -> {}
                }
            }
            if (random.nextInt(5) == 0) {
                machine.publish(offset);
                sequence = sameAsModel(registrations, statuses, sequence);
            }
            if (random.nextInt(200) == 0) {
                byte[] snapshot = snapshot(machine);
                assertThat(snapshot(replica)).isEqualTo(snapshot);
                replica = new RegistryMachine(_ -> {});
                replica.restore(1, ByteBuffer.wrap(snapshot));
                assertThat(replica.digest()).isEqualTo(machine.digest());
            }
        }
    }

    private static RegistryCommand command(SplittableRandom random, InstanceKey key, long offset) {
        InstanceStatus status = STATUSES[random.nextInt(STATUSES.length)];
        return switch (random.nextInt(8)) {
            case 0 -> new Cancel(key);
            case 1 -> new Evict(key, random.nextLong(offset));
            case 2 -> new RegistryCommand.Override(key, status);
            case 3 -> new ClearOverride(key, status);
            case 4 -> new PutMetadata(key, new TreeMap<>(java.util.Map.of("k", "v" + offset)));
            case 5 -> new EnableProtection(random.nextBoolean());
            default -> new Register(Samples.registration(key, status, LEASE));
        };
    }

    private long sameAsModel(
            TreeMap<InstanceKey, Long> registrations,
            TreeMap<InstanceKey, InstanceStatus> statuses,
            long before) {
        RegistryView view = views.view(InstanceKey.DEFAULT_NAMESPACE);
        TreeMap<InstanceKey, Long> seen = new TreeMap<>();
        TreeMap<InstanceStatus, Integer> counts = new TreeMap<>();
        for (ServiceView service : view.services().values()) {
            assertThat(service.instances()).isNotEmpty();
            for (Instance instance : service.instances()) {
                InstanceKey key = instance.key();
                seen.put(key, instance.registration());
                counts.merge(instance.status(), 1, Integer::sum);
                assertThat(instance.status()).isEqualTo(statuses.get(key));
                assertThat(views.instance(key)).contains(instance);
                assertThat(instance.revision()).isLessThanOrEqualTo(service.revision());
            }
        }
        assertThat(seen).isEqualTo(registrations);
        assertThat(view.statusCounts()).isEqualTo(counts);
        assertThat(view.sequence()).isGreaterThanOrEqualTo(before);
        assertThat(view.recent().stream().map(change -> change.instance().key()))
                .doesNotHaveDuplicates();
        assertThat(
                        view.recent().stream()
                                .filter(change -> change.kind() != RegistryView.Kind.DELETED)
                                .map(RegistryView.Change::instance)
                                .collect(Collectors.toMap(Instance::key, Function.identity())))
                .allSatisfy((key, instance) -> assertThat(views.instance(key)).contains(instance));
        return view.sequence();
    }

    @Test
    void olderDataDoesNotReplaceNewerButBeginsANewLease() {
        InstanceKey key = Samples.key("A", "1");
        machine.apply(5, 50, new Register(Samples.registration(key, InstanceStatus.UP, LEASE, 9)));
        machine.apply(
                6, 60, new Register(Samples.registration(key, InstanceStatus.DOWN, LEASE, 8)));
        machine.publish(6);
        assertThat(views.instance(key))
                .hasValueSatisfying(
                        instance -> {
                            assertThat(instance.status()).isEqualTo(InstanceStatus.UP);
                            assertThat(instance.registration()).isEqualTo(6);
                        });
    }

    @Test
    void aRestoredMachineLeadsDeltaReadersOn() {
        InstanceKey key = Samples.key("A", "1");
        machine.apply(5, 50, new Register(Samples.registration(key, InstanceStatus.UP, LEASE)));
        RegistryViews after = new RegistryViews(180_000);
        RegistryMachine restored = new RegistryMachine(after);
        restored.restore(1, ByteBuffer.wrap(snapshot(machine)));
        restored.publish(5);
        assertThat(after.view("default").recent()).hasSize(1);
        assertThat(after.instance(key)).isPresent();
    }

    @Test
    void theDeltaForgetsWhatLeftTheWindow() {
        machine.apply(
                1,
                1_000,
                new Register(
                        Samples.registration(Samples.key("A", "1"), InstanceStatus.UP, LEASE)));
        machine.publish(1);
        long sequence = views.view("default").sequence();
        views.prune(181_000);
        assertThat(views.view("default").recent()).hasSize(1);
        views.prune(181_001);
        assertThat(views.view("default").recent()).isEmpty();
        assertThat(views.view("default").sequence()).isEqualTo(sequence + 1);
    }

    @Test
    void aNamespaceThatIsEmptyAndUnwatchedIsDroppedAndNeverGoesBack() {
        InstanceKey key = new InstanceKey("team-a", "A", "1");
        Register register = new Register(Samples.registration(key, InstanceStatus.UP, LEASE));
        machine.apply(1, 1_000, register);
        machine.apply(2, 2_000, new Cancel(key));
        machine.publish(2);
        assertThat(views.isUsed("team-a")).isTrue();
        assertThat(views.used()).containsExactly("team-a");
        List<RegistryView> seen = new ArrayList<>();
        var watch = views.subscribe("team-a", seen::add);
        views.prune(1_000_000);
        assertThat(views.used()).isEmpty();
        watch.close();
        long before = views.view("team-a").sequence();
        views.prune(1_000_000);
        assertThat(views.view("team-a").sequence()).isGreaterThan(before);
        machine.apply(3, 3_000, register);
        machine.publish(3);
        assertThat(views.view("team-a").sequence()).isGreaterThan(before);
        assertThat(views.view("team-a").services()).containsOnlyKeys("A");
        assertThat(seen).hasSize(2);
    }

    private static byte[] snapshot(RegistryMachine machine) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        machine.snapshot(
                chunk -> {
                    byte[] copy = new byte[chunk.remaining()];
                    chunk.get(copy);
                    bytes.writeBytes(copy);
                });
        return bytes.toByteArray();
    }
}
