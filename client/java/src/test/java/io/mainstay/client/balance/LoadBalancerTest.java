package io.mainstay.client.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.mainstay.client.Instance;
import io.mainstay.client.InstanceStatus;
import io.mainstay.client.ServiceView;
import io.mainstay.client.ServiceView.Freshness;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

/// In virtual time, with chance from a seed.
class LoadBalancerTest {

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicReference<ServiceView> view = new AtomicReference<>(view(List.of()));
    private final Random random = new Random(7);

    private static ServiceView view(List<Instance> instances) {
        return new ServiceView("orders", 1, instances, Freshness.LIVE, 0);
    }

    private static Instance.Builder instance(String id) {
        return Instance.of("orders", id, id + ".example", 8080);
    }

    private void have(Instance... instances) {
        view.set(view(List.of(instances)));
    }

    private LoadBalancer balancer(Policy policy) {
        return LoadBalancer.of(view::get, policy).timed(nanos::get);
    }

    private static String take(LoadBalancer balancer) {
        Pick pick = balancer.pick().orElseThrow();
        pick.succeeded();
        return pick.instance().instanceId();
    }

    private Map<String, Integer> shares(LoadBalancer balancer, int calls) {
        Map<String, Integer> shares = new HashMap<>();
        for (int i = 0; i < calls; i++) {
            shares.merge(take(balancer), 1, Integer::sum);
        }
        return shares;
    }

    @Test
    void whoIsNotUpGetsNothing() {
        LoadBalancer balancer = balancer(Policy.roundRobin());
        assertThat(balancer.pick()).isEmpty();
        have(
                instance("a").status(InstanceStatus.DOWN).build(),
                instance("b").build(),
                instance("c").status(InstanceStatus.OUT_OF_SERVICE).build());
        assertThat(shares(balancer, 10)).containsOnly(Map.entry("b", 10));
    }

    @Test
    void roundRobinIsFair() {
        have(instance("a").build(), instance("b").build(), instance("c").build());
        assertThat(shares(balancer(Policy.roundRobin()), 300))
                .containsOnly(Map.entry("a", 100), Map.entry("b", 100), Map.entry("c", 100));
    }

    @Test
    void weightsAreShares() {
        have(
                instance("none").weight(0).build(),
                instance("one").weight(10).build(),
                instance("three").weight(30).build());
        Map<String, Integer> shares = shares(balancer(Policy.weighted(random::nextDouble)), 40_000);
        assertThat(shares).containsOnlyKeys("one", "three");
        assertThat(shares.get("three")).isBetween(29_500, 30_500);
    }

    @Test
    void leastRequestsAvoidsTheBusy() {
        have(instance("a").build(), instance("b").build());
        LoadBalancer balancer = balancer(Policy.leastRequests(random::nextDouble));
        List<Pick> open = new ArrayList<>();
        Map<String, Integer> inFlight = new HashMap<>();
        for (int i = 0; i < 100; i++) {
            Pick pick = balancer.pick().orElseThrow();
            open.add(pick);
            inFlight.merge(pick.instance().instanceId(), 1, Integer::sum);
        }
        assertThat(inFlight).containsEntry("a", 50).containsEntry("b", 50);
        open.stream().filter(p -> p.instance().instanceId().equals("a")).forEach(Pick::succeeded);
        assertThat(take(balancer)).isEqualTo("a");
    }

    @Test
    void onlyTheKeysOfAnInstanceThatGoesMove() {
        Instance[] all =
                IntStream.range(0, 20)
                        .mapToObj(i -> instance("i" + i).weight(i % 2 == 0 ? 100 : 300).build())
                        .toArray(Instance[]::new);
        have(all);
        LoadBalancer balancer = balancer(Policy.consistentHash());
        Map<String, String> before = owners(balancer);
        long heavy = before.values().stream().filter(id -> weightOf(all, id) == 300).count();
        assertThat(heavy).isBetween(7_200L, 7_800L);

        view.set(view(List.of(all).subList(1, 20)));
        Map<String, String> after = owners(balancer);
        Set<String> receivers = new HashSet<>();
        before.forEach(
                (key, owner) -> {
                    if (owner.equals("i0")) {
                        receivers.add(after.get(key));
                    } else {
                        assertThat(after).containsEntry(key, owner);
                    }
                });
        assertThat(receivers).hasSizeGreaterThan(15);
    }

    private static int weightOf(Instance[] all, String id) {
        return all[Integer.parseInt(id.substring(1))].weight();
    }

    private static Map<String, String> owners(LoadBalancer balancer) {
        Map<String, String> owners = new HashMap<>();
        for (int i = 0; i < 10_000; i++) {
            Pick pick = balancer.pick("key" + i).orElseThrow();
            owners.put("key" + i, pick.instance().instanceId());
            pick.close();
        }
        return owners;
    }

    @Test
    void aBrokenConnectionEjectsAtOnceAndOneCallLetsBack() {
        have(instance("a").build(), instance("b").build());
        LoadBalancer balancer = balancer(Policy.roundRobin());
        fail(balancer, "a", Failure.CONNECTION);
        assertThat(shares(balancer, 20)).containsOnlyKeys("b");

        pass(Duration.ofSeconds(1));
        Pick trial = balancer.pick().orElseThrow();
        assertThat(trial.instance().instanceId()).isEqualTo("a");
        assertThat(shares(balancer, 20)).as("one call at a time").containsOnlyKeys("b");
        trial.failed(Failure.RESPONSE);

        pass(Duration.ofMillis(1_999));
        assertThat(shares(balancer, 20)).as("twice as long").containsOnlyKeys("b");
        pass(Duration.ofMillis(1));
        Pick unknown = balancer.pick().orElseThrow();
        unknown.close();
        assertThat(take(balancer)).as("a trial without an outcome is tried again").isEqualTo("a");
        assertThat(shares(balancer, 20)).containsOnlyKeys("a", "b");
    }

    @Test
    void wrongAnswersEjectWhenTheyComeInARow() {
        have(instance("a").build(), instance("b").build());
        LoadBalancer balancer =
                balancer(Policy.roundRobin())
                        .ejecting(new Ejection(3, Duration.ofSeconds(1), Duration.ofSeconds(30)));
        fail(balancer, "a", Failure.RESPONSE);
        fail(balancer, "a", Failure.RESPONSE);
        assertThat(shares(balancer, 10)).as("a success ends the row").containsOnlyKeys("a", "b");
        for (int i = 0; i < 3; i++) {
            fail(balancer, "a", Failure.RESPONSE);
        }
        assertThat(shares(balancer, 10)).containsOnlyKeys("b");
    }

    @Test
    void whenAllFailAllAreTriedAndAMovedInstanceBeginsAnew() {
        have(instance("a").build(), instance("b").build());
        LoadBalancer balancer = balancer(Policy.roundRobin());
        fail(balancer, "a", Failure.CONNECTION);
        fail(balancer, "b", Failure.CONNECTION);
        assertThat(balancer.pick()).isPresent();
        have(Instance.of("orders", "a", "elsewhere.example", 8080).build(), instance("b").build());
        assertThat(shares(balancer, 10)).containsOnlyKeys("a");
    }

    @Test
    void theOwnZoneIsPreferredWhileHalfOfItIsWell() {
        have(
                instance("e1").zone("east").build(),
                instance("e2").zone("east").build(),
                instance("w").zone("west").build());
        LoadBalancer balancer = balancer(Policy.roundRobin()).zoneFirst("east");
        assertThat(shares(balancer, 20)).containsOnlyKeys("e1", "e2");
        fail(balancer, "e1", Failure.CONNECTION);
        assertThat(shares(balancer, 20)).containsOnlyKeys("e2");
        fail(balancer, "e2", Failure.CONNECTION);
        assertThat(shares(balancer, 20)).containsOnlyKeys("w");
        have(instance("w").zone("west").build());
        assertThat(take(balancer)).isEqualTo("w");
    }

    private static void fail(LoadBalancer balancer, String id, Failure failure) {
        for (int i = 0; i < 100; i++) {
            Pick pick = balancer.pick().orElseThrow();
            if (pick.instance().instanceId().equals(id)) {
                pick.failed(failure);
                return;
            }
            pick.close();
        }
        throw new AssertionError(id + " was not picked");
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}
