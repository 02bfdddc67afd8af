package io.mainstay.client.balance;

import io.mainstay.client.Instance;
import io.mainstay.client.InstanceStatus;
import io.mainstay.client.ServiceView;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// Chooses instances of one service for calls. Thread-safe; a choice takes no lock while no instance is ejected.
///
/// Only instances that are UP are chosen. One that fails is ejected ([Ejection]) and let back by one call that goes well. If all are ejected
/// they are chosen as if none was: a call that may fail is better than one that is not made.
///
/// ```java
/// LoadBalancer payments = LoadBalancer.of(client.subscribe("payments")::view, Policy.leastRequests());
/// Pick pick = payments.pick().orElseThrow();
/// ```
public final class LoadBalancer {
    private static final Logger LOG = LoggerFactory.getLogger(LoadBalancer.class);

    private static final Member[] NONE = {};

    private final Supplier<ServiceView> views;
    private final Policy policy;
    private final String zone;
    private final Ejection rules;
    private final LongSupplier nanoTime;
    private volatile Members members = new Members(null, NONE, NONE);

    /// @param view it was made from
    /// @param up all that want traffic
    /// @param near those of them that are in the caller's zone
    private record Members(
            @org.jspecify.annotations.Nullable ServiceView view, Member[] up, Member[] near) {}

    private LoadBalancer(
            Supplier<ServiceView> views,
            Policy policy,
            String zone,
            Ejection rules,
            LongSupplier nanoTime) {
        this.views = views;
        this.policy = policy;
        this.zone = zone;
        this.rules = rules;
        this.nanoTime = nanoTime;
    }

    /// @param views the present view, as a subscription has it
    public static LoadBalancer of(Supplier<ServiceView> views, Policy policy) {
        return new LoadBalancer(views, policy, "", Ejection.DEFAULT, System::nanoTime);
    }

    /// Prefers instances of `own` zone while at least half of them are not ejected; the others help out then.
    public LoadBalancer zoneFirst(String own) {
        return new LoadBalancer(views, policy, own, rules, nanoTime);
    }

    public LoadBalancer ejecting(Ejection other) {
        return new LoadBalancer(views, policy, zone, other, nanoTime);
    }

    LoadBalancer timed(LongSupplier clock) {
        return new LoadBalancer(views, policy, zone, rules, clock);
    }

    /// As [#pick(String)] without a key.
    public Optional<Pick> pick() {
        return pick("");
    }

    /// @param key see [Policy]
    /// @return empty if no instance is UP
    public Optional<Pick> pick(String key) {
        Members now = members();
        if (now.up.length == 0) {
            return Optional.empty();
        }
        int ejected = ejected(now.up);
        if (ejected == 0) {
            return Optional.of(chosen(now.near.length > 0 ? now.near : now.up, key));
        }
        long nanos = nanoTime.getAsLong();
        for (Member member : now.up) {
            if (member.ejected() && member.record().takeTrial(nanos)) {
                return Optional.of(new Pick(this, member, true));
            }
        }
        Member[] near = well(now.near);
        if (near.length > 0 && near.length * 2 >= now.near.length) {
            return Optional.of(chosen(near, key));
        }
        Member[] all = well(now.up);
        return Optional.of(chosen(all.length > 0 ? all : now.up, key));
    }

    private Pick chosen(Member[] among, String key) {
        return new Pick(this, among[policy.choose(among, key)], false);
    }

    private static int ejected(Member[] among) {
        int count = 0;
        for (Member member : among) {
            count += member.ejected() ? 1 : 0;
        }
        return count;
    }

    private static Member[] well(Member[] among) {
        return Arrays.stream(among).filter(one -> !one.ejected()).toArray(Member[]::new);
    }

    void failed(Member member, Failure failure, boolean trial) {
        if (member.record().failed(failure, trial, rules, nanoTime.getAsLong())) {
            LOG.info(
                    "{}/{} fails and gets no calls for a while",
                    member.instance().service(),
                    member.instance().instanceId());
        }
    }

    private Members members() {
        ServiceView view = views.get();
        Members known = members;
        return known.view == view ? known : adopt();
    }

    private synchronized Members adopt() {
        ServiceView view = views.get();
        if (members.view == view) {
            return members;
        }
        Map<String, Member.Record> records = new HashMap<>();
        for (Member member : members.up) {
            records.put(place(member.instance()), member.record());
        }
        Member[] up =
                view.instances().stream()
                        .filter(one -> one.status() == InstanceStatus.UP)
                        .map(
                                one -> {
                                    Member.Record record = records.get(place(one));
                                    return new Member(
                                            one, record == null ? new Member.Record() : record);
                                })
                        .toArray(Member[]::new);
        Member[] near =
                zone.isEmpty()
                        ? NONE
                        : Arrays.stream(up)
                                .filter(one -> one.instance().zone().equals(zone))
                                .toArray(Member[]::new);
        Members fresh = new Members(view, up, near);
        members = fresh;
        return fresh;
    }

    private static String place(Instance instance) {
        return instance.instanceId() + " " + instance.host() + ":" + instance.callPort();
    }
}
