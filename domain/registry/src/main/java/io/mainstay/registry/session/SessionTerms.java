package io.mainstay.registry.session;

import io.mainstay.registry.api.Lease;

/// What a client and this node agreed on.
///
/// @param lease of the process: a frame every interval, dead after the duration without one
/// @param graceMs how long a client whose connection broke may take to come back, 0 to 60,000; 2,000 by default
public record SessionTerms(Lease lease, int graceMs) {

    public static final int MAX_GRACE_MS = 60_000;

    public static final SessionTerms DEFAULT = new SessionTerms(new Lease(1_000, 5_000), 2_000);
}
