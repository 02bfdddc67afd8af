package io.mainstay.it;

import io.mainstay.testkit.Http;

import java.io.IOException;

/// One call of the differential run.
///
/// @param kind for the list of deviations, such as `renew`
/// @param path below the Eureka base, without a slash at the start
/// @param json body; empty for none
/// @param accept header
/// @param copy whether it comes from a peer rather than from an application
record ScriptedCall(
        String kind, String method, String path, String json, String accept, boolean copy) {

    Http.Answer send(String eurekaUrl) throws IOException, InterruptedException {
        return copy
                ? Http.call(
                        method,
                        eurekaUrl + path,
                        json,
                        accept,
                        "x-netflix-discovery-replication",
                        "true")
                : Http.call(method, eurekaUrl + path, json, accept);
    }

    @Override
    public String toString() {
        return (copy ? "copy of " : "")
                + kind
                + ": "
                + method
                + " "
                + path
                + (json.isEmpty() ? "" : " " + json.strip());
    }
}
