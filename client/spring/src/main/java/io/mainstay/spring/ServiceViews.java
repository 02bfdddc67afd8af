package io.mainstay.spring;

import io.mainstay.client.MainstayClient;
import io.mainstay.client.ServiceView;
import io.mainstay.client.Subscription;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cloud.client.ServiceInstance;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// One subscription for each service that the application has asked for, kept for as long as the application lives: from
/// the second question on an answer is a read of memory that the node keeps true. Thread-safe.
public final class ServiceViews implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceViews.class);

    private final MainstayClient client;
    private final Duration firstViewTimeout;
    private final Runnable whenChanged;
    private final Map<String, Watched> services = new ConcurrentHashMap<>();

    /// One service: what the node pushes, and a copy in Spring's types that is made once for each change.
    private record Watched(
            Subscription subscription, Sinks.Many<List<ServiceInstance>> instances) {}

    /// @param whenChanged after each change of any view, on the client's thread of callbacks
    ServiceViews(MainstayClient client, Duration firstViewTimeout, Runnable whenChanged) {
        this.client = client;
        this.firstViewTimeout = firstViewTimeout;
        this.whenChanged = whenChanged;
    }

    /// Instances that want traffic. The first call of a service waits until something is known of it.
    List<ServiceInstance> instances(String service) {
        Subscription subscription = watched(service).subscription();
        ServiceView view = subscription.view();
        if (!view.known()) {
            view = awaitKnown(subscription);
        }
        return convert(view);
    }

    /// The present list at once (the first time: as soon as something is known, or empty after the time-out), then every
    /// other one. Blocks nobody and does not end.
    Flux<List<ServiceInstance>> changes(String service) {
        Watched watched = watched(service);
        Flux<List<ServiceInstance>> all = watched.instances().asFlux();
        if (watched.subscription().view().known()) {
            return all;
        }
        return Flux.merge(
                all,
                Mono.fromCallable(() -> unknown(service))
                        .delaySubscription(firstViewTimeout)
                        .takeUntilOther(all.next()));
    }

    /// Done when something is known of the service, or after the time-out of a first view.
    Mono<Void> known(String service) {
        return watched(service).subscription().view().known()
                ? Mono.empty()
                : changes(service).next().then();
    }

    /// The present view, as the client has it.
    ServiceView view(String service) {
        return watched(service).subscription().view();
    }

    @Override
    public void close() {
        services.values().forEach(watched -> watched.subscription().close());
        services.clear();
    }

    private Watched watched(String service) {
        String name = service.toLowerCase(Locale.ROOT);
        Watched present = services.get(name);
        return present != null ? present : services.computeIfAbsent(name, this::watch);
    }

    private Watched watch(String service) {
        Sinks.Many<List<ServiceInstance>> sink = Sinks.many().replay().latest();
        Subscription subscription = client.subscribe(service);
        subscription.onChange(
                view -> {
                    if (view.known()) {
                        sink.tryEmitNext(convert(view));
                        whenChanged.run();
                    }
                });
        return new Watched(subscription, sink);
    }

    private ServiceView awaitKnown(Subscription subscription) {
        try {
            ServiceView view = subscription.awaitKnown(firstViewTimeout);
            if (!view.known()) {
                unknown(subscription.service());
            }
            return view;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return subscription.view();
        }
    }

    private List<ServiceInstance> unknown(String service) {
        LOG.warn(
                "Nothing is known of '{}' after {} ms: {}.",
                service,
                firstViewTimeout.toMillis(),
                client.state().connected()
                        ? "the node has not answered yet"
                        : "no node is connected (" + client.state().problem() + ")");
        return List.of();
    }

    private static List<ServiceInstance> convert(ServiceView view) {
        return view.up().stream().<ServiceInstance>map(MainstayServiceInstance::new).toList();
    }
}
