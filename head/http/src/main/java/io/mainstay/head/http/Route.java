package io.mainstay.head.http;

import io.vertx.core.http.HttpMethod;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// One call of the admin API.
///
/// @param path as in the OpenAPI file: a part in braces stands for any one part
record Route(HttpMethod method, String path, Right right, Call call) {

    /// What it does.
    interface Call {
        void run(AdminRequest request) throws BadRequestException;
    }

    /// The parts that stand where the path has names, or `null` if it is another path.
    ///
    /// @param parts decoded, of the request
    @Nullable List<String> match(List<String> parts) {
        String[] own = path.substring(1).split("/");
        if (own.length != parts.size()) {
            return null;
        }
        List<String> names = new ArrayList<>();
        for (int i = 0; i < own.length; i++) {
            if (own[i].startsWith("{")) {
                names.add(parts.get(i));
            } else if (!own[i].equals(parts.get(i))) {
                return null;
            }
        }
        return names;
    }

    /// A load balancer may ask with HEAD.
    boolean takes(HttpMethod asked) {
        return asked.equals(method)
                || (asked == HttpMethod.HEAD && method == HttpMethod.GET && right == Right.OPEN);
    }
}
