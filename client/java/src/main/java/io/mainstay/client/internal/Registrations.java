package io.mainstay.client.internal;

import io.mainstay.client.Instance;
import io.mainstay.client.InstanceStatus;
import io.mainstay.client.RefusedException;
import io.mainstay.client.Registration;
import io.mainstay.registry.v1.Cancel;
import io.mainstay.registry.v1.ClientFrame;
import io.mainstay.registry.v1.Drain;
import io.mainstay.registry.v1.Lost;
import io.mainstay.registry.v1.Register;
import io.mainstay.registry.v1.Result;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/// What this process wants registered, and how far the node is with it.
///
/// The wish is kept until it is cancelled; what the node has of it is forgotten with the session. What cannot be taken is not sent again before
/// it changes; what failed for a while is.
final class Registrations {
    private static final Logger LOG = LoggerFactory.getLogger(Registrations.class);

    private static final long RETRY_MS = 1_000;

    /// A limit may be no more when others have gone.
    private static final long LIMIT_RETRY_MS = 30_000;

    /// What a node reads as one frame.
    private static final int MAX_FRAME_BYTES = 512 << 10;

    private static final String CLOSED = "The client was closed.";

    private final Loop loop;
    private final Consumer<ClientFrame> sender;
    private final Map<Key, Wish> wishes = new HashMap<>();
    private final Map<Long, Wish> asked = new HashMap<>();
    private final Map<Long, CompletableFuture<Void>> drains = new HashMap<>();
    private long requests;
    private boolean connected;
    private volatile boolean closed;

    record Key(String service, String instanceId) {}

    /// @param sender of frames; drops them while there is no connection
    Registrations(Loop loop, Consumer<ClientFrame> sender) {
        this.loop = loop;
        this.sender = sender;
    }

    /// Any thread.
    Registration register(Instance instance) {
        Wish wish = new Wish(instance);
        if (closed) {
            wish.refuse(CLOSED);
        }
        loop.execute(
                () -> {
                    if (closed) {
                        return;
                    }
                    Wish before = wishes.put(wish.key, wish);
                    if (before != null) {
                        before.replaced();
                    }
                    wish.ask();
                });
        return wish;
    }

    /// @param resumed the node still has what it acknowledged in this session
    void connected(boolean resumed) {
        connected = true;
        asked.clear();
        for (Wish wish : List.copyOf(wishes.values())) {
            if (!resumed || !wish.settled) {
                wish.ask();
            }
        }
    }

    void disconnected() {
        connected = false;
        asked.clear();
        List<CompletableFuture<Void>> waiting = List.copyOf(drains.values());
        drains.clear();
        waiting.forEach(
                drain ->
                        drain.completeExceptionally(
                                new RefusedException("The connection was lost meanwhile.")));
    }

    /// Nobody waits for what will not be said any more.
    void close() {
        closed = true;
        disconnected();
        List<Wish> left = List.copyOf(wishes.values());
        wishes.clear();
        left.forEach(wish -> wish.refuse(CLOSED));
    }

    boolean isEmpty() {
        return wishes.isEmpty();
    }

    /// Takes everything out of traffic until the connection ends.
    void drain(CompletableFuture<Void> done) {
        if (!connected) {
            done.completeExceptionally(new RefusedException("No node is connected."));
            return;
        }
        wishes.values().forEach(wish -> wish.drained = true);
        long request = ++requests;
        drains.put(request, done);
        sender.accept(
                ClientFrame.newBuilder()
                        .setDrain(Drain.newBuilder().setRequestId(request))
                        .build());
    }

    void result(Result result) {
        CompletableFuture<Void> drained = drains.remove(result.getRequestId());
        if (drained != null) {
            drained.complete(null);
            return;
        }
        Wish wish = asked.remove(result.getRequestId());
        if (wish != null && wish.request == result.getRequestId()) {
            wish.answered(result);
        }
    }

    void lost(Lost lost) {
        for (Lost.Key key : lost.getInstancesList()) {
            Wish wish =
                    wishes.get(
                            new Key(
                                    key.getService().toLowerCase(java.util.Locale.ROOT),
                                    key.getInstanceId()));
            if (wish != null && !wish.gone) {
                LOG.info(
                        "The lease of {}/{} was over; it is registered again",
                        key.getService(),
                        key.getInstanceId());
                wish.ask();
            }
        }
    }

    /// One instance: wanted as `instance`, or wanted to be gone.
    private final class Wish implements Registration {
        private final Key key;

        // What callers want, at once; changed under the lock of this.
        private volatile Instance instance;
        private volatile CompletableFuture<Void> acknowledged = new CompletableFuture<>();

        // What the loop has taken of it.
        private Instance sought;
        private CompletableFuture<Void> promise = acknowledged;
        private volatile boolean settled;
        private volatile boolean refused;
        private volatile boolean gone;

        /// Out of traffic until it is changed, also on another stream.
        private boolean drained;

        private long request;

        Wish(Instance instance) {
            this.instance = instance;
            this.sought = instance;
            this.key = new Key(instance.service(), instance.instanceId());
        }

        /// Asks for what is wanted now.
        void ask() {
            settled = false;
            if (!connected) {
                return;
            }
            request = ++requests;
            ClientFrame.Builder frame = ClientFrame.newBuilder();
            if (gone) {
                frame.setCancel(
                        Cancel.newBuilder()
                                .setRequestId(request)
                                .setService(Wire.service(key.service()))
                                .setInstanceId(key.instanceId()));
            } else {
                frame.setRegister(
                        Register.newBuilder()
                                .setRequestId(request)
                                .setInstance(
                                        Wire.instance(
                                                drained
                                                        ? sought.withStatus(
                                                                InstanceStatus.OUT_OF_SERVICE)
                                                        : sought)));
            }
            ClientFrame whole = frame.build();
            if (whole.getSerializedSize() > MAX_FRAME_BYTES) {
                // The node would end the stream, and all other registrations with it.
                refuse(
                        "It has %d bytes, a node takes %d."
                                .formatted(whole.getSerializedSize(), MAX_FRAME_BYTES));
                return;
            }
            asked.put(request, this);
            sender.accept(whole);
        }

        void answered(Result result) {
            switch (result.getCode()) {
                case DONE, NOT_FOUND -> {
                    refused = false;
                    settled = true;
                    if (gone) {
                        wishes.remove(key, this);
                    }
                    promise.complete(null);
                }
                case INVALID, LIMIT -> {
                    refused = true;
                    settled = true;
                    LOG.warn(
                            "{}/{} is not registered: {}",
                            key.service(),
                            key.instanceId(),
                            result.getMessage());
                    promise.completeExceptionally(new RefusedException(result.getMessage()));
                    if (result.getCode() == Result.Code.LIMIT) {
                        again(LIMIT_RETRY_MS);
                    }
                }
                case UNAVAILABLE, UNKNOWN, CODE_UNSPECIFIED, UNRECOGNIZED -> {
                    again(RETRY_MS / 2 + (long) (loop.random() * RETRY_MS));
                }
            }
        }

        /// Asks once more if nothing else was asked meanwhile.
        private void again(long inMs) {
            long last = request;
            loop.schedule(
                    inMs,
                    () -> {
                        if (request == last && wishes.get(key) == this) {
                            ask();
                        }
                    });
        }

        void replaced() {
            refuse("The same instance was registered once more.");
        }

        void refuse(String why) {
            settled = true;
            refused = true;
            request = 0;
            promise.completeExceptionally(new RefusedException(why));
        }

        /// Callers see the change at once, so that the next one builds on it. Guarded by this.
        private CompletableFuture<Void> change(Runnable change) {
            CompletableFuture<Void> done = new CompletableFuture<>();
            acknowledged = done;
            if (closed) {
                done.completeExceptionally(new RefusedException(CLOSED));
                return done;
            }
            loop.execute(
                    () -> {
                        if (wishes.get(key) != this) {
                            done.completeExceptionally(
                                    new RefusedException("The registration was cancelled."));
                            return;
                        }
                        CompletableFuture<Void> before = promise;
                        promise = done;
                        // Who waits for the wish that this one replaces is answered by this one.
                        done.whenComplete(
                                (ok, e) -> {
                                    if (e == null) {
                                        before.complete(null);
                                    } else {
                                        before.completeExceptionally(e);
                                    }
                                });
                        drained = false;
                        change.run();
                        ask();
                    });
            return done;
        }

        @Override
        public Instance instance() {
            return instance;
        }

        @Override
        public synchronized CompletableFuture<Void> status(InstanceStatus status) {
            return update(instance.withStatus(status));
        }

        @Override
        public synchronized CompletableFuture<Void> update(Instance other) {
            if (!other.service().equals(key.service())
                    || !other.instanceId().equals(key.instanceId())) {
                throw new IllegalArgumentException(
                        "An update keeps service and instance id (%s/%s); register the other one."
                                .formatted(key.service(), key.instanceId()));
            }
            instance = other;
            return change(
                    () -> {
                        gone = false;
                        sought = other;
                    });
        }

        @Override
        public CompletableFuture<Void> acknowledged() {
            return acknowledged.copy();
        }

        @Override
        public boolean registered() {
            return settled && !gone && !refused && acknowledged.isDone();
        }

        @Override
        public synchronized CompletableFuture<Void> cancel() {
            return change(() -> gone = true);
        }

        @Override
        public void close() {
            cancel();
        }
    }

    /// What is wanted now, for tests and people.
    List<Instance> wanted() {
        List<Instance> all = new ArrayList<>();
        wishes.values().stream().filter(wish -> !wish.gone).forEach(w -> all.add(w.sought));
        return all;
    }
}
