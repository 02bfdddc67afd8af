package io.mainstay.head.eureka;

import io.mainstay.platform.Clock;
import io.mainstay.registry.api.InstanceKey;
import io.mainstay.registry.api.RegistryView;

import java.util.concurrent.ConcurrentHashMap;

/// The caches of all namespaces. Those of `default` stay; another namespace has some from its first read, while there is something
/// in it, until nobody has read it for a minute. Thread-safe.
final class NamespaceCaches {

    /// Namespaces besides `default` with caches: twice as many as the registry has by default at one time. Who comes after that is
    /// answered from caches that are thrown away, which costs time and no memory.
    static final int MAX_NAMESPACES = 512;

    private final Clock clock;
    private final FormCaches usual;
    private final ConcurrentHashMap<String, FormCaches> others = new ConcurrentHashMap<>();

    NamespaceCaches(Clock clock) {
        this.clock = clock;
        this.usual = new FormCaches(clock);
    }

    /// The cache for a document that is built from `view`.
    FormCache of(RegistryView view, Form form) {
        String namespace = view.namespace();
        if (namespace.equals(InstanceKey.DEFAULT_NAMESPACE)) {
            return usual.of(form);
        }
        FormCaches present = others.get(namespace);
        if (present == null) {
            // A name that somebody asks for is no reason to remember it.
            boolean empty = view.services().isEmpty() && view.recent().isEmpty();
            present =
                    empty || others.size() >= MAX_NAMESPACES
                            ? new FormCaches(clock)
                            : others.computeIfAbsent(namespace, _ -> new FormCaches(clock));
        }
        return present.of(form);
    }

    /// How many namespaces besides `default` have caches.
    int size() {
        return others.size();
    }

    /// Called now and then.
    void dropUnread() {
        usual.dropUnread();
        // Who has just looked one up goes on with it, and the next read makes another.
        others.values().removeIf(FormCaches::dropUnread);
    }
}
