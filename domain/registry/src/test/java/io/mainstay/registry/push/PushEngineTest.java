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
import java.util.Objects;
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

        /// It changed its selector on this stream: it cannot tell to which of the two its revision belongs.
        private boolean reselected;

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

    private void register(String service, String id, String zone, String version) {
        apply(new RegistryCommand.Register(Samples.registration(service, id, zone, version)));
    }

    private Subscription subscribe(String service, Client client) {
        return subscribe(service, Selector.ALL, client);
    }

    private Subscription subscribe(String service, Selector selector, Client client) {
        if (client.reselected) {
            client.reselected = false;
            client.revision = 0;
        }
        return Objects.requireNonNull(
                engine.subscribe(NAMESPACE, service, selector, client.revision, "client", client));
    }

    private static Selector zones(String... zones) {
        return Selector.of(List.of(zones), Map.of());
    }

    private static Selector version(String version) {
        return Selector.of(List.of(), Map.of("version", version));
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
    void equalSelectorsShareOneDeltaAndAChangeOutsideOfThemSendsNothing() {
        List<Client> inZone = List.of(new Client(), new Client());
        inZone.forEach(client -> subscribe("A", zones("a", "b"), client));
        Client byVersion = new Client();
        subscribe("A", version("2"), byVersion);
        register("A", "one", "a", "1");
        turnLater();
        register("A", "two", "b", "2");
        turnLater();
        int told = inZone.getFirst().deltas.size();
        long revision = inZone.getFirst().revision;
        assertThat(inZone)
                .allSatisfy(
                        client -> {
                            assertThat(client.instances).containsOnlyKeys("one", "two");
                            assertThat(client.deltas.getLast())
                                    .isSameAs(inZone.getFirst().deltas.getLast());
                        });
        register("A", "three", "c", "2");
        turnLater();
        assertThat(byVersion.instances).containsOnlyKeys("two", "three");
        assertThat(inZone)
                .allSatisfy(
                        client -> {
                            assertThat(client.deltas).hasSize(told);
                            assertThat(client.revision).isEqualTo(revision);
                        });
        assertThat(engine.totals().behind()).isZero();
    }

    @Test
    void anInstanceThatLeavesTheSelectionIsRemovedThereAndOneThatEntersIsNew() {
        Client a = new Client();
        Client b = new Client();
        subscribe("A", zones("a"), a);
        subscribe("A", zones("b"), b);
        for (int i = 0; i < 10; i++) {
            register("A", "i" + i, i < 5 ? "a" : "b", "1");
        }
        turnLater();
        register("A", "i0", "b", "1");
        turnLater();
        assertThat(a.deltas.getLast().removed()).containsExactly("i0");
        assertThat(a.deltas.getLast().full()).isFalse();
        assertThat(b.deltas.getLast().put()).hasSize(1);
        assertThat(a.instances).hasSize(4).doesNotContainKey("i0");
        assertThat(b.instances).hasSize(6).containsKey("i0");
    }

    @Test
    void anotherSelectorIsToldInFullAndTheRevisionDoesNotGoBack() {
        Client steady = new Client();
        subscribe("A", zones("a"), steady);
        register("A", "one", "a", "1");
        turnLater();
        long old = steady.revision;
        Client client = new Client();
        Subscription subscription = subscribe("A", client);
        for (int i = 0; i < 5; i++) {
            register("A", "b" + i, "b", "1");
            turnLater();
        }
        assertThat(client.revision).isGreaterThan(old);
        assertThat(subscription.select(zones("a"))).isTrue();
        turnLater();
        assertThat(client.deltas.getLast().full()).isTrue();
        assertThat(client.instances).containsOnlyKeys("one");
        register("A", "two", "a", "1");
        turnLater();
        assertThat(client.deltas.getLast().full()).isFalse();
        assertThat(client.instances).containsOnlyKeys("one", "two");
        assertThat(steady.instances).containsOnlyKeys("one", "two");
        assertThat(engine.totals().behind()).isZero();
    }

    @Test
    void whoComesBackUnderItsSelectorGetsWhatItMissedAlsoIfNobodyNeedsToBeToldOfIt() {
        Client steady = new Client();
        subscribe("A", version("1"), steady);
        for (int i = 0; i < 10; i++) {
            register("A", "i" + i, "a", "1");
        }
        Client client = new Client();
        Subscription before = subscribe("A", version("1"), client);
        turnLater();
        before.close();
        register("A", "short", "a", "1");
        turnLater();
        register("A", "i3", "a", "2");
        turnLater();
        apply(new RegistryCommand.Cancel(Samples.key("A", "short")));
        turnLater();
        subscribe("A", version("1"), client);
        turnLater();
        assertThat(client.deltas.getLast().full()).isFalse();
        assertThat(client.deltas.getLast().put()).isEmpty();
        assertThat(client.deltas.getLast().removed()).containsExactly("i3");
        assertThat(client.instances).isEqualTo(steady.instances);
        assertThat(engine.totals().merged()).isEqualTo(1);
    }

    @Test
    void aServiceHasSoManySelectorsAndNoMore() {
        List<Subscription> all = new ArrayList<>();
        for (int i = 0; i < PushEngine.SELECTORS; i++) {
            all.add(subscribe("A", zones("z" + i), new Client()));
        }
        assertThat(engine.subscribe(NAMESPACE, "A", zones("more"), 0, "who", new Client()))
                .isNull();
        assertThat(all.getLast().select(zones("more"))).isFalse();
        assertThat(engine.totals().subscriptions()).isEqualTo(PushEngine.SELECTORS);
        all.forEach(Subscription::close);
        assertThat(engine.totals().subscriptions()).isZero();
        subscribe("A", zones("more"), new Client());
    }

    @Test
    void whoIsBehindIsListedFirstWithTheTimeSinceWhen() {
        Client slow = new Client();
        Subscription behind = subscribe("A", slow);
        Client quick = new Client();
        subscribe("A", quick);
        subscribe("B", new Client());
        turnLater();
        slow.ready = false;
        register("A", "one");
        turnLater();
        register("A", "two");
        engine.turn();
        PushEngine.Listed listed = engine.subscriptions(NAMESPACE, "", 2);
        assertThat(listed.first()).hasSize(2).startsWith(behind);
        assertThat(listed.subscriptions()).isEqualTo(3);
        assertThat(listed.behind()).isEqualTo(1);
        assertThat(engine.subscriptions(NAMESPACE, "B", 10).first()).hasSize(1);
        assertThat(Duration.ofNanos(behind.behindNanos())).isEqualTo(Duration.ofMillis(1_000));
        assertThat(behind.presentRevision()).isEqualTo(quick.revision);
        assertThat(behind.revision()).isLessThan(quick.revision);
        assertThat(Duration.ofNanos(engine.totals().lagNanos()))
                .isEqualTo(Duration.ofMillis(1_000));
        slow.ready = true;
        behind.ready();
        engine.turn();
        assertThat(behind.behindNanos()).isZero();
    }

    private void turnLater() {
        engine.turn();
        advance(1_000);
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

    private static final List<String> ZONES = List.of("a", "b", "c");
    private static final List<String> VERSIONS = List.of("1", "2");

    private static Selector selector(SplittableRandom random) {
        return switch (random.nextInt(4)) {
            case 0 -> Selector.ALL;
            case 1 -> zones(ZONES.get(random.nextInt(3)));
            case 2 -> version(VERSIONS.get(random.nextInt(2)));
            default ->
                    Selector.of(
                            List.of("a", ZONES.get(random.nextInt(3))),
                            Map.of("version", VERSIONS.get(random.nextInt(2))));
        };
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void whateverHappensEverybodyEndsWithWhatThereIs(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        bytesPerSecond = seed % 2 == 0 ? 0 : 200_000;
        engine = engine();
        Map<Client, Subscription> open = new java.util.LinkedHashMap<>();
        List<String> services = List.of("A", "B", "C");
        Map<Client, String> of = new java.util.LinkedHashMap<>();
        Map<Client, Selector> by = new java.util.HashMap<>();
        for (int i = 0; i < 30; i++) {
            Client client = new Client();
            of.put(client, services.get(i % 3));
            by.put(client, selector(random));
        }
        List<Client> all = List.copyOf(of.keySet());
        for (int step = 0; step < 3_000; step++) {
            Client client = all.get(random.nextInt(all.size()));
            String service = services.get(random.nextInt(3));
            String id = "i" + random.nextInt(12);
            switch (random.nextInt(10)) {
                case 0, 1 ->
                        register(
                                service,
                                id,
                                ZONES.get(random.nextInt(3)),
                                VERSIONS.get(random.nextInt(2)));
                case 2, 3 -> apply(new RegistryCommand.Cancel(Samples.key(service, id)));
                case 4 -> {
                    Subscription held = open.remove(client);
                    if (held != null) {
                        held.close();
                    }
                }
                case 5 ->
                        open.computeIfAbsent(
                                client,
                                one -> subscribe(of.getOrDefault(one, ""), by.get(one), one));
                case 8 -> {
                    Subscription held = open.get(client);
                    if (held != null) {
                        Selector other = selector(random);
                        assertThat(held.select(other)).isTrue();
                        by.put(client, other);
                        client.reselected = true;
                    }
                }
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
            open.computeIfAbsent(
                            client, one -> subscribe(of.getOrDefault(one, ""), by.get(one), one))
                    .ready();
        }
        for (int i = 0; i < 400; i++) {
            advance(100);
            engine.turn();
        }
        for (Client client : all) {
            assertThat(client.instances.values())
                    .containsExactlyElementsOf(
                            held(of.getOrDefault(client, "")).stream()
                                    .filter(Objects.requireNonNull(by.get(client))::selects)
                                    .toList());
        }
        assertThat(engine.totals().behind()).isZero();
    }
}
