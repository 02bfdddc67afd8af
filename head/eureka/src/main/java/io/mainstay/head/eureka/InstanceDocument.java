package io.mainstay.head.eureka;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// One instance as a client wrote it, flat: the readers of JSON and XML put texts under paths, [RegistrationMapping] gives them types.
///
/// A path is `hostName`, `leaseInfo.durationInSecs`, `port.$`, `dataCenterInfo.@class`. Unknown paths are dropped: newer clients may send more.
final class InstanceDocument {

    private static final Set<String> KNOWN =
            Set.of(
                    "instanceId",
                    "hostName",
                    "app",
                    "appGroupName",
                    "ipAddr",
                    "sid",
                    "status",
                    "overriddenStatus",
                    "port.$",
                    "port.@enabled",
                    "securePort.$",
                    "securePort.@enabled",
                    "countryId",
                    "dataCenterInfo.@class",
                    "dataCenterInfo.name",
                    "leaseInfo.renewalIntervalInSecs",
                    "leaseInfo.durationInSecs",
                    "homePageUrl",
                    "statusPageUrl",
                    "healthCheckUrl",
                    "secureHealthCheckUrl",
                    "vipAddress",
                    "secureVipAddress",
                    "isCoordinatingDiscoveryServer",
                    "lastDirtyTimestamp",
                    "asgName");

    private final Map<String, String> fields = new HashMap<>();
    private final TreeMap<String, String> metadata = new TreeMap<>();
    private final TreeMap<String, String> dataCenterMetadata = new TreeMap<>();
    private boolean dataCenter;

    /// Takes a value; of a path that is there twice the last wins.
    void put(String path, String value) throws BadInputException {
        if (path.startsWith("metadata.")) {
            putBounded(metadata, path.substring("metadata.".length()), value);
        } else if (path.startsWith("dataCenterInfo.metadata.")) {
            putBounded(
                    dataCenterMetadata, path.substring("dataCenterInfo.metadata.".length()), value);
        } else {
            String known = canonical(path);
            if (KNOWN.contains(known)) {
                fields.put(known, value);
            }
        }
    }

    /// An object begins at `path`: that it is there may matter even if it is empty.
    void begin(String path) {
        dataCenter |= path.equals("dataCenterInfo");
    }

    /// Whether a value at `path` must be a scalar.
    static boolean mustBeScalar(String path) {
        return path.startsWith("metadata.")
                || path.startsWith("dataCenterInfo.metadata.")
                || KNOWN.contains(path);
    }

    @Nullable String text(String path) {
        return fields.get(path);
    }

    boolean hasDataCenter() {
        return dataCenter;
    }

    TreeMap<String, String> metadata() {
        return metadata;
    }

    TreeMap<String, String> dataCenterMetadata() {
        return dataCenterMetadata;
    }

    /// Netflix's XML and older JSON write `overriddenstatus`; some clients send a port as a bare number.
    private static String canonical(String path) {
        return switch (path) {
            case "overriddenstatus" -> "overriddenStatus";
            case "port" -> "port.$";
            case "securePort" -> "securePort.$";
            case "dataCenterInfo.class" -> "dataCenterInfo.@class";
            case "port.enabled" -> "port.@enabled";
            case "securePort.enabled" -> "securePort.@enabled";
            default -> path;
        };
    }

    private static void putBounded(TreeMap<String, String> map, String key, String value)
            throws BadInputException {
        // XStream names the class of an empty map in this place.
        if (key.equals("@class")) {
            return;
        }
        map.put(key, value);
        if (map.size() > EurekaLimits.METADATA_KEYS) {
            throw new BadInputException(
                    "The metadata has more than %d keys.".formatted(EurekaLimits.METADATA_KEYS));
        }
    }
}
