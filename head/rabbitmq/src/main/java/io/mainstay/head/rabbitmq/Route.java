package io.mainstay.head.rabbitmq;

import io.vertx.core.http.HttpMethod;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// One call of the management API.
///
/// @param path a part in braces stands for any one part; `{vhost}` must be one that is there and that the caller sees (to change: enters)
record Route(HttpMethod method, String path, Need need, Call call) {

    static final String VHOST = "vhost";

    /// What it does. On the connection's event loop.
    interface Call {
        void run(RabbitRequest request) throws RefusedException;
    }

    static Route get(String path, Need need, Call call) {
        return new Route(HttpMethod.GET, path, need, call);
    }

    static Route put(String path, Need need, Call call) {
        return new Route(HttpMethod.PUT, path, need, call);
    }

    static Route post(String path, Need need, Call call) {
        return new Route(HttpMethod.POST, path, need, call);
    }

    static Route delete(String path, Need need, Call call) {
        return new Route(HttpMethod.DELETE, path, need, call);
    }

    /// What stands for the parts in braces, or `null` if it is another path.
    ///
    /// @param parts decoded, of the request
    @Nullable Map<String, String> match(List<String> parts) {
        String[] own = path.substring(1).split("/");
        if (own.length != parts.size()) {
            return null;
        }
        Map<String, String> names = new HashMap<>();
        for (int i = 0; i < own.length; i++) {
            if (own[i].startsWith("{")) {
                names.put(own[i].substring(1, own[i].length() - 1), parts.get(i));
            } else if (!own[i].equals(parts.get(i))) {
                return null;
            }
        }
        return names;
    }

    boolean takes(HttpMethod asked) {
        return asked.equals(method) || (asked == HttpMethod.HEAD && method == HttpMethod.GET);
    }

    /// Permissions are an administrator's, for whatever virtual host: that one is not there is told with them.
    boolean isOfPermissions() {
        return path.contains("permissions/{" + VHOST + "}/");
    }

    boolean isRead() {
        return method == HttpMethod.GET;
    }
}
