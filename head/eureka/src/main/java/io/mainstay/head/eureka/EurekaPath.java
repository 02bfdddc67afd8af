package io.mainstay.head.eureka;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What a request's path names. `/eureka` and `/eureka/v2` are the same, and so is a path with one more `/` at its end.
///
/// @param call which resource
/// @param app service name in upper case, empty if the resource has none
/// @param id instance id, virtual address or batch name; empty if the resource has none
record EurekaPath(Call call, String app, String id) {

    enum Call {
        /// `/`, `/eureka`: a browser.
        HOME,
        /// `apps`
        APPS,
        /// `apps/delta`
        DELTA,
        /// `apps/{app}`
        APP,
        /// `apps/{app}/{id}`
        INSTANCE,
        /// `apps/{app}/{id}/status`
        STATUS,
        /// `apps/{app}/{id}/metadata`
        METADATA,
        /// `instances/{id}`
        ANY_INSTANCE,
        /// `vips/{address}`
        VIP,
        /// `svips/{address}`
        SECURE_VIP,
        /// `peerreplication/batch`
        BATCH,
        /// `asg/{name}/status`: accepted and ignored
        ASG,
        /// Nothing that Eureka has.
        NONE
    }

    private static final int MAX_SEGMENTS = 8;
    private static final EurekaPath NOTHING = new EurekaPath(Call.NONE, "", "");
    private static final EurekaPath HOME = new EurekaPath(Call.HOME, "", "");
    private static final EurekaPath ALL = new EurekaPath(Call.APPS, "", "");
    private static final EurekaPath RECENT = new EurekaPath(Call.DELTA, "", "");
    private static final EurekaPath REPLICATION = new EurekaPath(Call.BATCH, "", "");

    /// @param path raw, as it stands in the request line, without the query
    static EurekaPath parse(String path) throws BadInputException {
        List<String> segments = segments(path);
        if (segments.isEmpty()) {
            return HOME;
        }
        if (!segments.getFirst().equals("eureka")) {
            return NOTHING;
        }
        int first = segments.size() > 1 && segments.get(1).equals("v2") ? 2 : 1;
        int count = segments.size() - first;
        if (count == 0) {
            return HOME;
        }
        String a = count > 1 ? segments.get(first + 1) : "";
        String b = count > 2 ? segments.get(first + 2) : "";
        String c = count > 3 ? segments.get(first + 3) : "";
        return switch (segments.get(first)) {
            case "apps" -> apps(count, a, b, c);
            case "instances" -> count == 2 ? named(Call.ANY_INSTANCE, "", a) : NOTHING;
            case "vips" -> count == 2 ? named(Call.VIP, "", a) : NOTHING;
            case "svips" -> count == 2 ? named(Call.SECURE_VIP, "", a) : NOTHING;
            case "peerreplication" -> count == 2 && a.equals("batch") ? REPLICATION : NOTHING;
            case "asg" -> count == 3 && b.equals("status") ? named(Call.ASG, "", a) : NOTHING;
            default -> NOTHING;
        };
    }

    private static EurekaPath apps(int count, String app, String id, String aspect)
            throws BadInputException {
        return switch (count) {
            case 1 -> ALL;
            case 2 -> app.equals("delta") ? RECENT : named(Call.APP, app, "");
            case 3 -> named(Call.INSTANCE, app, id);
            case 4 ->
                    switch (aspect) {
                        case "status" -> named(Call.STATUS, app, id);
                        case "metadata" -> named(Call.METADATA, app, id);
                        default -> NOTHING;
                    };
            default -> NOTHING;
        };
    }

    private static EurekaPath named(Call call, String app, String id) throws BadInputException {
        return new EurekaPath(
                call,
                Names.checked(PercentCoding.segment(app)).toUpperCase(Locale.ROOT),
                Names.checked(PercentCoding.segment(id)));
    }

    /// Raw segments; empty ones do not count. Split before decoding, so that an encoded slash stays within its name.
    private static List<String> segments(String path) throws BadInputException {
        List<String> segments = new ArrayList<>(6);
        int at = 0;
        while (at < path.length()) {
            int end = path.indexOf('/', at);
            end = end < 0 ? path.length() : end;
            if (end > at) {
                if (segments.size() == MAX_SEGMENTS) {
                    throw new BadInputException("The path has too many parts.");
                }
                segments.add(path.substring(at, end));
            }
            at = end + 1;
        }
        return segments;
    }
}
