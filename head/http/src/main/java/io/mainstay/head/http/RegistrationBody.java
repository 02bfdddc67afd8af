package io.mainstay.head.http;

import io.mainstay.registry.api.Instance.Endpoint;
import io.mainstay.registry.api.InstanceKey;
import io.mainstay.registry.api.InstanceStatus;
import io.mainstay.registry.api.Lease;
import io.mainstay.registry.api.Registration;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.Locale;

/// A registration by hand, from the body of `PUT instances/{service}/{id}`.
///
/// Nobody beats for it, so its lease is as long as a lease may be, a day, unless the body says less; the same call again begins it
/// anew. A lease without an end there is not: what is forgotten shall go.
final class RegistrationBody {

    /// Three maps of 64 KiB, with room for quotes and escapes.
    static final int MAX_BYTES = 512 << 10;

    private static final int LONGEST_MS = 86_400_000;
    private static final int LONGEST_INTERVAL_MS = 3_600_000;
    private static final int SHORTEST_MS = 100;
    private static final int USUAL_WEIGHT = 100;
    private static final int MOST_WEIGHT = 10_000;
    private static final int PORTS = 65_535;

    private RegistrationBody() {}

    /// @param key its service is taken in upper case, as Eureka's clients write it: a service is not to be two
    static Registration registration(InstanceKey key, JsonBody body) throws BadRequestException {
        String service = key.service().toUpperCase(Locale.ROOT);
        String host = body.neededText("host");
        int durationMs = body.number("leaseDurationMs", SHORTEST_MS, LONGEST_MS, LONGEST_MS);
        int intervalMs =
                body.number(
                        "leaseIntervalMs",
                        SHORTEST_MS,
                        Math.min(durationMs, LONGEST_INTERVAL_MS),
                        Math.min(durationMs, LONGEST_INTERVAL_MS));
        Registration registration =
                new Registration(
                        new InstanceKey(key.namespace(), service, key.instanceId()),
                        key.instanceId(),
                        host,
                        body.text("ip", host),
                        endpoint(body, "port"),
                        endpoint(body, "securePort"),
                        // Spring's clients look services up by this name.
                        body.text("vip", service),
                        body.text("secureVip", service),
                        body.text("zone", ""),
                        body.number("weight", 0, MOST_WEIGHT, USUAL_WEIGHT),
                        body.texts("labels"),
                        body.texts("metadata"),
                        body.texts("attributes"),
                        status(body.text("status", InstanceStatus.UP.name())),
                        null,
                        new Lease(intervalMs, durationMs),
                        0);
        body.noOthers();
        if (!registration.port().enabled() && !registration.securePort().enabled()) {
            throw new BadRequestException("port", "port is missing", "port, securePort or both");
        }
        return registration;
    }

    private static Endpoint endpoint(JsonBody body, String name) throws BadRequestException {
        int port = body.number(name, 0, PORTS, 0);
        return new Endpoint(port, port > 0);
    }

    static InstanceStatus status(@Nullable String word) throws BadRequestException {
        for (InstanceStatus status : InstanceStatus.values()) {
            if (status.name().equals(word)) {
                return status;
            }
        }
        throw new BadRequestException(
                "status", "the status is '" + word + "'", Arrays.toString(InstanceStatus.values()));
    }
}
