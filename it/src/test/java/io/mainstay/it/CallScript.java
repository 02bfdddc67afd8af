package io.mainstay.it;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Makes a script of Eureka calls from a seed: few applications and ids, so that calls meet each other's
/// traces; one in ten is wrong on purpose.
final class CallScript {
    private static final List<String> APPS = List.of("ORDERS", "PAYMENT", "STOCK");
    private static final List<String> STATUSES =
            List.of("UP", "DOWN", "STARTING", "OUT_OF_SERVICE", "UNKNOWN");

    /// What an application says of itself; OUT_OF_SERVICE is said by operators.
    private static final List<String> OWN_STATUSES = List.of("UP", "DOWN", "STARTING");

    private static final String JSON = "application/json";
    private static final int LEASE_SECONDS = 600;

    private final Random random;
    private long dirtyMs = 1_700_000_000_000L;

    private final boolean overrides;

    private CallScript(long seed, boolean overrides) {
        this.random = new Random(seed);
        this.overrides = overrides;
    }

    /// @param overrides whether operators override statuses between the calls of the applications
    static List<ScriptedCall> of(long seed, int calls, boolean overrides) {
        CallScript script = new CallScript(seed, overrides);
        List<ScriptedCall> made = new ArrayList<>();
        for (int i = 0; i < calls; i++) {
            made.add(script.call());
        }
        return made;
    }

    private ScriptedCall call() {
        String app = pick(APPS);
        String id = app.charAt(0) + "-" + random.nextInt(4);
        String path = "apps/" + app + "/" + id;
        int dice = random.nextInt(overrides ? 28 : 20);
        if (!overrides && (dice == 8 || dice == 9)) {
            return get("instance", path);
        }
        return switch (dice) {
            case 0, 1, 2, 3 -> register(app, id);
            case 4, 5 -> put("renew", path + "?status=UP&lastDirtyTimestamp=" + dirty());
            case 6 -> put("renew-plain", path);
            case 7 -> delete("cancel", path);
            case 8 -> put("status", path + "/status?value=" + pick(STATUSES));
            case 9 -> delete("status-back", path + "/status?value=" + pick(STATUSES));
            case 10 -> put("metadata", path + "/metadata?colour=c" + random.nextInt(3) + "&x=1");
            case 11, 12 -> get("full", "apps/");
            case 13 -> get("delta", "apps/delta");
            case 14 -> get("application", "apps/" + app);
            case 15, 16 -> get("instance", path);
            case 17 -> get("instance-by-id", "instances/" + id);
            case 18 -> get("vip", random.nextBoolean() ? "vips/" + vip(app) : "svips/" + vip(app));
            case 19 -> wrong(app, id);
            default -> byPeersAndOperators(app, id);
        };
    }

    /// What peers say by single calls and in batches, what is out of date, and overrides that are taken back without a word.
    private ScriptedCall byPeersAndOperators(String app, String id) {
        String path = "apps/" + app + "/" + id;
        return switch (random.nextInt(8)) {
            case 0 -> put("status", path + "/status?value=" + pick(STATUSES));
            case 1 -> delete("status-back-silent", path + "/status");
            case 2 -> put("renew", path + "?status=UP&lastDirtyTimestamp=" + earlier());
            case 3 -> copy(put("renew", path + "?status=UP&lastDirtyTimestamp=" + earlier()));
            case 4 -> copy(put("renew", path + "?status=UP&lastDirtyTimestamp=" + dirty()));
            case 5 -> copy(register(app, id));
            case 6 -> batch(app, id);
            default ->
                    new ScriptedCall(
                            "register-outdated",
                            "POST",
                            "apps/" + app,
                            body(app, id, earlier()),
                            JSON,
                            false);
        };
    }

    private ScriptedCall batch(String app, String id) {
        String item = "{\"appName\":\"%s\",\"id\":\"%s\",\"status\":\"%s\",\"action\":\"%s\"";
        String stamp = ",\"lastDirtyTimestamp\":";
        String beat = item.formatted(app, id, "UP", "Heartbeat") + stamp + earlier() + "}";
        // Always of an older registration: what a newer stamp does here is a signed deviation.
        String old = stamp + "1}";
        String update = item.formatted(app, id, pick(STATUSES), "StatusUpdate") + old;
        String back = item.formatted(app, id, pick(STATUSES), "DeleteStatusOverride") + old;
        String gone = item.formatted(app, "nobody", "UP", "Heartbeat") + old;
        // Beats last: a Spring Eureka server shows in a beat's 409 what later items of the batch
        // change.
        String end = random.nextBoolean() ? update : back;
        String json = "{\"replicationList\":[" + String.join(",", end, gone, beat) + "]}";
        return new ScriptedCall("batch", "POST", "peerreplication/batch/", json, JSON, true);
    }

    private ScriptedCall register(String app, String id) {
        return new ScriptedCall(
                "register", "POST", "apps/" + app, body(app, id, dirty()), JSON, false);
    }

    private String body(String app, String id, String dirty) {
        String extra =
                "\"overriddenstatus\":\"UNKNOWN\",\"homePageUrl\":\"http://127.0.0.1:8080/\",";
        String status = pick(overrides ? STATUSES : OWN_STATUSES);
        return EurekaCalls.instance(app, id, LEASE_SECONDS, extra)
                .replace("1700000000000", dirty)
                .replace("\"status\":\"UP\"", "\"status\":\"" + status + "\"");
    }

    private ScriptedCall wrong(String app, String id) {
        String body = EurekaCalls.instance(app, id, LEASE_SECONDS, "");
        return switch (random.nextInt(7)) {
            case 0 ->
                    new ScriptedCall("register-elsewhere", "POST", "apps/OTHER", body, JSON, false);
            case 1 -> bad("register-no-host", app, body.replace("\"hostName\":\"127.0.0.1\",", ""));
            case 2 ->
                    bad("register-no-address", app, body.replace("\"ipAddr\":\"127.0.0.1\",", ""));
            case 3 -> bad("register-broken", app, body.substring(0, body.length() / 2));
            case 4 -> put("status-nonsense", "apps/" + app + "/" + id + "/status?value=PERHAPS");
            case 5 -> get("application-unknown", "apps/NOBODY");
            default -> put("renew-unknown", "apps/NOBODY/nobody?status=UP");
        };
    }

    private static ScriptedCall bad(String kind, String app, String body) {
        return new ScriptedCall(kind, "POST", "apps/" + app, body, JSON, false);
    }

    private static ScriptedCall put(String kind, String path) {
        return new ScriptedCall(kind, "PUT", path, "", JSON, false);
    }

    private static ScriptedCall delete(String kind, String path) {
        return new ScriptedCall(kind, "DELETE", path, "", JSON, false);
    }

    private static ScriptedCall copy(ScriptedCall call) {
        return new ScriptedCall(
                call.kind(), call.method(), call.path(), call.json(), call.accept(), true);
    }

    private static ScriptedCall get(String kind, String path) {
        return new ScriptedCall(kind, "GET", path, "", JSON, false);
    }

    private static String vip(String app) {
        return app.toLowerCase(java.util.Locale.ROOT);
    }

    /// Always newer, as a client's own: it stamps what it changed.
    private String dirty() {
        dirtyMs++;
        return Long.toString(dirtyMs);
    }

    /// One of the last few stamps: of the registration that is held, before it or after it.
    private String earlier() {
        return Long.toString(dirtyMs - random.nextInt(8));
    }

    private String pick(List<String> list) {
        return list.get(random.nextInt(list.size()));
    }
}
