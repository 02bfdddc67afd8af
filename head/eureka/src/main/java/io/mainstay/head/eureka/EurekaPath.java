package io.mainstay.head.eureka;

import static io.mainstay.registry.api.InstanceKey.DEFAULT_NAMESPACE;

import io.mainstay.common.NamespaceName;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What a request's path names. `/eureka` and `/eureka/v2` are the same, and so is a path with one more `/` at its end. They are the
/// namespace `default`; `/ns/{namespace}` before them says another one.
///
/// @param namespace the name is good; `default` where the path has none
/// @param call which resource
/// @param app service name in upper case, empty if the resource has none
/// @param id instance id, virtual address or batch name; empty if the resource has none
record EurekaPath(String namespace, Call call, String app, String id) {

    enum Call {
        /// `/`, `/eureka`: a browser.
        HOME("/eureka"),
        /// `apps`
        APPS("/eureka/apps"),
        /// `apps/delta`
        DELTA("/eureka/apps/delta"),
        /// `apps/{app}`
        APP("/eureka/apps/{app}"),
        /// `apps/{app}/{id}`
        INSTANCE("/eureka/apps/{app}/{id}"),
        /// `apps/{app}/{id}/status`
        STATUS("/eureka/apps/{app}/{id}/status"),
        /// `apps/{app}/{id}/metadata`
        METADATA("/eureka/apps/{app}/{id}/metadata"),
        /// `instances/{id}`
        ANY_INSTANCE("/eureka/instances/{id}"),
        /// `vips/{address}`
        VIP("/eureka/vips/{address}"),
        /// `svips/{address}`
        SECURE_VIP("/eureka/svips/{address}"),
        /// `peerreplication/batch`
        BATCH("/eureka/peerreplication/batch"),
        /// `asg/{name}/status`: accepted and ignored
        ASG("/eureka/asg/{name}/status"),
        /// Nothing that Eureka has.
        NONE("");

        private final String route;

        Call(String route) {
            this.route = route;
        }

        /// As traces call it, for any namespace; empty if it is none.
        String route() {
            return route;
        }
    }

    private static final int MAX_SEGMENTS = 8;
    private static final EurekaPath NOTHING = new EurekaPath(DEFAULT_NAMESPACE, Call.NONE, "", "");
    private static final EurekaPath HOME = new EurekaPath(DEFAULT_NAMESPACE, Call.HOME, "", "");
    private static final EurekaPath ALL = new EurekaPath(DEFAULT_NAMESPACE, Call.APPS, "", "");
    private static final EurekaPath RECENT = new EurekaPath(DEFAULT_NAMESPACE, Call.DELTA, "", "");
    private static final EurekaPath REPLICATION =
            new EurekaPath(DEFAULT_NAMESPACE, Call.BATCH, "", "");

    /// @param path raw, as it stands in the request line, without the query
    static EurekaPath parse(String path) throws BadInputException {
        List<String> segments = segments(path);
        if (segments.isEmpty()) {
            return HOME;
        }
        if (segments.getFirst().equals("eureka")) {
            return within(DEFAULT_NAMESPACE, segments, 1);
        }
        if (segments.size() > 2
                && segments.getFirst().equals("ns")
                && segments.get(2).equals("eureka")) {
            return within(namespace(segments.get(1)), segments, 3);
        }
        return NOTHING;
    }

    private static String namespace(String raw) throws BadInputException {
        String name = PercentCoding.segment(raw);
        if (!NamespaceName.isGood(name)) {
            throw new BadInputException("A namespace has " + NamespaceName.RULE + ".");
        }
        return name;
    }

    /// @param from the first segment after `eureka`
    private static EurekaPath within(String namespace, List<String> segments, int from)
            throws BadInputException {
        int first = segments.size() > from && segments.get(from).equals("v2") ? from + 1 : from;
        int count = segments.size() - first;
        if (count == 0) {
            return HOME;
        }
        String a = count > 1 ? segments.get(first + 1) : "";
        String b = count > 2 ? segments.get(first + 2) : "";
        String c = count > 3 ? segments.get(first + 3) : "";
        return switch (segments.get(first)) {
            case "apps" -> apps(namespace, count, a, b, c);
            case "instances" -> count == 2 ? named(namespace, Call.ANY_INSTANCE, "", a) : NOTHING;
            case "vips" -> count == 2 ? named(namespace, Call.VIP, "", a) : NOTHING;
            case "svips" -> count == 2 ? named(namespace, Call.SECURE_VIP, "", a) : NOTHING;
            case "peerreplication" ->
                    count == 2 && a.equals("batch") ? REPLICATION.in(namespace) : NOTHING;
            case "asg" ->
                    count == 3 && b.equals("status") ? named(namespace, Call.ASG, "", a) : NOTHING;
            default -> NOTHING;
        };
    }

    private static EurekaPath apps(
            String namespace, int count, String app, String id, String aspect)
            throws BadInputException {
        return switch (count) {
            case 1 -> ALL.in(namespace);
            case 2 ->
                    app.equals("delta")
                            ? RECENT.in(namespace)
                            : named(namespace, Call.APP, app, "");
            case 3 -> named(namespace, Call.INSTANCE, app, id);
            case 4 ->
                    switch (aspect) {
                        case "status" -> named(namespace, Call.STATUS, app, id);
                        case "metadata" -> named(namespace, Call.METADATA, app, id);
                        default -> NOTHING;
                    };
            default -> NOTHING;
        };
    }

    /// The same object where that is the same path.
    private EurekaPath in(String other) {
        return other.equals(namespace) ? this : new EurekaPath(other, call, app, id);
    }

    private static EurekaPath named(String namespace, Call call, String app, String id)
            throws BadInputException {
        return new EurekaPath(
                namespace,
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
