package io.mainstay.head.eureka;

import io.mainstay.head.eureka.Envelope.Part;
import io.mainstay.head.web.Answers;
import io.mainstay.registry.api.ChangeOutcome;
import io.mainstay.registry.api.Instance;
import io.mainstay.registry.api.InstanceKey;
import io.mainstay.registry.api.InstanceStatus;
import io.mainstay.registry.api.Registration;
import io.mainstay.registry.api.Registry;
import io.mainstay.registry.api.RegistryView.Kind;
import io.mainstay.registry.api.RenewOutcome;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

import org.jspecify.annotations.Nullable;

import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/// What clients tell: registrations, beats, cancellations, statuses, metadata. An answer of success means durable.
final class EurekaChanges {

    private final EurekaPeers peers;
    private final Registry registry;

    EurekaChanges(EurekaPeers peers) {
        this.peers = peers;
        this.registry = peers.outward();
    }

    /// What a peer sends by single calls is not told to peers, as what it sends in batches.
    private Registry registry(HttpServerRequest request, String namespace) {
        return isCopy(request, namespace) ? peers.inward() : registry;
    }

    /// Peers have to do with `default` only.
    private static boolean isCopy(HttpServerRequest request, String namespace) {
        return "true".equalsIgnoreCase(request.headers().get(PeerClient.REPLICATION_HEADER))
                && namespace.equals(InstanceKey.DEFAULT_NAMESPACE);
    }

    /// `POST apps/{app}`. Clients take nothing but 204 for success.
    void register(HttpServerRequest request, String namespace, String app, byte[] body)
            throws BadInputException {
        InstanceDocument document =
                isXml(request.headers().get(HttpHeaders.CONTENT_TYPE), body)
                        ? XmlReader.instance(body)
                        : JsonReader.instance(body);
        Registration registration =
                RegistrationMapping.registration(
                        document, namespace, app, isCopy(request, namespace));
        if (!isCopy(request, namespace)) {
            Instance held = registry.instance(registration.key()).orElse(null);
            registration = RegistrationMapping.afterHeld(registration, held);
        }
        registry(request, namespace).register(registration, answering(request, 204));
    }

    /// `PUT apps/{app}/{id}`: a beat. 404 makes the client register again at once; a peer whose registration is older than ours gets 409 and
    /// ours.
    void renew(HttpServerRequest request, InstanceKey key) throws BadInputException {
        long stamp = stamp(PercentCoding.first(request.query(), "lastDirtyTimestamp"));
        Optional<Instance> newer =
                isCopy(request, key.namespace()) ? newer(key, stamp) : Optional.empty();
        int status = renew(registry(request, key.namespace()), key, stamp);
        if (status == 200 && newer.isPresent()) {
            Form form = Form.wanted(request.headers());
            Part part = new Part(form.encode(newer.get()), Kind.ADDED);
            request.response().setStatusCode(409);
            EurekaAnswers.document(request, form, new Body(Envelope.instance(form, part)));
        } else {
            Answers.empty(request, status);
        }
    }

    /// The registration that is held if it is newer than the one that a peer's beat tells of.
    Optional<Instance> newer(InstanceKey key, long stamp) {
        return registry.instance(key).filter(ours -> stamp > 0 && ours.ownerStampMs() > stamp);
    }

    /// The status of a beat. As with Netflix's server an instance whose status nobody knows (its override was removed without a word on what it
    /// is now) must say it again.
    int renew(Registry registry, InstanceKey key, long stamp) {
        if (registry.renew(key, stamp) != RenewOutcome.RENEWED) {
            return 404;
        }
        Optional<Instance> instance = registry.instance(key);
        return instance.isPresent() && instance.get().status() == InstanceStatus.UNKNOWN
                ? 404
                : 200;
    }

    /// `DELETE apps/{app}/{id}`
    void cancel(HttpServerRequest request, InstanceKey key) {
        registry(request, key.namespace()).cancel(key, answering(request, 200));
    }

    /// `PUT apps/{app}/{id}/status?value=`; Netflix's server answers 500 to a word that it does not know, of an instance that it
    /// knows.
    void override(HttpServerRequest request, InstanceKey key) throws BadInputException {
        String value = PercentCoding.first(request.query(), "value");
        InstanceStatus status = exact(value);
        if (status == null) {
            Answers.empty(request, registry.instance(key).isPresent() ? 500 : 404);
        } else {
            registry(request, key.namespace()).override(key, status, answering(request, 200));
        }
    }

    /// `DELETE apps/{app}/{id}/status[?value=]`: without a value the status becomes UNKNOWN, and the client's next beat gets 404.
    void clearOverride(HttpServerRequest request, InstanceKey key) throws BadInputException {
        String value = PercentCoding.first(request.query(), "value");
        InstanceStatus status = value == null ? InstanceStatus.UNKNOWN : exact(value);
        if (status == null) {
            Answers.empty(request, registry.instance(key).isPresent() ? 500 : 404);
        } else {
            registry(request, key.namespace()).clearOverride(key, status, answering(request, 200));
        }
    }

    /// `PUT apps/{app}/{id}/metadata?key=value&…`
    void metadata(HttpServerRequest request, InstanceKey key) throws BadInputException {
        TreeMap<String, String> entries = PercentCoding.pairs(request.query());
        if (entries.isEmpty()) {
            Answers.empty(request, registry.instance(key).isPresent() ? 200 : 404);
        } else {
            registry(request, key.namespace()).putMetadata(key, entries, answering(request, 200));
        }
    }

    static long stamp(@Nullable String text) {
        if (text == null) {
            return 0;
        }
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException none) {
            // Clients send "null" where they have no stamp.
            return 0;
        }
    }

    static @Nullable InstanceStatus exact(@Nullable String word) {
        for (InstanceStatus status : InstanceStatus.values()) {
            if (status.name().equals(word)) {
                return status;
            }
        }
        return null;
    }

    /// Outcomes come on the registry's threads; answers are written on the connection's loop.
    private static Consumer<ChangeOutcome> answering(HttpServerRequest request, int done) {
        Context loop = Vertx.currentContext();
        return outcome ->
                loop.runOnContext(ignored -> EurekaAnswers.change(request, outcome, done));
    }

    private static boolean isXml(@Nullable String contentType, byte[] body) {
        if (contentType != null) {
            String type = contentType.toLowerCase(Locale.ROOT);
            if (type.contains("json") || type.contains("xml")) {
                return type.contains("xml");
            }
        }
        for (byte b : body) {
            if (!Character.isWhitespace(b)) {
                return b == '<';
            }
        }
        return false;
    }
}
