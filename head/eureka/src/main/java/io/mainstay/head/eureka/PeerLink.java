package io.mainstay.head.eureka;

import io.mainstay.platform.Platform;
import io.mainstay.registry.api.Instance;
import io.mainstay.registry.api.InstanceKey;
import io.mainstay.registry.api.Registry;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The way to one peer: compares registries when the peer comes (back), then sends what its outbox holds, in batches.
///
/// Everything happens in [#turn()], called on one thread. A peer that fails is tried again after one second, then after twice as long each time
/// up to five seconds: what registers here is unknown there until then, and one call in five seconds costs nobody anything.
final class PeerLink {
    private static final Logger LOG = LoggerFactory.getLogger(PeerLink.class);

    /// Of one batch; each gives two items at most, and a Eureka server sends 250 items.
    private static final int BATCH_INSTANCES = 125;

    private static final long FIRST_DELAY_MS = 1_000;
    private static final long LONGEST_DELAY_MS = 5_000;
    private static final int TURNS_BETWEEN_LOOKS = 10;

    private final PeerUrl url;
    private final Platform platform;
    private final Registry inward;
    private final PeerClient client;
    private final PeerOutbox outbox;
    private final PeerSync sync;
    private volatile boolean linked;
    private int failures;
    private long nextTryNanos;
    private int turns;

    PeerLink(
            PeerUrl url,
            Platform platform,
            Registry inward,
            String namespace,
            PeerClient client,
            PeerOutbox outbox) {
        this.url = url;
        this.platform = platform;
        this.inward = inward;
        this.client = client;
        this.outbox = outbox;
        this.sync = new PeerSync(inward, namespace, client, outbox);
        this.nextTryNanos = platform.clock().nanoTime();
    }

    /// Whether both registries were compared and nothing failed since.
    boolean linked() {
        return linked;
    }

    void turn() {
        if (!linked && platform.clock().nanoTime() - nextTryNanos < 0) {
            return;
        }
        try {
            if (!linked) {
                PeerSync.Outcome found = sync.run();
                LOG.info(
                        "The Eureka server {} has {} instances, {} of them new here; {} of ours are told to it",
                        url,
                        found.there(),
                        found.taken(),
                        found.owed());
                linked = true;
                failures = 0;
            }
            if (turns++ % TURNS_BETWEEN_LOOKS == 0) {
                outbox.cancelWhatIsGone(key -> inward.instance(key).isPresent());
            }
            send();
        } catch (IOException | BadInputException failed) {
            away(failed);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    private void away(Exception failed) {
        if (failures == 0) {
            LOG.warn(
                    "The Eureka server {} does not take what changes here and is tried again: {}",
                    url,
                    failed.getMessage());
        }
        linked = false;
        long delayMs = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS << Math.min(failures, 10));
        delayMs += platform.random().nextLong(delayMs / 4);
        failures++;
        nextTryNanos = platform.clock().nanoTime() + TimeUnit.MILLISECONDS.toNanos(delayMs);
    }

    private void send() throws IOException, InterruptedException, BadInputException {
        List<InstanceKey> keys = outbox.keys();
        for (int from = 0; from < keys.size(); from += BATCH_INSTANCES) {
            int to = Math.min(keys.size(), from + BATCH_INSTANCES);
            List<PeerItem> items = new ArrayList<>();
            for (InstanceKey key : keys.subList(from, to)) {
                PeerOutbox.Entry entry = outbox.take(key);
                if (entry != null) {
                    items.addAll(PeerItem.of(key, inward.instance(key).orElse(null), entry));
                }
            }
            if (!items.isEmpty()) {
                send(items);
            }
        }
    }

    private void send(List<PeerItem> items)
            throws IOException, InterruptedException, BadInputException {
        boolean answered = false;
        try {
            PeerClient.Answer answer = client.post("peerreplication/batch/", PeerJson.batch(items));
            if (answer.status() != 200) {
                throw new IOException("HTTP status " + answer.status() + " for a batch");
            }
            List<PeerJson.ItemAnswer> answers = PeerJson.answers(answer.body());
            if (answers.size() != items.size()) {
                throw new IOException(
                        "%d answers to %d items".formatted(answers.size(), items.size()));
            }
            answered = true;
            for (int i = 0; i < items.size(); i++) {
                answered(items.get(i), answers.get(i));
            }
        } finally {
            if (!answered) {
                items.forEach(item -> outbox.putBack(item.key(), item.entry()));
            }
        }
    }

    private void answered(PeerItem item, PeerJson.ItemAnswer answer) {
        Instance instance = item.instance();
        if (instance == null) {
            if (answer.status() < 300 || answer.status() == 404) {
                outbox.untold(item.key());
            }
        } else if (answer.status() < 300) {
            if (RegistrationMapping.isOwn(instance)) {
                outbox.told(instance);
            }
        } else if (answer.status() == 404) {
            if (!item.entry().has(PeerOutbox.REGISTER)) {
                outbox.add(item.key(), PeerOutbox.REGISTER, 0);
            }
        } else if (answer.entity() != null) {
            try {
                sync.adopt(answer.entity());
            } catch (BadInputException bad) {
                LOG.info("{} sent {} that cannot be taken: {}", url, item.key(), bad.getMessage());
            }
        } else if (answer.status() == 503) {
            outbox.putBack(item.key(), item.entry());
        } else {
            LOG.info(
                    "{} answered {} to a {} of {}",
                    url,
                    answer.status(),
                    item.action(),
                    item.key());
        }
    }
}
