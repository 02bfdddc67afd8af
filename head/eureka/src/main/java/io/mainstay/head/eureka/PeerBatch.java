package io.mainstay.head.eureka;

import io.mainstay.head.eureka.Envelope.Part;
import io.mainstay.registry.api.ChangeOutcome;
import io.mainstay.registry.api.Instance;
import io.mainstay.registry.api.InstanceKey;
import io.mainstay.registry.api.InstanceStatus;
import io.mainstay.registry.api.Registry;
import io.mainstay.registry.api.RegistryView.Kind;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// `POST peerreplication/batch/`: what an existing Eureka server replicates to its peers. The answer has one status for each item, in order.
///
/// Items are carried out one after the other, because a batch may register and cancel the same instance. A bad item gets its own 400 and harms
/// no other. On the connection's event loop.
final class PeerBatch {

    /// What has come of one item. `conflict`: the registration that is newer than the peer's beat, encoded; else empty.
    private record ItemAnswer(int status, byte[] conflict) {}

    private static final byte[] NONE = new byte[0];

    private final Registry registry;
    private final EurekaChanges changes;
    private final String namespace;
    private final HttpServerRequest request;
    private final List<ReplicationItem> items;
    private final Context loop;
    private final ItemAnswer[] answers;

    private PeerBatch(
            Registry registry,
            EurekaChanges changes,
            String namespace,
            HttpServerRequest request,
            List<ReplicationItem> items) {
        this.registry = registry;
        this.changes = changes;
        this.namespace = namespace;
        this.request = request;
        this.items = items;
        this.loop = Vertx.currentContext();
        this.answers = new ItemAnswer[items.size()];
    }

    static void run(
            Registry registry,
            EurekaChanges changes,
            String namespace,
            HttpServerRequest request,
            byte[] body)
            throws BadInputException {
        new PeerBatch(registry, changes, namespace, request, JsonReader.batch(body)).from(0);
    }

    /// Carries out the items from `first` on. Beats are answered at once; a change continues on this loop when its outcome is there.
    private void from(int first) {
        for (int i = first; i < answers.length; i++) {
            int at = i;
            try {
                ItemAnswer done = carryOut(items.get(i), at);
                if (done == null) {
                    return;
                }
                answers[i] = done;
            } catch (BadInputException bad) {
                answers[i] = new ItemAnswer(400, NONE);
            }
        }
        reply();
    }

    /// `null` if the outcome comes later.
    private @Nullable ItemAnswer carryOut(ReplicationItem item, int at) throws BadInputException {
        String app = Names.checked(item.text("appName")).toUpperCase(Locale.ROOT);
        InstanceKey key = new InstanceKey(namespace, app, Names.checked(item.text("id")));
        switch (item.text("action")) {
            case "Heartbeat" -> {
                return beat(key, item);
            }
            case "Register" -> {
                InstanceDocument document = item.instance();
                if (document == null) {
                    throw new BadInputException("Register without instanceInfo");
                }
                registry.register(
                        RegistrationMapping.registration(document, namespace, app, true),
                        outcome -> later(at, outcome));
            }
            case "Cancel" -> registry.cancel(key, outcome -> later(at, outcome));
            case "StatusUpdate" -> {
                InstanceStatus status = EurekaChanges.exact(item.text("status"));
                if (status == null) {
                    return new ItemAnswer(500, NONE);
                }
                registry.override(key, status, outcome -> later(at, outcome));
            }
            case "DeleteStatusOverride" -> {
                InstanceStatus status = EurekaChanges.exact(item.text("status"));
                registry.clearOverride(
                        key,
                        status == null ? InstanceStatus.UNKNOWN : status,
                        outcome -> later(at, outcome));
            }
            default -> throw new BadInputException("Unknown action");
        }
        return null;
    }

    /// 404: the peer sends the registration. 409: ours is newer, the peer takes it over.
    private ItemAnswer beat(InstanceKey key, ReplicationItem item) {
        long stamp = EurekaChanges.stamp(item.text("lastDirtyTimestamp"));
        Optional<Instance> newer = changes.newer(key, stamp);
        int status = changes.renew(registry, key, stamp);
        if (status == 404) {
            takeOverride(key, stamp, item);
        }
        if (status != 200 || newer.isEmpty()) {
            return new ItemAnswer(status, NONE);
        }
        Part part = new Part(Form.JSON.encode(newer.get()), Kind.ADDED);
        Buffer entity = Buffer.buffer(part.encoded()).appendBytes(Form.JSON.tail(part.kind()));
        return new ItemAnswer(409, entity.getBytes());
    }

    /// The peer's registration is newer and follows; its override goes before ours at once, as at Netflix's server.
    private void takeOverride(InstanceKey key, long stamp, ReplicationItem item) {
        InstanceStatus theirs = EurekaChanges.exact(item.text("overriddenStatus"));
        Optional<Instance> ours = registry.instance(key);
        if (theirs != null
                && theirs != InstanceStatus.UNKNOWN
                && ours.isPresent()
                && ours.get().ownerStampMs() < stamp
                && ours.get().override() != theirs) {
            registry.override(key, theirs, outcome -> {});
        }
    }

    private void later(int at, ChangeOutcome outcome) {
        loop.runOnContext(
                ignored -> {
                    answers[at] = new ItemAnswer(EurekaAnswers.status(outcome, 200), NONE);
                    from(at + 1);
                });
    }

    private void reply() {
        Buffer json = Buffer.buffer("{\"responseList\":[");
        for (int i = 0; i < answers.length; i++) {
            json.appendString(i == 0 ? "{\"statusCode\":" : ",{\"statusCode\":");
            json.appendString(Integer.toString(answers[i].status));
            if (answers[i].conflict.length > 0) {
                json.appendString(",\"responseEntity\":").appendBytes(answers[i].conflict);
            }
            json.appendString("}");
        }
        json.appendString("]}");
        var response = request.response();
        if (!response.ended()) {
            response.putHeader(HttpHeaders.CONTENT_TYPE, Form.JSON.contentType).end(json);
        }
    }
}
