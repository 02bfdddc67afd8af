package io.mainstay.head.http;

import io.mainstay.head.web.Principal;
import io.mainstay.registry.api.Registry;
import io.mainstay.registry.api.RegistryView;
import io.mainstay.registry.api.RegistryView.Change;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiPredicate;
import java.util.function.BooleanSupplier;

/// Changes of a namespace as server-sent events: `change` for each, with the instance as it is after it. A slow client holds one view,
/// never a queue: what it missed within the delta window comes merged, one change for each instance.
final class EventStreams {

    static final int MAX_STREAMS = 256;

    private final Registry registry;
    private final BiPredicate<Principal, String> allowed;
    private final AtomicInteger open = new AtomicInteger();

    /// @param allowed whether somebody may see a namespace; asked again before each change is told
    EventStreams(Registry registry, BiPredicate<Principal, String> allowed) {
        this.registry = registry;
        this.allowed = allowed;
    }

    void open(AdminRequest request, String namespace) {
        if (open.incrementAndGet() > MAX_STREAMS) {
            open.decrementAndGet();
            request.error(
                    503, "streams", "too many event streams are open", "at most " + MAX_STREAMS);
            return;
        }
        HttpServerResponse response = request.http().response();
        response.setChunked(true)
                .putHeader("Content-Type", "text/event-stream")
                .putHeader("Cache-Control", "no-store");
        Stream stream =
                new Stream(
                        response,
                        () -> allowed.test(request.principal(), namespace),
                        registry.view(namespace).sequence());
        response.write("retry: 1000\n\n");
        var subscription = registry.subscribe(namespace, stream::offer);
        response.drainHandler(ignored -> stream.send());
        response.closeHandler(
                ignored -> {
                    open.decrementAndGet();
                    subscription.close();
                });
    }

    /// One client. `offer` may be called on any thread; the rest runs on the connection's event loop.
    private static final class Stream {
        private final HttpServerResponse response;
        private final BooleanSupplier allowed;
        private final Context loop;
        private final AtomicReference<@Nullable RegistryView> latest = new AtomicReference<>();
        private long sent;

        Stream(HttpServerResponse response, BooleanSupplier allowed, long from) {
            this.response = response;
            this.allowed = allowed;
            this.loop = Vertx.currentContext();
            this.sent = from;
        }

        void offer(RegistryView view) {
            if (latest.getAndSet(view) == null) {
                loop.runOnContext(ignored -> send());
            }
        }

        void send() {
            if (response.closed() || response.writeQueueFull()) {
                return;
            }
            if (!allowed.getAsBoolean()) {
                response.end();
                return;
            }
            RegistryView view = latest.getAndSet(null);
            if (view == null || view.sequence() <= sent) {
                return;
            }
            for (Change change : view.recent()) {
                if (change.sequence() > sent) {
                    response.write("event: change\ndata: " + Json.text(fields(change)) + "\n\n");
                }
            }
            sent = view.sequence();
        }

        private static Map<String, Object> fields(Change change) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("kind", change.kind().name());
            fields.put("sequence", change.sequence());
            fields.put("atMs", change.atMs());
            fields.put("instance", Json.instance(change.instance(), null));
            return fields;
        }
    }
}
