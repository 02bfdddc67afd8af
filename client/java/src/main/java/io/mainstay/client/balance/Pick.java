package io.mainstay.client.balance;

import io.mainstay.client.Instance;

import java.util.concurrent.atomic.AtomicBoolean;

/// An instance that was chosen for one call. Tell what came of it once; what is told later is not heard.
public final class Pick implements AutoCloseable {

    private final LoadBalancer balancer;
    private final Member member;
    private final boolean trial;
    private final AtomicBoolean told = new AtomicBoolean();

    Pick(LoadBalancer balancer, Member member, boolean trial) {
        this.balancer = balancer;
        this.member = member;
        this.trial = trial;
        member.record().inFlight.incrementAndGet();
    }

    public Instance instance() {
        return member.instance();
    }

    public void succeeded() {
        if (end()) {
            member.record().succeeded();
        }
    }

    public void failed(Failure failure) {
        if (end()) {
            balancer.failed(member, failure, trial);
        }
    }

    /// The call ended, and says nothing about the instance (the caller gave up).
    @Override
    public void close() {
        if (end() && trial) {
            member.record().trialWithoutOutcome();
        }
    }

    private boolean end() {
        if (told.getAndSet(true)) {
            return false;
        }
        member.record().inFlight.decrementAndGet();
        return true;
    }
}
