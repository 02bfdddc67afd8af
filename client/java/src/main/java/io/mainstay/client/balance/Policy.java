package io.mainstay.client.balance;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;

/// Which of several instances gets the next call. Thread-safe.
@FunctionalInterface
public interface Policy {

    /// @param members one or more, in order of instance id; not to be changed
    /// @param key of the call, for policies that send equal keys to the same instance; may be empty
    /// @return an index of `members`
    int choose(Member[] members, String key);

    /// One after the other.
    static Policy roundRobin() {
        AtomicInteger next = new AtomicInteger();
        return (members, key) -> Math.floorMod(next.getAndIncrement(), members.length);
    }

    /// By chance, in proportion to the weights; an instance of weight 0 gets nothing while another one has more.
    static Policy weighted() {
        return weighted(() -> ThreadLocalRandom.current().nextDouble());
    }

    /// @param random uniform, from 0 inclusive to 1
    static Policy weighted(DoubleSupplier random) {
        return (members, key) -> {
            long total = 0;
            for (Member member : members) {
                total += member.instance().weight();
            }
            if (total == 0) {
                return (int) (random.getAsDouble() * members.length);
            }
            long at = (long) (random.getAsDouble() * total);
            for (int i = 0; i < members.length; i++) {
                at -= members[i].instance().weight();
                if (at < 0) {
                    return i;
                }
            }
            throw new AssertionError("a share lies within the total");
        };
    }

    /// Of two instances by chance the one with fewer calls in flight for its weight. Two are enough to avoid the busy ones, and callers that do
    /// not know of each other do not all choose the same ("The Power of Two Choices in Randomized Load Balancing", Mitzenmacher 2001).
    static Policy leastRequests() {
        return leastRequests(() -> ThreadLocalRandom.current().nextDouble());
    }

    /// @param random uniform, from 0 inclusive to 1
    static Policy leastRequests(DoubleSupplier random) {
        return (members, key) -> {
            if (members.length == 1) {
                return 0;
            }
            int one = (int) (random.getAsDouble() * members.length);
            int other = (int) (random.getAsDouble() * (members.length - 1));
            if (other >= one) {
                other++;
            }
            // (inFlight + 1) / weight, without the division.
            long left = (members[one].inFlight() + 1L) * members[other].instance().weight();
            long right = (members[other].inFlight() + 1L) * members[one].instance().weight();
            return left <= right ? one : other;
        };
    }

    /// Equal keys to the same instance; if one goes, only its keys move, and they spread over the others. Weighted rendezvous hashing
    /// ("A Name-Based Mapping Scheme for Rendezvous", Thaler and Ravishankar 1996): each choice looks at every instance.
    static Policy consistentHash() {
        return (members, key) -> {
            long keyHash = Hash.of(key);
            int best = 0;
            double bestScore = Double.NEGATIVE_INFINITY;
            for (int i = 0; i < members.length; i++) {
                double share = Hash.unit(Hash.mix(keyHash ^ members[i].hash()));
                double score = members[i].instance().weight() / -Math.log(share);
                if (score > bestScore) {
                    bestScore = score;
                    best = i;
                }
            }
            return best;
        };
    }
}
