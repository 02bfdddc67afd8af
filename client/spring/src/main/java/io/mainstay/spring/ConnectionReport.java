package io.mainstay.spring;

import io.mainstay.client.ClientState;
import io.mainstay.client.MainstayClient;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/// The connection to the registry, for health and info.
///
/// A registry that is away is no reason to take an application for sick: what it knows of others stays, and a
/// platform that restarts everything because one node restarts makes it worse. So this is `UNKNOWN`, and `DOWN` only
/// if a node refuses the application, which somebody has to repair.
///
/// @param status `UP`, `UNKNOWN` or `DOWN`
public record ConnectionReport(String status, Map<String, Object> details) {

    public static ConnectionReport of(MainstayClient client) {
        ClientState state = client.state();
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("phase", state.phase().name());
        details.put("node", state.address());
        details.put("since", Instant.ofEpochMilli(state.sinceMs()).toString());
        details.put("connections", state.connections());
        if (!state.problem().isEmpty()) {
            details.put("problem", state.problem());
        }
        if (state.lastPauseMs() > 0) {
            details.put("lastPauseMs", state.lastPauseMs());
        }
        return new ConnectionReport(
                switch (state.phase()) {
                    case CONNECTED -> "UP";
                    case CONNECTING, WAITING, CLOSED -> "UNKNOWN";
                    case REFUSED -> "DOWN";
                },
                details);
    }
}
