package io.mainstay.registry.push;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.platform.sim.SimClock;
import io.mainstay.registry.Samples;
import io.mainstay.registry.api.Instance;
import io.mainstay.registry.api.InstanceKey;
import io.mainstay.registry.api.InstanceStatus;
import io.mainstay.registry.api.Lease;
import io.mainstay.registry.api.ServiceView;
import io.mainstay.registry.command.RegistryCommand;
import io.mainstay.registry.state.RegistryMachine;
import io.mainstay.registry.view.RegistryViews;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// The engine on a machine and views as they are, in virtual time.
class PushEngineTest {

    private static final String NAMESPACE = InstanceKey.DEFAULT_NAMESPACE;
    private static final Lease LEASE = new Lease(1_000, 5_000);

    private final SimClock clock = new SimClock(0);
    private final RegistryViews views = new RegistryViews(180_000);
    private long bytesPerSecond;
    private long offset;
    private int woken;
    private PushEngine engine = engine();
    private final RegistryMachine machine =
            new RegistryMachine(
                    applied -> {
                        views.applied(applied);
                        engine.applied(applied);
                    });

    private PushEngine engine() {
        return new PushEngine(
                clock,
                name -> {
                    ServiceView held = views.view(name.namespace()).service(name.service());
                    return held != null
                            ? held
                            : new ServiceView(
                                    name.namespace(), name.service(), offset, List.of(), Map.of());
                },
                bytesPerSecond,
                () -> woken++);
    }

    /// Keeps what it is told as a client does.
    private static final class Client implements Subscriber {
        private final TreeMap<String, Instance> instances = new TreeMap<>();
        private final List<Delta> deltas = new ArrayList<>();
        private boolean ready = true;
        private long revision;

        @Override
        public boolean ready() {
            return ready;
        }

        @Override
        public int push(Delta delta) {
            assertThat(ready).as("a client that is not ready is told nothing").isTrue();
            assertThat(delta.toRevision()).isGreaterThanOrEqualTo(revision);
            if (delta.full()) {
                instances.clear();
            } else {
                assertThat(delta.fromRevision()).isEqualTo(revision);
            }
            delta.put().forEach(one -> instances.put(one.key().instanceId(), one));
            delta.removed().forEach(instances::remove);
            revision = delta.toRevision();
            deltas.add(delta);
            return 100 + 50 * (delta.put().size() + delta.removed().size());
        }
    }

    private void apply(RegistryCommand command) {
        offset++;
        machine.apply(offset, offset, command);
        machine.publish(offset);
    }

    private void register(String service, String id) {
        apply(
                new RegistryCommand.Register(
                        Samples.registration(Samples.key(service, id), InstanceStatus.UP, LEASE)));
    }

    private void advance(long ms) {
        clock.advance(Duration.ofMillis(ms));
    }

    private Subscription subscribe(String service, Client client) {
        return engine.subscribe(NAMESPACE, service, client.revision, "client", client);
    }

    private List<Instance> held(String service) {
        ServiceView view = views.view(NAMESPACE).service(service);
        return view == null ? List.of() : view.instances();
    }

    @Test
    void aSubscriberIsToldWhereItStandsAlsoOfAServiceThatIsNotThere() {
        register("A", "a");
        Client client = new Client();
        subscribe("NONE", client);
        engine.turn();
        assertThat(client.deltas)
                .singleElement()
                .satisfies(delta -> assertThat(delta.full()).isTrue());
        assertThat(client.instances).isEmpty();
    }

    @Test
    void theFirstChangeLeavesAtOnceAndTheNextAreGatheredForFiftyMilliseconds() {
        Client client = new Client();
        subscribe("A", client);
        engine.turn();
        advance(1_000);
        woken = 0;
        register("A", "a");
        assertThat(woken).isPositive();
        engine.turn();
        assertThat(client.instances).containsOnlyKeys("a");
        advance(10);
        register("A", "b");
        advance(10);
        register("A", "c");
        assertThat(Duration.ofNanos(engine.turn())).isEqualTo(Duration.ofMillis(30));
        assertThat(client.instances).containsOnlyKeys("a");
        advance(30);
        engine.turn();
        assertThat(client.instances).containsOnlyKeys("a", "b", "c");
        assertThat(client.deltas).hasSize(3);
    }

    @Test
    void allWhoAreAtOneRevisionShareOneDeltaAndWhoIsSlowGetsOneMerged() {
        List<Client> quick = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            quick.add(new Client());
            subscribe("A", quick.get(i));
        }
        Client slow = new Client();
        Subscription slowOne = subscribe("A", slow);
        engine.turn();
        slow.ready = false;
        for (int i = 0; i < 20; i++) {
            register("A", "i" + i);
            advance(60);
            engine.turn();
        }
        assertThat(slow.deltas).hasSize(1);
        assertThat(slowOne.behind()).isTrue();
        assertThat(engine.totals().behind()).isEqualTo(1);
        assertThat(quick)
                .allSatisfy(
                        one -> {
                            assertThat(one.deltas).hasSize(21);
                            assertThat(one.deltas.getLast())
                                    .isSameAs(quick.getFirst().deltas.getLast());
                        });
        slow.ready = true;
        slowOne.ready();
        engine.turn();
        assertThat(slow.deltas).hasSize(2);
        assertThat(slow.instances).hasSize(20);
        assertThat(slowOne.behind()).isFalse();
    }

    @Test
    void whoComesBackWithItsRevisionGetsOnlyWhatItMissed() {
        for (int i = 0; i < 10; i++) {
            register("A", "i" + i);
        }
        Client client = new Client();
        Client other = new Client();
        subscribe("A", other);
        Subscription before = subscribe("A", client);
        engine.turn();
        before.close();
        register("A", "late");
        apply(new RegistryCommand.Cancel(Samples.key("A", "i3")));
        subscribe("A", client);
        engine.turn();
        assertThat(client.deltas.getLast().full()).isFalse();
        assertThat(client.deltas.getLast().put()).hasSize(1);
        assertThat(client.deltas.getLast().removed()).containsExactly("i3");
        assertThat(client.instances.values()).containsExactlyElementsOf(held("A"));
    }

    @Test
    void aBoundOnBytesDelaysAndMergesButLosesNothing() {
        bytesPerSecond = 1_000;
        engine = engine();
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            clients.add(new Client());
            subscribe("A", clients.get(i));
        }
        long sent = 0;
        for (int ms = 0; ms < 200_000; ms += 10) {
            if (ms < 1_000) {
                register("A", "i" + ms);
            }
            engine.turn();
            advance(10);
            sent = engine.totals().bytes();
            // A burst of 100 ms, and the one push that is larger than what is left.
            assertThat(sent).isLessThan(1_000L * (ms + 10) / 1_000 + 100 + 50 * 101 + 100);
        }
        assertThat(clients)
                .allSatisfy(
                        one ->
                                assertThat(one.instances.values())
                                        .containsExactlyElementsOf(held("A")));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whateverHappensEverybodyEndsWithWhatThereIs(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        bytesPerSecond = seed % 2 == 0 ? 0 : 200_000;
        engine = engine();
        Map<Client, Subscription> open = new java.util.LinkedHashMap<>();
        List<String> services = List.of("A", "B", "C");
        Map<Client, String> of = new java.util.LinkedHashMap<>();
        for (int i = 0; i < 30; i++) {
            Client client = new Client();
            of.put(client, services.get(i % 3));
        }
        List<Client> all = List.copyOf(of.keySet());
        for (int step = 0; step < 3_000; step++) {
            Client client = all.get(random.nextInt(all.size()));
            String service = services.get(random.nextInt(3));
            String id = "i" + random.nextInt(12);
            switch (random.nextInt(9)) {
                case 0, 1 -> register(service, id);
                case 2, 3 -> apply(new RegistryCommand.Cancel(Samples.key(service, id)));
                case 4 -> {
                    Subscription held = open.remove(client);
                    if (held != null) {
                        held.close();
                    }
                }
                case 5 ->
                        open.computeIfAbsent(
                                client, one -> subscribe(of.getOrDefault(one, ""), one));
                case 6 -> client.ready = false;
                case 7 -> {
                    client.ready = true;
                    Subscription held = open.get(client);
                    if (held != null) {
                        held.ready();
                    }
                }
                default -> engine.turn();
            }
            advance(random.nextInt(30));
        }
        for (Client client : all) {
            client.ready = true;
            open.computeIfAbsent(client, one -> subscribe(of.getOrDefault(one, ""), one)).ready();
        }
        for (int i = 0; i < 400; i++) {
            advance(100);
            engine.turn();
        }
        for (Client client : all) {
            assertThat(client.instances.values())
                    .containsExactlyElementsOf(held(of.getOrDefault(client, "")));
        }
        assertThat(engine.totals().behind()).isZero();
    }
}
