package io.mainstay.head.eureka;

import io.mainstay.registry.api.Instance;
import io.mainstay.registry.api.InstanceKey;
import io.mainstay.registry.api.InstanceStatus;
import io.mainstay.registry.api.Registration;
import io.mainstay.registry.api.Registry;
import io.mainstay.registry.api.ServiceView;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/// Compares a peer's registry with ours, at the start and whenever the peer was away: what it has and we do not becomes a copy here, what is
/// registered here and missing or older there goes to its outbox.
///
/// A full fetch may be half a minute old (a Spring Eureka server caches it). So nothing here is ended because of it: an instance that left the
/// peer meanwhile gets no beats, and its lease ends. Overrides, which no lease ends, are asked for again, one by one where they differ.
final class PeerSync {
    private static final Logger LOG = LoggerFactory.getLogger(PeerSync.class);

    /// @param there instances of the peer; `taken` of them were new or newer for us
    /// @param owed of our own instances are missing or older there
    record Outcome(int there, int taken, int owed) {}

    private final Registry inward;
    private final String namespace;
    private final PeerClient client;
    private final PeerOutbox outbox;

    PeerSync(Registry inward, String namespace, PeerClient client, PeerOutbox outbox) {
        this.inward = inward;
        this.namespace = namespace;
        this.client = client;
        this.outbox = outbox;
    }

    Outcome run() throws IOException, InterruptedException, BadInputException {
        PeerClient.Answer answer = client.get("apps/");
        if (answer.status() != 200) {
            throw new IOException("HTTP status " + answer.status() + " for a full fetch");
        }
        List<InstanceDocument> documents = PeerJson.applications(answer.body());
        outbox.cancelWhatIsGone(key -> inward.instance(key).isPresent());
        Set<InstanceKey> there = new HashSet<>();
        int taken = 0;
        int owed = 0;
        for (InstanceDocument document : documents) {
            try {
                Registration theirs = copy(document);
                there.add(theirs.key());
                Instance ours = inward.instance(theirs.key()).orElse(null);
                if (takes(ours, theirs)) {
                    taken++;
                    inward.register(theirs, outcome -> {});
                } else if (ours != null) {
                    owed += compared(ours, theirs) ? 1 : 0;
                }
            } catch (BadInputException bad) {
                LOG.info("An instance of a peer cannot be taken: {}", bad.getMessage());
            }
        }
        return new Outcome(there.size(), taken, owed + missing(there));
    }

    /// What the peer sent as newer than ours.
    void adopt(InstanceDocument document) throws BadInputException {
        Registration theirs = copy(document);
        Instance ours = inward.instance(theirs.key()).orElse(null);
        InstanceStatus override = theirs.override();
        if (override != null && ours != null && ours.override() != override) {
            inward.override(theirs.key(), override, outcome -> {});
        }
        inward.register(theirs, outcome -> {});
    }

    private Registration copy(InstanceDocument document) throws BadInputException {
        String app = Objects.requireNonNullElse(document.text("app"), "").toUpperCase(Locale.ROOT);
        return RegistrationMapping.registration(document, namespace, Names.checked(app), true);
    }

    private boolean takes(@Nullable Instance ours, Registration theirs) {
        if (ours != null) {
            return theirs.ownerStampMs() > ours.ownerStampMs();
        }
        PeerOutbox.Entry waiting = outbox.peek(theirs.key());
        // It was cancelled here while the peer was away, unless it began anew there.
        return waiting == null
                || !waiting.has(PeerOutbox.CANCEL)
                || theirs.ownerStampMs() > waiting.stampMs();
    }

    /// Both have it. Returns whether the peer is to be told of it.
    private boolean compared(Instance ours, Registration theirs)
            throws IOException, InterruptedException, BadInputException {
        boolean own = RegistrationMapping.isOwn(ours);
        if (own) {
            outbox.told(ours);
        }
        if (ours.override() != theirs.override()) {
            alignOverride(ours, own);
        }
        boolean older = own && theirs.ownerStampMs() < ours.ownerStampMs();
        if (older) {
            outbox.add(ours.key(), PeerOutbox.REGISTER, 0);
        }
        return older;
    }

    /// An override set here while the peer was away goes there. Else the peer's wins for its own instances, and for ours one that is set
    /// anywhere: what was drained stays drained.
    private void alignOverride(Instance ours, boolean own)
            throws IOException, InterruptedException, BadInputException {
        PeerOutbox.Entry waiting = outbox.peek(ours.key());
        if (waiting != null && waiting.has(PeerOutbox.STATUS)) {
            return;
        }
        String path =
                "apps/%s/%s"
                        .formatted(
                                PercentCoding.encoded(ours.key().service()),
                                PercentCoding.encoded(ours.key().instanceId()));
        PeerClient.Answer answer = client.get(path);
        if (answer.status() != 200) {
            return;
        }
        InstanceDocument document = JsonReader.instance(answer.body());
        InstanceStatus theirs = RegistrationMapping.override(document);
        if (theirs == ours.override()) {
            return;
        }
        if (own && ours.override() != null) {
            outbox.add(ours.key(), PeerOutbox.STATUS, 0);
        } else if (theirs != null) {
            inward.override(ours.key(), theirs, outcome -> {});
        } else {
            InstanceStatus status =
                    RegistrationMapping.status(document.text("status"), InstanceStatus.UNKNOWN);
            inward.clearOverride(ours.key(), status, outcome -> {});
        }
    }

    private int missing(Set<InstanceKey> there) {
        int missing = 0;
        for (ServiceView service : inward.view(namespace).services().values()) {
            for (Instance instance : service.instances()) {
                if (RegistrationMapping.isOwn(instance) && !there.contains(instance.key())) {
                    outbox.add(instance.key(), PeerOutbox.REGISTER, 0);
                    missing++;
                }
            }
        }
        return missing;
    }
}
