package io.mainstay.head.http;

import io.mainstay.head.web.Bodies;
import io.mainstay.head.web.Principal;
import io.mainstay.registry.api.InstanceKey;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;

import java.util.List;
import java.util.function.Consumer;

/// A call that was found and is allowed. On the connection's event loop only.
///
/// @param names what stands in the path where the route has names in braces, decoded
record AdminRequest(HttpServerRequest http, Principal principal, List<String> names) {

    /// What is done with a body after it has come.
    interface BodyCall {
        void run(JsonBody body) throws BadRequestException;
    }

    String name(int index) {
        return names.get(index);
    }

    /// A parameter of the query, decoded.
    String query(String name, String absent) throws BadRequestException {
        try {
            return http.getParam(name, absent);
        } catch (IllegalArgumentException notPercentEncoded) {
            throw new BadRequestException(
                    "query", "the query cannot be decoded", "name=value, percent-encoded UTF-8");
        }
    }

    /// A number of the query.
    ///
    /// @param absent what it is if the query does not say
    /// @throws BadRequestException if it is not 1 to `most`
    int query(String name, int absent, int most) throws BadRequestException {
        String text = query(name, "" + absent);
        try {
            int number = Integer.parseInt(text);
            if (number >= 1 && number <= most) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // Refused below, like a number out of range.
        }
        throw new BadRequestException(name, name + " is '" + text + "'", "1 to " + most);
    }

    /// The namespace that the call names, `default` if none.
    String namespace() throws BadRequestException {
        return query("namespace", InstanceKey.DEFAULT_NAMESPACE);
    }

    /// Whether the client wants to make something new and not to change what is there.
    boolean onlyNew() {
        return "*".equals(http.getHeader("If-None-Match"));
    }

    void body(int maxBytes, BodyCall call) {
        Bodies.read(
                http,
                maxBytes,
                bytes -> {
                    try {
                        JsonBody body = JsonBody.parse(bytes);
                        call.run(body);
                    } catch (BadRequestException bad) {
                        refuse(bad);
                    }
                });
    }

    void refuse(BadRequestException bad) {
        error(400, bad.code(), String.valueOf(bad.getMessage()), bad.allowed());
    }

    void answer(int status, Object value) {
        Json.answer(http, status, value);
    }

    /// @param allowed what would have been taken; empty if that is plain
    void error(int status, String code, String message, String allowed) {
        Json.error(http, status, code, message, allowed);
    }

    /// Brings an outcome back to the connection's event loop, from whatever thread it comes on.
    <T> Consumer<T> onLoop(Consumer<T> then) {
        Context loop = Vertx.currentContext();
        return outcome -> loop.runOnContext(ignored -> then.accept(outcome));
    }
}
