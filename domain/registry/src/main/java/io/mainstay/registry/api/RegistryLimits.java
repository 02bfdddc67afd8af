package io.mainstay.registry.api;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/// Bounds of the registry. The texts of one instance are bounded by constants, because replicas must agree on them when they apply
/// a change; how many instances there may be is checked before a change is proposed.
///
/// @param maxInstances over all namespaces of the node; 1 and up, 200,000 by default
/// @param maxNamespaces namespaces besides `default` that hold services or have changed lately: whoever may register chooses the
///     name, and each has a view and caches; 1 and up, 256 by default
public record RegistryLimits(int maxInstances, int maxNamespaces) {

    /// Characters of a namespace, service name, host, zone or other single name.
    public static final int MAX_NAME_CHARS = 256;

    /// Characters of an instance id, holder or list of virtual addresses.
    public static final int MAX_ID_CHARS = 1_024;

    /// Entries of the metadata; the same for labels and for attributes.
    public static final int MAX_METADATA_KEYS = 1_000;

    /// Bytes in UTF-8 of all keys and values of the metadata; the same for labels and for attributes. Three such maps and the
    /// names stay far below one proposal (1 MiB), so a registration always fits.
    public static final int MAX_METADATA_BYTES = 64 << 10;

    /// Zones of a subscriber's selector; the same for its labels.
    public static final int MAX_SELECTOR_NAMES = 100;

    /// Bytes in UTF-8 of all zones, and of all labels, of a selector: a process may have a thousand of them.
    public static final int MAX_SELECTOR_BYTES = 4 << 10;

    public static final RegistryLimits DEFAULT = new RegistryLimits(200_000, 256);

    /// A sentence that says what cannot be taken, or `null` if all is well.
    public static @Nullable String objection(Registration r) {
        String found = objection(r.key());
        found = found != null ? found : text("holder", r.holder(), MAX_ID_CHARS, false);
        found = found != null ? found : text("host name", r.host(), MAX_NAME_CHARS, false);
        found = found != null ? found : text("IP address", r.ip(), MAX_NAME_CHARS, false);
        found = found != null ? found : text("virtual address", r.vip(), MAX_ID_CHARS, false);
        found =
                found != null
                        ? found
                        : text("secure virtual address", r.secureVip(), MAX_ID_CHARS, false);
        found = found != null ? found : text("zone", r.zone(), MAX_NAME_CHARS, false);
        found = found != null ? found : number("port", r.port().number(), 0, 65_535);
        found = found != null ? found : number("secure port", r.securePort().number(), 0, 65_535);
        found = found != null ? found : number("weight", r.weight(), 0, 10_000);
        int intervalMs = r.lease().intervalMs();
        found =
                found != null
                        ? found
                        : number("renewal interval in ms", intervalMs, 100, 3_600_000);
        found =
                found != null
                        ? found
                        : number(
                                "lease duration in ms",
                                r.lease().durationMs(),
                                intervalMs,
                                86_400_000);
        found =
                found != null
                        ? found
                        : number("owner's time stamp", r.ownerStampMs(), 0, Long.MAX_VALUE);
        found = found != null ? found : objection("labels", r.labels());
        found = found != null ? found : objection("metadata", r.metadata());
        return found != null ? found : objection("attributes", r.attributes());
    }

    /// As [#objection(Registration)], for a name.
    public static @Nullable String objection(InstanceKey key) {
        String found = text("namespace", key.namespace(), MAX_NAME_CHARS, true);
        found = found != null ? found : text("service name", key.service(), MAX_NAME_CHARS, true);
        return found != null ? found : text("instance id", key.instanceId(), MAX_ID_CHARS, true);
    }

    /// As [#objection(Registration)], for a map that goes by `what`.
    public static @Nullable String objection(String what, SortedMap<String, String> entries) {
        if (entries.size() > MAX_METADATA_KEYS) {
            return "The %s have %d keys; at most %d are allowed."
                    .formatted(what, entries.size(), MAX_METADATA_KEYS);
        }
        long bytes = 0;
        for (Map.Entry<String, String> entry : entries.entrySet()) {
            if (hasControl(entry.getKey())) {
                return "A key of the %s holds a control character.".formatted(what);
            }
            bytes += utf8Bytes(entry.getKey()) + utf8Bytes(entry.getValue());
        }
        return bytes <= MAX_METADATA_BYTES
                ? null
                : "The %s have %d bytes; at most %d are allowed."
                        .formatted(what, bytes, MAX_METADATA_BYTES);
    }

    /// As [#objection(Registration)], for what a subscriber selects by.
    public static @Nullable String selectorObjection(
            List<String> zones, SortedMap<String, String> labels) {
        String found = number("number of zones", zones.size(), 0, MAX_SELECTOR_NAMES);
        found =
                found != null
                        ? found
                        : number("number of labels", labels.size(), 0, MAX_SELECTOR_NAMES);
        long bytes = 0;
        for (String zone : zones) {
            found = found != null ? found : text("zone", zone, MAX_NAME_CHARS, false);
            bytes += utf8Bytes(zone);
        }
        found =
                found != null
                        ? found
                        : number("size of the zones in bytes", bytes, 0, MAX_SELECTOR_BYTES);
        found = found != null ? found : objection("labels", labels);
        bytes = 0;
        for (Map.Entry<String, String> label : labels.entrySet()) {
            bytes += utf8Bytes(label.getKey()) + utf8Bytes(label.getValue());
        }
        return found != null
                ? found
                : number("size of the labels in bytes", bytes, 0, MAX_SELECTOR_BYTES);
    }

    private static long utf8Bytes(String text) {
        // Only a text that may be too long for the bound is worth an array.
        return text.length() > MAX_METADATA_BYTES
                ? text.length()
                : text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static @Nullable String text(String what, String value, int maxChars, boolean needed) {
        if (needed && value.isBlank()) {
            return "The %s is empty.".formatted(what);
        }
        if (value.length() > maxChars) {
            return "The %s has %d characters; at most %d are allowed."
                    .formatted(what, value.length(), maxChars);
        }
        return hasControl(value) ? "The %s holds a control character.".formatted(what) : null;
    }

    private static boolean hasControl(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (Character.isISOControl(value.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable String number(String what, long value, long least, long most) {
        return value >= least && value <= most
                ? null
                : "The %s is %d; allowed are %d to %d.".formatted(what, value, least, most);
    }
}
