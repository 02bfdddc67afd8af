package io.mainstay.demo;

import java.util.Map;

/// One change of the story and when it was seen.
///
/// @param what for people
/// @param registryMs from the act to the registry's own answer
/// @param clientsMs from the act to each client, by instance id
/// @param failedOrders orders that failed while it spread
/// @param stock what was measured of a Spring Eureka server with its default settings
record Change(
        String what,
        long registryMs,
        Map<String, Long> clientsMs,
        long failedOrders,
        String stock) {

    long slowestClientMs() {
        return clientsMs.values().stream().mapToLong(Long::longValue).max().orElse(0);
    }
}
