package io.mainstay.head.eureka;

import io.mainstay.registry.api.Instance;
import io.mainstay.registry.api.Instance.Endpoint;
import io.mainstay.registry.api.InstanceKey;
import io.mainstay.registry.api.InstanceStatus;
import io.mainstay.registry.api.Lease;
import io.mainstay.registry.api.Registration;

import org.jspecify.annotations.Nullable;

import java.util.Locale;
import java.util.TreeMap;

/// From a client's document to a registration. The checks and their sentences are those of Netflix's server, in its order.
///
/// What only Eureka knows goes into the attributes under `eureka.` and its name; [InstanceFields] finds it there.
final class RegistrationMapping {

    static final String ATTRIBUTE_PREFIX = "eureka.";
    static final String DATA_CENTER_METADATA = "eureka.dataCenterInfo.metadata.";

    /// Marks an instance that is registered at a peer; it is here as a copy, and the peer is not told of it.
    static final String COPY = "eureka.copy";

    /// Netflix's defaults for a client that names no port.
    private static final int DEFAULT_PORT = 7001;

    private static final int DEFAULT_SECURE_PORT = 7002;
    private static final int DEFAULT_RENEWAL_SECONDS = 30;
    private static final int DEFAULT_DURATION_SECONDS = 90;
    private static final int USUAL_WEIGHT = 100;

    private static final String[] ATTRIBUTES = {
        "appGroupName",
        "sid",
        "countryId",
        "dataCenterInfo.@class",
        "dataCenterInfo.name",
        "homePageUrl",
        "statusPageUrl",
        "healthCheckUrl",
        "secureHealthCheckUrl",
        "isCoordinatingDiscoveryServer",
        "asgName"
    };

    private RegistrationMapping() {}

    /// @param app service name of the path, in upper case
    /// @param copy whether a peer sent it rather than its owner
    static Registration registration(
            InstanceDocument document, String namespace, String app, boolean copy)
            throws BadInputException {
        String host = text(document, "hostName");
        String id = id(document, host);
        require(!id.isBlank(), "Missing instanceId");
        require(!host.isBlank(), "Missing hostname");
        String ip = text(document, "ipAddr");
        require(!ip.isBlank(), "Missing ip address");
        String name = text(document, "app").toUpperCase(Locale.ROOT);
        require(!name.isBlank(), "Missing appName");
        require(
                name.equals(app),
                "Mismatched appName, expecting %s but was %s".formatted(app, name));
        require(document.hasDataCenter(), "Missing dataCenterInfo");
        require(!text(document, "dataCenterInfo.name").isBlank(), "Missing dataCenterInfo Name");
        Names.checked(id);
        String zone = document.metadata().get("zone");
        return new Registration(
                new InstanceKey(namespace, app, id),
                id,
                host,
                ip,
                endpoint(document, "port", DEFAULT_PORT, true),
                endpoint(document, "securePort", DEFAULT_SECURE_PORT, false),
                text(document, "vipAddress"),
                text(document, "secureVipAddress"),
                zone == null ? "" : zone,
                USUAL_WEIGHT,
                new TreeMap<>(),
                document.metadata(),
                attributes(document, copy),
                status(document.text("status"), InstanceStatus.UP),
                override(document),
                lease(document),
                number(document, "lastDirtyTimestamp", 0));
    }

    /// Netflix's server leaves the status as it is where an owner whose instance is UP or OUT_OF_SERVICE registers it again as either: that is
    /// for operators to change, with an override. A copy is taken as the peer has it.
    static Registration afterHeld(Registration r, @Nullable Instance held) {
        if (held == null
                || held.override() != null
                || r.override() != null
                || !mayServe(held.status())
                || !mayServe(r.declared())
                || held.status() == r.declared()) {
            return r;
        }
        return r.withDeclared(held.status());
    }

    private static boolean mayServe(InstanceStatus status) {
        return status == InstanceStatus.UP || status == InstanceStatus.OUT_OF_SERVICE;
    }

    /// As Eureka reads a status: unknown words mean UNKNOWN.
    static InstanceStatus status(@Nullable String word, InstanceStatus absent) {
        if (word == null || word.isBlank()) {
            return absent;
        }
        for (InstanceStatus status : InstanceStatus.values()) {
            if (status.name().equalsIgnoreCase(word.strip())) {
                return status;
            }
        }
        return InstanceStatus.UNKNOWN;
    }

    /// Without an id of its own an instance is named by its data centre, then by its host.
    private static String id(InstanceDocument document, String host) {
        String id = text(document, "instanceId");
        if (!id.isBlank()) {
            return id;
        }
        String amazon = document.dataCenterMetadata().get("instance-id");
        return amazon == null || amazon.isBlank() ? host : amazon;
    }

    private static Endpoint endpoint(
            InstanceDocument document, String name, int defaultPort, boolean defaultEnabled)
            throws BadInputException {
        long port = number(document, name + ".$", defaultPort);
        require(
                port >= 0 && port <= 65_535,
                "%s is %d; allowed are 0 to 65535".formatted(name, port));
        String enabled = document.text(name + ".@enabled");
        return new Endpoint(
                (int) port, enabled == null ? defaultEnabled : Boolean.parseBoolean(enabled));
    }

    /// Nonsense is brought into the range that the registry takes, as Netflix's server takes it, too.
    private static Lease lease(InstanceDocument document) throws BadInputException {
        long interval = number(document, "leaseInfo.renewalIntervalInSecs", 0);
        long duration = number(document, "leaseInfo.durationInSecs", 0);
        interval = Math.clamp(interval <= 0 ? DEFAULT_RENEWAL_SECONDS : interval, 1, 3_600);
        duration = duration <= 0 ? DEFAULT_DURATION_SECONDS : duration;
        duration = Math.clamp(duration, interval, 86_400);
        return new Lease((int) interval * 1_000, (int) duration * 1_000);
    }

    /// Whether this instance was registered here, not at a peer.
    static boolean isOwn(Instance instance) {
        return !instance.attributes().containsKey(COPY);
    }

    /// No status, or UNKNOWN, is no override.
    static @Nullable InstanceStatus override(InstanceDocument document) {
        InstanceStatus override = status(document.text("overriddenStatus"), InstanceStatus.UNKNOWN);
        return override == InstanceStatus.UNKNOWN ? null : override;
    }

    private static TreeMap<String, String> attributes(InstanceDocument document, boolean copy) {
        TreeMap<String, String> attributes = new TreeMap<>();
        if (copy) {
            attributes.put(COPY, "true");
        }
        for (String name : ATTRIBUTES) {
            String value = document.text(name);
            if (value != null) {
                attributes.put(ATTRIBUTE_PREFIX + name, value);
            }
        }
        document.dataCenterMetadata()
                .forEach((key, value) -> attributes.put(DATA_CENTER_METADATA + key, value));
        return attributes;
    }

    private static String text(InstanceDocument document, String path) {
        String value = document.text(path);
        return value == null ? "" : value;
    }

    private static long number(InstanceDocument document, String path, long absent)
            throws BadInputException {
        String value = document.text(path);
        if (value == null || value.isBlank()) {
            return absent;
        }
        try {
            return Long.parseLong(value.strip());
        } catch (NumberFormatException malformed) {
            throw new BadInputException("%s is not a whole number.".formatted(path), malformed);
        }
    }

    private static void require(boolean holds, String sentence) throws BadInputException {
        if (!holds) {
            throw new BadInputException(sentence);
        }
    }
}
