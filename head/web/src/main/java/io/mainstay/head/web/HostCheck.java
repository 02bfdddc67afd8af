package io.mainstay.head.web;

import io.vertx.core.http.HttpServerRequest;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// Keeps pages of other sites away from a node on loopback: a name of theirs that resolves to 127.0.0.1 makes their requests look
/// as if they came from the same site, but the header `Host` still has that name.
///
/// A node that other machines can reach has many names that it does not know, and needs none of this: nobody gets anything from it
/// without credentials, and a browser sends those of one name never to another.
///
/// @param bound the address that is listened on, in lower case
/// @param loopback whether only this machine can reach it
public record HostCheck(String bound, boolean loopback) {

    private static final Pattern LOOPBACK =
            Pattern.compile(
                    "localhost|127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}|\\[(::1|0:0:0:0:0:0:0:1)]");
    private static final Pattern PORT = Pattern.compile(":\\d{0,5}$");

    public static HostCheck of(String bind, boolean loopback) {
        String lower = bind.toLowerCase(Locale.ROOT);
        return new HostCheck(lower.contains(":") ? "[" + lower + "]" : lower, loopback);
    }

    public boolean passes(HttpServerRequest request) {
        if (!loopback) {
            return true;
        }
        List<String> hosts = request.headers().getAll("Host");
        return hosts.size() == 1 && names(hosts.getFirst());
    }

    /// Whatever the port: a tunnel to this machine ends at another one.
    private boolean names(String host) {
        String name = PORT.matcher(host.toLowerCase(Locale.ROOT)).replaceFirst("");
        return name.equals(bound) || LOOPBACK.matcher(name).matches();
    }

    /// What it would take, for messages.
    public String allowed() {
        String usual = "localhost, 127.0.0.1 or [::1]";
        return LOOPBACK.matcher(bound).matches() ? usual : usual + ", and " + bound;
    }
}
