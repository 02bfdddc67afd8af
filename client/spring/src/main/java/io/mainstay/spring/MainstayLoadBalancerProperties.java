package io.mainstay.spring;

import io.mainstay.client.balance.Policy;

import org.springframework.boot.context.properties.ConfigurationProperties;

/// How instances are chosen for calls by name.
@ConfigurationProperties("mainstay.load-balancer")
public class MainstayLoadBalancerProperties {

    /// Which instance gets the next call.
    private Choice policy = Choice.WEIGHTED;

    /// Whether instances of the own zone (mainstay.discovery.zone) come first.
    private boolean zoneFirst = true;

    /// Names of the policies of [Policy].
    public enum Choice {
        /// By chance, in proportion to the weights.
        WEIGHTED,
        /// One after the other, whatever they weigh.
        ROUND_ROBIN,
        /// Of two by chance the one with fewer calls in flight.
        LEAST_REQUESTS,
        /// Calls with the same hint to the same instance.
        CONSISTENT_HASH;

        /// A policy of its own for each service, since some remember what they chose.
        Policy create() {
            return switch (this) {
                case WEIGHTED -> Policy.weighted();
                case ROUND_ROBIN -> Policy.roundRobin();
                case LEAST_REQUESTS -> Policy.leastRequests();
                case CONSISTENT_HASH -> Policy.consistentHash();
            };
        }
    }

    public Choice getPolicy() {
        return policy;
    }

    public void setPolicy(Choice policy) {
        this.policy = policy;
    }

    public boolean isZoneFirst() {
        return zoneFirst;
    }

    public void setZoneFirst(boolean zoneFirst) {
        this.zoneFirst = zoneFirst;
    }
}
