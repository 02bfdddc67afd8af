package io.mainstay.registry.api;

import org.jspecify.annotations.Nullable;

import java.util.SortedMap;

/// One instance as its owner described it, with what the registry added. Immutable; equal on every member.
///
/// @param key its name
/// @param holder who beats for it: for a Eureka client the instance itself, for a streaming client its connection's lease
/// @param host host name
/// @param ip address in text
/// @param port plain port, `securePort` TLS port; an endpoint that is not enabled stays listed
/// @param vip comma separated virtual addresses, empty if none
/// @param zone empty if unknown
/// @param weight share of traffic; 100 is usual, 0 to 10,000
/// @param labels selectable properties
/// @param metadata free text of the owner, in the owner's order of keys as sorted text
/// @param attributes properties that only one protocol knows, under that protocol's names (`eureka.homePageUrl`)
/// @param declared the owner's own status, or the operator's word on it that came later
/// @param override an operator's status that goes before the owner's UP or OUT_OF_SERVICE, or `null`
/// @param lease see [Lease]
/// @param registeredMs when this registration began (leader's Unix ms); `upSinceMs` first UP, 0 if never
/// @param changedMs last change that subscribers saw
/// @param ownerStampMs the owner's own time stamp (Eureka: lastDirtyTimestamp)
/// @param revision raft offset of the last change of this instance
/// @param registration raft offset of its last register command: an eviction names it, and is refused if it is newer
public record Instance(
        InstanceKey key,
        String holder,
        String host,
        String ip,
        Endpoint port,
        Endpoint securePort,
        String vip,
        String secureVip,
        String zone,
        int weight,
        SortedMap<String, String> labels,
        SortedMap<String, String> metadata,
        SortedMap<String, String> attributes,
        InstanceStatus declared,
        @Nullable InstanceStatus override,
        Lease lease,
        long registeredMs,
        long upSinceMs,
        long changedMs,
        long ownerStampMs,
        long revision,
        long registration) {

    /// What subscribers act on.
    public InstanceStatus status() {
        return status(declared, override);
    }

    /// An owner that says that it takes no traffic is believed; an operator may only question that it does, as Eureka has it.
    public static InstanceStatus status(
            InstanceStatus declared, @Nullable InstanceStatus override) {
        return switch (declared) {
            case DOWN, STARTING, UNKNOWN -> declared;
            case UP, OUT_OF_SERVICE -> override != null ? override : declared;
        };
    }

    /// @param number 0 to 65535
    public record Endpoint(int number, boolean enabled) {}
}
