package io.mainstay.client.balance;

import io.mainstay.client.Instance;

import java.util.concurrent.atomic.AtomicInteger;

/// One instance as a balancer knows it: how many calls are in flight, and whether it may have more.
public final class Member {

    private final Instance instance;
    private final long hash;
    private final Record record;

    Member(Instance instance, Record record) {
        this.instance = instance;
        this.record = record;
        this.hash = Hash.of(instance.instanceId());
    }

    public Instance instance() {
        return instance;
    }

    /// Calls that were picked and have not ended.
    public int inFlight() {
        return record.inFlight.get();
    }

    /// Whether it failed and gets no calls for now.
    public boolean ejected() {
        return record.ejected;
    }

    long hash() {
        return hash;
    }

    Record record() {
        return record;
    }

    /// What outlives a change of the instance's description as long as it stays at the same address.
    static final class Record {
        final AtomicInteger inFlight = new AtomicInteger();

        /// Written under the record's lock.
        volatile boolean ejected;

        private boolean onTrial;
        private int wrongAnswers;
        private int ejections;
        private long until;

        /// Whether this call may be the one that tries an ejected instance.
        synchronized boolean takeTrial(long nowNanos) {
            if (!ejected || onTrial || nowNanos - until < 0) {
                return false;
            }
            onTrial = true;
            return true;
        }

        synchronized void succeeded() {
            ejected = false;
            onTrial = false;
            wrongAnswers = 0;
            ejections = 0;
        }

        /// @return whether it is ejected now and was not before
        synchronized boolean failed(Failure failure, boolean trial, Ejection rules, long nowNanos) {
            if (failure == Failure.RESPONSE && !trial && ++wrongAnswers < rules.responses()) {
                return false;
            }
            // Calls that began before the ejection say nothing new.
            if (ejected && !trial) {
                return false;
            }
            boolean fresh = !ejected;
            ejected = true;
            onTrial = false;
            wrongAnswers = 0;
            until = nowNanos + rules.nanos(++ejections);
            return fresh;
        }

        synchronized void trialWithoutOutcome() {
            onTrial = false;
        }
    }
}
