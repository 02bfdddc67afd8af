package io.mainstay.head.rabbitmq;

import io.mainstay.head.web.Bodies;
import io.mainstay.messaging.api.TopologyChange;
import io.mainstay.messaging.api.TopologyOutcome;
import io.mainstay.messaging.api.TopologyView;
import io.mainstay.messaging.api.TopologyView.Operation;
import io.mainstay.messaging.api.VhostView;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/// A call that was found and is allowed. On the connection's event loop only.
///
/// @param names what stands in the path where the route has names in braces, decoded
record RabbitRequest(
        HttpServerRequest http, Caller caller, Services services, Map<String, String> names) {

    /// Something that may end in a refusal.
    interface Step<T> {
        void take(T value) throws RefusedException;
    }

    String name(String part) {
        String name = names.get(part);
        if (name == null) {
            throw new IllegalStateException("the route has no " + part);
        }
        return name;
    }

    TopologyView view() {
        return services.view();
    }

    /// The virtual host that the path names.
    VhostView vhost() throws RefusedException {
        return vhost(name(Route.VHOST));
    }

    VhostView vhost(String name) throws RefusedException {
        VhostView vhost = view().vhost(name);
        if (vhost == null) {
            throw RefusedException.notFound();
        }
        return vhost;
    }

    /// Those that the caller sees.
    List<VhostView> vhosts() {
        TopologyView view = view();
        return view.vhosts().stream().filter(vhost -> caller.sees(view, vhost.name())).toList();
    }

    /// All of them, or the one that the path names.
    List<VhostView> vhostsOfPath() throws RefusedException {
        return names.containsKey(Route.VHOST) ? List.of(vhost()) : vhosts();
    }

    /// A parameter of the query, decoded; `null` if it is absent.
    @Nullable String query(String name) throws RefusedException {
        try {
            return http.getParam(name);
        } catch (IllegalArgumentException notPercentEncoded) {
            throw RefusedException.bad("the query cannot be decoded");
        }
    }

    boolean flag(String name) throws RefusedException {
        return "true".equals(query(name));
    }

    void needs(Operation operation, String resource) throws RefusedException {
        caller.needs(view(), name(Route.VHOST), operation, resource);
    }

    void answer(int status, Object value) {
        Json.answer(http, status, value);
    }

    /// A list, with the parameters that lists take.
    void list(List<Map<String, @Nullable Object>> items) throws RefusedException {
        answer(200, Listing.of(items, this::query));
    }

    /// One item, of which `columns` may take a part.
    void item(Map<String, @Nullable Object> item) throws RefusedException {
        answer(200, Listing.columns(List.of(item), this::query).getFirst());
    }

    void empty(int status) {
        if (!http.response().ended() && !http.response().closed()) {
            http.response()
                    .setStatusCode(status)
                    .putHeader("Content-Security-Policy", "default-src 'none'")
                    .end();
        }
    }

    void refuse(RefusedException refused) {
        Json.error(http, refused.status(), refused.error(), refused.reason());
    }

    void body(int maxBytes, Step<Body> then) {
        Bodies.read(http, maxBytes, bytes -> run(() -> then.take(Body.parse(bytes))));
    }

    /// Where sessions of this request live.
    Executor loop() {
        Context loop = Vertx.currentContext();
        return task -> loop.runOnContext(ignored -> task.run());
    }

    /// A consumer that any thread may call; what it is given is handled on this request's event loop.
    <T> Consumer<T> onLoop(Step<T> then) {
        Executor loop = loop();
        return value -> loop.execute(() -> run(() -> then.take(value)));
    }

    private interface Work {
        void run() throws RefusedException;
    }

    private void run(Work work) {
        try {
            work.run();
        } catch (RefusedException refused) {
            refuse(refused);
        } catch (RuntimeException broken) {
            RabbitCalls.broken(http, broken);
        }
    }

    /// Runs what does not throw but for refusals, for callbacks of sessions.
    <T> Consumer<T> here(Step<T> then) {
        return value -> run(() -> then.take(value));
    }

    /// Changes the topology; `then` runs if it is done, and a refusal is answered.
    void change(TopologyChange change, Step<TopologyOutcome.Done> then) {
        await(
                services.messaging().topology().change(change),
                outcome -> then.take(Outcomes.done(outcome)));
    }

    <T> void await(CompletableFuture<T> future, Step<T> then) {
        Executor loop = loop();
        future.whenComplete(
                (value, failed) ->
                        loop.execute(
                                () -> {
                                    if (failed != null) {
                                        RabbitCalls.broken(http, failed);
                                    } else {
                                        run(() -> then.take(value));
                                    }
                                }));
    }
}
