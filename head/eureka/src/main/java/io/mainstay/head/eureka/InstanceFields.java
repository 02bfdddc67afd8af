package io.mainstay.head.eureka;

import io.mainstay.registry.api.Instance;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.TreeMap;

/// An instance in Eureka's words: what both writers put out.
///
/// @param instance of the registry
record InstanceFields(Instance instance) {

    private static final String DEFAULT_DATA_CENTER_CLASS =
            "com.netflix.appinfo.InstanceInfo$DefaultDataCenterInfo";
    private static final String AMAZON_CLASS = "com.netflix.appinfo.AmazonInfo";

    @Nullable String attribute(String name) {
        return instance.attributes().get(RegistrationMapping.ATTRIBUTE_PREFIX + name);
    }

    String attribute(String name, String absent) {
        String value = attribute(name);
        return value == null ? absent : value;
    }

    String status() {
        return instance.status().name();
    }

    String overriddenStatus() {
        return instance.override() == null ? "UNKNOWN" : instance.override().name();
    }

    String countryId() {
        String id = attribute("countryId", "1");
        for (int i = 0; i < id.length(); i++) {
            if (id.charAt(i) < '0' || id.charAt(i) > '9') {
                return "1";
            }
        }
        return id.isEmpty() || id.length() > 9 ? "1" : id;
    }

    String dataCenterClass() {
        return attribute("dataCenterInfo.@class", dataCenterClassOf(dataCenterName()));
    }

    /// Clients know three names and fail on any other.
    String dataCenterName() {
        String name = attribute("dataCenterInfo.name", "MyOwn");
        return name.equals("Amazon") || name.equals("Netflix") ? name : "MyOwn";
    }

    private static String dataCenterClassOf(String name) {
        return name.equals("Amazon") ? AMAZON_CLASS : DEFAULT_DATA_CENTER_CLASS;
    }

    Map<String, String> dataCenterMetadata() {
        String prefix = RegistrationMapping.DATA_CENTER_METADATA;
        Map<String, String> metadata = new TreeMap<>();
        instance.attributes()
                .tailMap(prefix)
                .forEach(
                        (key, value) -> {
                            if (key.startsWith(prefix)) {
                                metadata.put(key.substring(prefix.length()), value);
                            }
                        });
        return metadata;
    }

    int renewalSeconds() {
        return Math.max(1, instance.lease().intervalMs() / 1_000);
    }

    int durationSeconds() {
        return Math.max(1, instance.lease().durationMs() / 1_000);
    }

    /// Clients compare it with their own: an instance that never said it gets the time of its registration.
    long lastDirtyMs() {
        return instance.ownerStampMs() == 0 ? instance.registeredMs() : instance.ownerStampMs();
    }
}
