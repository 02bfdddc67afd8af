package io.mainstay.spring;

import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;

import reactor.core.publisher.Flux;

import java.util.List;

/// What Spring Cloud LoadBalancer chooses from: the list that the node pushed last. No cache stands between, so an instance
/// that is gone is not chosen for another 35 s, as with the stock supplier.
public final class MainstayServiceInstanceListSupplier implements ServiceInstanceListSupplier {
    private final String serviceId;
    private final ServiceViews views;

    MainstayServiceInstanceListSupplier(String serviceId, ServiceViews views) {
        this.serviceId = serviceId;
        this.views = views;
    }

    @Override
    public String getServiceId() {
        return serviceId;
    }

    @Override
    public Flux<List<ServiceInstance>> get() {
        return Flux.defer(() -> views.changes(serviceId));
    }
}
