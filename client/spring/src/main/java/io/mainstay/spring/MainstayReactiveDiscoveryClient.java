package io.mainstay.spring;

import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.ReactiveDiscoveryClient;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/// Discovery for code that must not block.
public final class MainstayReactiveDiscoveryClient implements ReactiveDiscoveryClient {
    private final ServiceViews views;
    private final ServiceCatalog catalog;
    private final int order;

    MainstayReactiveDiscoveryClient(ServiceViews views, ServiceCatalog catalog, int order) {
        this.views = views;
        this.catalog = catalog;
        this.order = order;
    }

    @Override
    public String description() {
        return "Mainstay reactive discovery client";
    }

    @Override
    public Flux<ServiceInstance> getInstances(String serviceId) {
        return Flux.defer(() -> views.changes(serviceId)).next().flatMapIterable(list -> list);
    }

    @Override
    public Flux<String> getServices() {
        return Mono.fromCallable(catalog::names)
                .subscribeOn(Schedulers.boundedElastic())
                .flatMapIterable(names -> names);
    }

    @Override
    public int getOrder() {
        return order;
    }
}
