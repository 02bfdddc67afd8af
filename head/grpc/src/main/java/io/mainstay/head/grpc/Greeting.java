package io.mainstay.head.grpc;

import io.grpc.Status;
import io.mainstay.common.NamespaceName;
import io.mainstay.registry.api.InstanceKey;
import io.mainstay.registry.api.Lease;
import io.mainstay.registry.session.SessionTerms;
import io.mainstay.registry.v1.Hello;

/// A Hello whose fields were checked and whose defaults were filled in.
record Greeting(String clientId, String shown, String namespace, SessionTerms terms) {

    private static final int MAX_INTERVAL_MS = 3_600_000;
    private static final int MAX_LEASE_MS = 86_400_000;

    static Greeting of(Hello hello) throws RefusedException {
        String clientId = text("client_id", hello.getClientId(), 1, GrpcLimits.CLIENT_ID_CHARS);
        String description =
                text("description", hello.getDescription(), 0, GrpcLimits.DESCRIPTION_CHARS);
        String namespace =
                hello.getNamespace().isEmpty()
                        ? InstanceKey.DEFAULT_NAMESPACE
                        : hello.getNamespace();
        if (!NamespaceName.isGood(namespace)) {
            throw new RefusedException(
                    Status.INVALID_ARGUMENT, "A namespace has " + NamespaceName.RULE + ".");
        }
        Lease usual = SessionTerms.DEFAULT.lease();
        int interval =
                number(
                        "beat_interval_ms",
                        hello.getBeatIntervalMs() == 0
                                ? usual.intervalMs()
                                : hello.getBeatIntervalMs(),
                        100,
                        MAX_INTERVAL_MS);
        int lease =
                number(
                        "lease_ms",
                        hello.getLeaseMs() == 0
                                ? Math.max(usual.durationMs(), interval)
                                : hello.getLeaseMs(),
                        interval,
                        MAX_LEASE_MS);
        int grace =
                number(
                        "grace_ms",
                        hello.hasGraceMs() ? hello.getGraceMs() : SessionTerms.DEFAULT.graceMs(),
                        0,
                        SessionTerms.MAX_GRACE_MS);
        return new Greeting(
                clientId,
                description.isEmpty() ? clientId : description,
                namespace,
                new SessionTerms(new Lease(interval, lease), grace));
    }

    private static String text(String name, String value, int least, int most)
            throws RefusedException {
        if (value.length() < least
                || value.length() > most
                || value.chars().anyMatch(Character::isISOControl)) {
            throw new RefusedException(
                    Status.INVALID_ARGUMENT,
                    "%s has %d to %d characters, none of them a control character."
                            .formatted(name, least, most));
        }
        return value;
    }

    /// @param value unsigned on the wire, so a huge one is negative here
    private static int number(String name, int value, int least, int most) throws RefusedException {
        if (value < least || value > most) {
            throw new RefusedException(
                    Status.INVALID_ARGUMENT,
                    "%s is %s; allowed are %d to %d."
                            .formatted(name, Integer.toUnsignedString(value), least, most));
        }
        return value;
    }
}
